"""The small pieces of PostgreSQL's grammar that many statements share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.model import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planroom.model import SequenceOptions
    from planroom.sqltext import Expression

__all__ = [
    "aligned",
    "block",
    "column_list",
    "comment_on",
    "deferrability",
    "dollar_quoted",
    "enclosed",
    "literal",
    "options",
    "sequence_clauses",
    "storage_clause",
    "tablespace_clause",
    "words",
]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def literal(text: str) -> str:
    """Return a text as a string constant; backslashes mean themselves (standard_conforming_strings)."""
    return "'" + text.replace("'", "''") + "'"


def dollar_quoted(body: str) -> str:
    """Return a routine's body between dollar quotes that do not occur in it."""
    tag, number = "$$", 0
    while tag in body or body.endswith(tag[:-1]):
        tag, number = f"$body{number or ''}$", number + 1
    return f"{tag}{body}{tag}"


def words(*parts: str) -> str:
    """Return the parts that are not empty, separated by blanks."""
    return " ".join(part for part in parts if part)


def enclosed(expression: Expression) -> str:
    """Return an expression in parentheses; a line comment at its end must not swallow the closing one."""
    text = expression.text.strip()
    return f"({text}\n)" if "--" in text.rpartition("\n")[2] else f"({text})"


def column_list(names: Iterable[str]) -> str:
    """Return names as ``(a, b)``."""
    return "(" + ", ".join(quote_identifier(name) for name in names) + ")"


def options(pairs: Iterable[tuple[str, str]]) -> str:
    """Return storage parameters as ``(fillfactor = 70, toast.autovacuum_enabled = false)``."""
    return "(" + ", ".join(f"{_option_name(name)} = {_option_value(value)}" for name, value in pairs) + ")"


def _option_name(name: str) -> str:
    space, dot, rest = name.partition(".")
    return quote_identifier(space) + dot + (quote_identifier(rest) if dot else "")


def _option_value(value: str) -> str:
    plain = _NUMBER.fullmatch(value) or value in {"true", "false"} or quote_identifier(value) == value
    return value if plain else literal(value)


def storage_clause(pairs: Sequence[tuple[str, str]]) -> str:
    """Return ``WITH (...)``; empty for no parameters."""
    return f"WITH {options(pairs)}" if pairs else ""


def tablespace_clause(name: str, *, index: bool = False) -> str:
    """Return the clause that names a tablespace; empty for the default one."""
    return words("USING INDEX" if index else "", "TABLESPACE", quote_identifier(name)) if name else ""


def deferrability(deferrable: bool, initially_deferred: bool) -> str:
    """Return when a constraint is checked; empty for at once."""
    return words("DEFERRABLE" if deferrable else "", "INITIALLY DEFERRED" if initially_deferred else "")


def comment_on(what: str, text: str) -> list[str]:
    """Return the statement that comments on an object, if there is a comment."""
    return [f"COMMENT ON {what} IS {literal(text)};"] if text else []


def sequence_clauses(options: SequenceOptions) -> str:
    """Return how a sequence counts, where that is not the default."""
    return words(
        f"START WITH {options.start}" if options.start is not None else "",
        f"INCREMENT BY {options.increment}" if options.increment != 1 else "",
        f"MINVALUE {options.minimum}" if options.minimum is not None else "",
        f"MAXVALUE {options.maximum}" if options.maximum is not None else "",
        f"CACHE {options.cache}" if options.cache != 1 else "",
        "CYCLE" if options.cycle else "",
    )


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines in which all but the last cells of a row line up."""
    widths: dict[int, int] = {}
    for row in rows:
        for place, cell in enumerate(row[:-1]):
            widths[place] = max(widths.get(place, 0), len(cell))
    return ["  ".join([*(cell.ljust(widths[n]) for n, cell in enumerate(row[:-1])), row[-1]]).rstrip() for row in rows]


def block(*groups: Sequence[str]) -> str:
    """Return the items between parentheses, one a line, with an empty line between groups."""
    written = [",\n".join("    " + item for item in group) for group in groups if group]
    return "(\n" + ",\n\n".join(written) + "\n)" if written else "()"
