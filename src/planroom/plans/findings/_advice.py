"""Advice that is made from conditions: which statistics would serve an estimate, and how SQL names things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.sqltext import Restriction, quote_identifier, restrictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = [
    "CONDITIONS", "asked_of", "listed", "memory_setting", "statistics_on", "statistics_on_groups", "table_name",
    "unqualified",
]  # fmt: skip

CONDITIONS = ("Index Cond", "Recheck Cond", "Filter")
_STRINGS = re.compile(r"('(?:[^']|'')*')")
_QUALIFIER = re.compile(r'(?<![\w".])(?:\w+|"(?:[^"]|"")+")\.(?=[\w"])')
_LABEL = re.compile(r"\W+")


def table_name(node: PlanNode) -> str:
    """Return a node's table as SQL writes it; the schema where the plan or nothing but ``public`` tells it."""
    parts = [node.schema] if node.schema not in {"", "public"} else []
    return ".".join(quote_identifier(part) for part in (*parts, node.relation))


def asked_of(node: PlanNode, survey: Survey, labels: Sequence[str] = CONDITIONS) -> tuple[Restriction, ...]:
    """Return what a node's conditions ask of the columns of its own table."""
    texts = dict.fromkeys(each.text for label in labels for each in node.conditions if each.label == label)
    parts = (part for text in texts for part in restrictions(text, survey.dialect))
    return tuple(dict.fromkeys(seen for part in parts if (seen := part.seen_from(node.alias)) is not None))


def unqualified(expression: str) -> str:
    """Return an expression as an index or statistics have it: without the names of tables, in parentheses.

    Example:
        >>> unqualified("lower((o.code)::text)"), unqualified("o.id"), unqualified("(o.a) = 'o.('")
        ('(lower((code)::text))', 'id', "((a) = 'o.(')")
    """
    pieces = _STRINGS.split(expression)
    text = "".join(piece if at % 2 else _QUALIFIER.sub("", piece) for at, piece in enumerate(pieces)).strip()
    if text.isidentifier() or (text.startswith('"') and text.count('"') == 2):
        return text
    return text if _is_enclosed(text) else f"({text})"


def _is_enclosed(text: str) -> bool:
    """Whether one pair of parentheses stands around all of a text."""
    depth = 0
    for place, character in enumerate(_STRINGS.sub(lambda found: "x" * len(found[0]), text)):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(text) - 1 and character == ")"
    return False


def _label(node: PlanNode, parts: Sequence[str]) -> str:
    """Return a name for extended statistics, within the 63 bytes that a name may have."""
    words = _LABEL.sub("_", "_".join(parts)).strip("_").lower()
    return quote_identifier(f"{node.relation}_{words}".encode()[:63].decode(errors="ignore"))


def statistics_on_groups(scan: PlanNode, keys: Sequence[str]) -> tuple[str, str]:
    """Return what would teach the planner how many groups there are: words, and the statement if it takes one."""
    parts = list(dict.fromkeys(map(unqualified, keys)))
    name = table_name(scan)
    plain = len(parts) == 1 and not parts[0].startswith("(")
    if not parts or plain:
        return f"ANALYZE {name}; where that does not help, set n_distinct of the grouped column.", ""
    kinds = " (ndistinct)" if len(parts) > 1 else ""
    ddl = f"CREATE STATISTICS {_label(scan, parts)}{kinds} ON {', '.join(parts)} FROM {name}; ANALYZE {name};"
    return f"Tell the planner how many groups of {listed(parts)} there are.", ddl


def statistics_on(node: PlanNode, survey: Survey) -> tuple[str, str]:
    """Return what would teach the planner how many rows a scan's conditions leave: words, and the statement."""
    parts = [part for part in asked_of(node, survey, ("Index Cond", "Recheck Cond", "Filter")) if part.column]
    bare = [quote_identifier(column) for column in dict.fromkeys(part.column for part in parts if part.bare)]
    wrapped = [unqualified(part.expression) for part in parts if not part.bare and part.constant]
    name = table_name(node)
    if len(bare) > 1:
        words = f"Tell the planner how {listed(bare)} go together."
        make = f"CREATE STATISTICS {_label(node, bare)} (dependencies, mcv) ON {', '.join(bare)} FROM {name}"
    elif wrapped:
        words = f"The planner has no statistics on {wrapped[0]}: make some."
        make = f"CREATE STATISTICS {_label(node, wrapped[:1])} ON {wrapped[0]} FROM {name}"
    elif bare:
        words = f"ANALYZE {name}; if that does not help, keep finer statistics on {bare[0]}."
        make = f"ALTER TABLE {name} ALTER COLUMN {bare[0]} SET STATISTICS 1000"
    else:
        return f"ANALYZE {name}.", f"ANALYZE {name};"
    return words, f"{make}; ANALYZE {name};"


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them: ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def memory_setting(size_bytes: float) -> str:
    """Return a size as a setting has it, rounded up to a power of two of megabytes, so that it is the same next time.

    Example:
        >>> memory_setting(5_500_000)
        '8MB'
    """
    megabytes = 1
    while megabytes * 2**20 < size_bytes:
        megabytes *= 2
    return f"{megabytes}MB"
