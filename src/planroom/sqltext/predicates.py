"""What a condition asks of each column: the parts that AND joins, as plans and queries print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.sqltext.queries import Node, walk

if TYPE_CHECKING:
    from planroom.sqltext.query_parsing import QueryStatement

__all__ = ["Restriction", "restrictions"]

# How PostgreSQL prints what is worked out elsewhere in the plan: it stands for a value that is known by then.
_ELSEWHERE = re.compile(r"\((?:hashed )?(?:Sub|Init)Plan \d+\)(?:\.col\d+)?|\(rescan (?:Sub|Init)Plan \d+\)")
_QUANTIFIED = re.compile(r"\((?:ANY|ALL) \(")
_NAME_BEFORE = re.compile(r'(?:\w+|"[^"]+")$')
_NO_CALLS = frozenset({"and", "or", "not", "in", "any", "all", "where", "is", "like", "between"})
_RANGES = frozenset({"<", "<=", ">", ">="})
_WILD = re.compile(r"[%_]")
_NO_CHANGE = frozenset({"text", "varchar", "character varying", "string"})


@dataclass(frozen=True, slots=True)
class Restriction:
    """One part of a condition that a column decides.

    Attributes:
        form: ``equality`` (also IN and = ANY), ``range``, ``prefix`` (LIKE with a fixed beginning), ``pattern``,
            ``null`` (IS NULL), ``unequal`` (also IS NOT NULL), ``true`` and ``false`` (a boolean column alone, or NOT
            before it), or ``other``.
        column: The column's name; empty where there is none, or several.
        qualifier: The table's name or alias, where it is written.
        wrapped: What is done to the column before it is compared: a function's name, ``cast``, an operator; empty when
            the column stands bare.
        cast: The type that the column is cast to, where a cast is all that is done to it.
        expression: The compared side as written.
        constant: The other side is known without any column.
        against: The column on the other side, where one column stands there alone.
        against_qualifier: Its table's name or alias, where it is written.
    """

    form: str
    column: str = ""
    qualifier: str = ""
    wrapped: str = ""
    cast: str = ""
    expression: str = ""
    constant: bool = False
    against: str = ""
    against_qualifier: str = ""

    @property
    def bare(self) -> bool:
        """Whether a plain index on the column can serve it.

        A cast to text counts as none: PostgreSQL prints one around each varchar column, and it changes nothing.
        """
        return bool(self.column) and (not self.wrapped or (self.wrapped == "cast" and self.cast in _NO_CHANGE))

    def seen_from(self, alias: str) -> Restriction | None:
        """Return the same as it looks to the table with that alias: turned round where its column stands on the right.

        None where no column of that table takes part. A name without a table's is of the table that is asked for.
        """
        if self.qualifier in {"", alias}:
            return self if self.column else None
        if self.against and self.against_qualifier in {"", alias}:
            return Restriction(self.form, self.against, self.against_qualifier, expression=self.against)
        return None


@lru_cache(maxsize=4096)
def restrictions(condition: str, dialect: str = "postgres") -> tuple[Restriction, ...]:
    """Return the parts of a condition that AND joins, in their order; none when it cannot be read.

    Args:
        condition: As EXPLAIN or a person writes it: ``((a = 1) AND (b > $0))``.
        dialect: As sqlglot names it.

    Example:
        >>> [(part.form, part.column) for part in restrictions("((status = 'paid'::text) AND (total > '5'::numeric))")]
        [('equality', 'status'), ('range', 'total')]
    """
    if not condition.strip():
        return ()
    from planroom.sqltext.query_parsing import parse_queries

    text = _QUANTIFIED.sub("((", _ELSEWHERE.sub("$0", condition))
    try:
        (statement,) = parse_queries(f"SELECT 1 WHERE ({text})", dialect=dialect)
    except ValueError:
        return ()
    if statement.query is None or not statement.query.scopes:
        return ()
    return tuple(_restriction(statement, each.node) for each in statement.query.scopes[0].predicates)


def _restriction(statement: QueryStatement, node: Node) -> Restriction:
    if node.kind == "column":
        return _of(statement, "true", node, [])
    if node.kind == "not" and node.args[0].kind == "column":
        return _of(statement, "false", node.args[0], [])
    if node.kind == "not":
        return _negated(statement, node.args[0])
    if node.kind == "or":
        return _alternatives(statement, node)
    if not node.args:
        return Restriction("other")
    first, *others = node.args
    if len(others) == 1 and not _columns(first) and _columns(others[0]):
        first, others = others[0], [first]
    return _of(statement, _form(node), first, others)


def _form(node: Node) -> str:
    if node.kind == "compare":
        return "equality" if node.text in {"=", "=="} else "range" if node.text in _RANGES else "unequal"
    if node.kind == "like":
        return _pattern(node)
    if node.kind == "call" and node.text in {"prefix", "starts_with"}:
        return "prefix"
    if node.kind == "is":
        return "null" if node.args[-1].kind == "null" else "equality"
    return {"in": "equality", "between": "range"}.get(node.kind, "other")


def _pattern(node: Node) -> str:
    """Return ``prefix`` for a LIKE whose pattern begins with fixed letters; ILIKE ignores case, so has none."""
    strings = [each.text for each in walk(node.args[-1]) if each.kind == "string"]
    fixed = bool(strings) and bool(strings[0]) and not _WILD.match(strings[0])
    return "prefix" if fixed and node.text == "like" else "pattern"


def _negated(statement: QueryStatement, node: Node) -> Restriction:
    return _of(statement, "unequal", node.args[0], list(node.args[1:])) if node.args else Restriction("other")


def _alternatives(statement: QueryStatement, node: Node) -> Restriction:
    """Return ``a = 1 OR a = 2`` as an equality of one column; anything else that OR joins as other."""
    parts = [_restriction(statement, each) for each in node.args]
    same = len({(part.qualifier, part.column) for part in parts}) == 1
    if same and all(part.form == "equality" and part.bare and part.constant for part in parts):
        return parts[0]
    return Restriction("other")


def _of(statement: QueryStatement, form: str, side: Node, others: list[Node]) -> Restriction:
    columns = _columns(side)
    elsewhere = [column for other in others for column in _columns(other)]
    if len({(column.qualifier, column.text) for column in columns}) != 1:
        return Restriction("other", constant=not elsewhere)
    column = columns[0]
    other = others[0] if len(others) == 1 and others[0].kind == "column" else None
    return Restriction(
        form=form,
        column=column.text,
        qualifier=".".join(column.qualifier),
        wrapped=_wrapper(side),
        cast=side.text if side.kind == "cast" and side.args[0].kind == "column" else "",
        expression=_written(statement, side),
        constant=not elsewhere,
        against=other.text if other else "",
        against_qualifier=".".join(other.qualifier) if other else "",
    )


def _columns(node: Node) -> list[Node]:
    return [each for each in walk(node) if each.kind == "column"]


def _wrapper(side: Node) -> str:
    if side.kind == "column":
        return ""
    return side.text if side.kind == "call" else "cast" if side.kind == "cast" else side.text or side.kind


def _written(statement: QueryStatement, node: Node) -> str:
    """Return a node as written.

    Functions with a syntax of their own (``EXTRACT(year FROM at)``) are known by the span of what is in them, and a
    cast inside a call may end after the node's last token: the span is widened to the call around it, and to what
    closes it.
    """
    if node.start < 0:
        return node.text
    text, start, end = statement.script.text, node.start, node.end
    while (opened := _opened_before(text, start)) >= 0:
        name = _NAME_BEFORE.search(text, 0, opened)
        if name is None or name[0].lower() in _NO_CALLS:
            break
        start = name.start()
    while end < len(text) and _depth(text[start:end]) > 0:
        end += 1
    while _depth(text[start:end]) < 0:
        end -= 1
    return text[start:end].strip()


def _opened_before(text: str, start: int) -> int:
    """Return the place of the innermost parenthesis that is open before a place, or begins there; -1 for none."""
    opened: list[int] = []
    quote = ""
    for place, character in enumerate(text[: start + 1]):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character if place < start else ""
        elif character == "(":
            opened.append(place)
        elif character == ")" and opened and place < start:
            opened.pop()
    return opened[-1] if opened else -1


def _depth(text: str) -> int:
    """Return how many parentheses are open at the end of a text; quoted ones do not count."""
    depth, quote = 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        else:
            depth += (character == "(") - (character == ")")
    return depth
