"""Advice that is made from conditions: which index would serve a scan, which statistics its estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.sqltext import Restriction, quote_identifier, restrictions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.model import Index, Table
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = [
    "WantedIndex", "asked_of", "index_for", "index_on", "leading_indexes", "listed", "memory_setting",
    "statistics_on", "table_name", "unserved",
]  # fmt: skip

_SOUGHT = ("Index Cond", "Recheck Cond", "Filter")
_SQL_NAMES = {"decimal": "numeric", "double": "double precision", "int": "integer", "float": "real"}
_LONGEST = 4  # key columns: more make an index large and serve few statements


@dataclass(frozen=True, slots=True)
class WantedIndex:
    """An index that would serve a node's conditions.

    Attributes:
        ddl: The statement that makes it; empty where none would help.
        keys: Its key parts, as SQL writes them.
        served: How many parts of the conditions it serves.
        note: What to know of the conditions, or of the indexes that there are: why they do not serve.
    """

    ddl: str
    keys: tuple[str, ...] = ()
    note: str = ""
    served: int = 0


def table_name(node: PlanNode) -> str:
    """Return a node's table as SQL writes it; the schema where the plan or nothing but ``public`` tells it."""
    parts = [node.schema] if node.schema not in {"", "public"} else []
    return ".".join(quote_identifier(part) for part in (*parts, node.relation))


def asked_of(node: PlanNode, survey: Survey, labels: Sequence[str] = _SOUGHT) -> tuple[Restriction, ...]:
    """Return what a node's conditions ask of the columns of its own table."""
    texts = dict.fromkeys(each.text for label in labels for each in node.conditions if each.label == label)
    parts = (part for text in texts for part in restrictions(text, survey.dialect))
    return tuple(dict.fromkeys(seen for part in parts if (seen := part.seen_from(node.alias)) is not None))


def index_for(node: PlanNode, survey: Survey, order: Sequence[str] = ()) -> WantedIndex:
    """Return the index that would serve a node: columns compared for equality, then one range, then the order.

    Source: PostgreSQL manual, "Multicolumn Indexes": equality on leading columns plus inequalities on the first column
    without equality limit the part of the index that is scanned.
    """
    parts = [part for part in asked_of(node, survey) if _is_sought(part, node)]
    flags = [part for part in parts if part.form in {"true", "false"}]
    equal = [part for part in parts if part.form in {"equality", "null"}]
    ranges = [part for part in parts if part.form in {"range", "prefix"}]
    keyed = [(part, key) for part in equal if (key := _key(part, node, survey))]
    if not order:
        keyed += [(part, key) for part in ranges if (key := _key(part, node, survey))][:1]
        keyed += [(part, key) for part in ranges if keyed and (key := _key(part, node, survey)) == keyed[-1][1]][1:]
    keys = list(dict.fromkeys(key for _, key in keyed))
    keys = [*keys, *(key for key in order if key not in keys)][:_LONGEST]
    note = _note(node, parts, survey)
    if not keys:
        return WantedIndex("", note=note)
    only = f" WHERE {'NOT ' * (flags[0].form == 'false')}{quote_identifier(flags[0].column)}" if flags else ""
    return WantedIndex(f"CREATE INDEX CONCURRENTLY ON {table_name(node)} ({', '.join(keys)}){only};", tuple(keys), note,
                       len(keyed) + len(flags[:1]))  # fmt: skip


def unserved(node: PlanNode, wanted: WantedIndex, survey: Survey) -> int:
    """Return how many parts of a node's conditions the wanted index leaves to a filter."""
    texts = dict.fromkeys(each.text for each in node.conditions if each.label in _SOUGHT)
    asked = sum(len(restrictions(text, survey.dialect)) for text in texts)
    return max(0, asked - wanted.served)


def _is_sought(part: Restriction, node: PlanNode) -> bool:
    """Whether the other side is known before the row is read: no column, or one of another table."""
    return part.constant or (bool(part.against) and part.against_qualifier not in {"", node.alias})


def index_on(table: str, columns: Sequence[str]) -> str:
    """Return the statement that makes an index on columns; the table as SQL writes it."""
    return f"CREATE INDEX CONCURRENTLY ON {table} ({', '.join(quote_identifier(each) for each in columns)});"


def _key(part: Restriction, node: PlanNode, survey: Survey) -> str:
    """Return the key part that serves a condition; empty where a cast of the column stands in its way."""
    if part.bare and not _changes_type(part, node, survey):
        name = quote_identifier(part.column)
        return f"{name} text_pattern_ops" if part.form == "prefix" else name
    if part.wrapped == "cast" or not part.constant:
        return ""
    expression = part.expression
    for prefix in filter(None, (part.qualifier, node.alias)):
        expression = expression.replace(f"{prefix}.", "")
    return expression if expression.startswith("(") else f"({expression})"


def _changes_type(part: Restriction, node: PlanNode, survey: Survey) -> bool:
    """Whether the cast to text around a column is more than how the server prints a varchar."""
    table = survey.table(node)
    column = table.columns_by_name.get(part.column) if table is not None else None
    return bool(part.cast) and column is not None and "char" not in column.type.name and column.type.name != "text"


def _note(node: PlanNode, parts: Sequence[Restriction], survey: Survey) -> str:
    """Return why no index serves the conditions as they are: a cast, a function, or what the indexes begin with."""
    words = [f"{part.column} is cast to {_SQL_NAMES.get(part.cast, part.cast)}: compare it with a value of its own type"
             for part in parts if part.form in {"equality", "range"} and part.wrapped == "cast"
             and (not part.bare or _changes_type(part, node, survey))]  # fmt: skip
    words += [f"a LIKE on {part.column} that begins with a wildcard needs a trigram index (pg_trgm, GIN)"
              for part in parts if part.form == "pattern"]  # fmt: skip
    table = survey.table(node)
    if table is not None:
        words += _why_unused(table, parts)
    return "; ".join(dict.fromkeys(words))


def _why_unused(table: Table, parts: Sequence[Restriction]) -> Iterator[str]:
    for part in parts:
        for name, first, predicate in leading_indexes(table):
            if first == part.column and part.wrapped and not part.bare and part.wrapped != "cast":
                yield f"{name} begins with {first}, but the condition is on {part.expression}"
            elif first == part.column and predicate:
                yield f"{name} begins with {first}, but holds only rows where {predicate}"
            elif first == part.column and part.bare and part.form in {"equality", "range"} and part.constant:
                yield f"{name} begins with {first}, and reading through it was reckoned dearer than the whole table"
        for index in table.indexes:
            if any(each.column == part.column for each in index.columns[1:]) and not _led(index, parts):
                yield f"{index.name} has {part.column}, but begins with {index.columns[0]}, which is not asked for"


def _led(index: Index, parts: Sequence[Restriction]) -> bool:
    return any(part.column == index.columns[0].column for part in parts)


def leading_indexes(table: Table) -> Iterator[tuple[str, str, str]]:
    """Yield the keys and B-tree or hash indexes of a table: name, first column, and the condition of a partial one."""
    yield from ((key.name, key.columns[0], "") for key in table.keys)
    for index in table.indexes:
        if index.method in {"btree", "hash"} and index.columns[0].column:
            yield index.name, index.columns[0].column, index.predicate.text if index.predicate else ""


def statistics_on(node: PlanNode, survey: Survey) -> tuple[str, str]:
    """Return what would teach the planner how many rows a scan's conditions leave: words, and the statement."""
    parts = [part for part in asked_of(node, survey, ("Index Cond", "Filter")) if part.column]
    bare = list(dict.fromkeys(part.column for part in parts if part.bare))
    wrapped = list(dict.fromkeys(part.expression for part in parts if not part.bare and part.constant))
    name = table_name(node)
    if len(bare) > 1:
        columns = ", ".join(map(quote_identifier, bare))
        words = f"Tell the planner how {listed(bare)} go together, then ANALYZE {name}."
        label = quote_identifier(f"{node.relation}_{'_'.join(bare)}"[:63])
        return words, f"CREATE STATISTICS {label} (dependencies, mcv) ON {columns} FROM {name}; ANALYZE {name};"
    if wrapped:
        label = quote_identifier(f"{node.relation}_expression"[:63])
        inner = wrapped[0].replace(f"{node.alias}.", "") if node.alias else wrapped[0]
        inner = inner if inner.startswith("(") else f"({inner})"
        words = f"The planner has no statistics on {inner}: make some, then ANALYZE {name}."
        return words, f"CREATE STATISTICS {label} ON {inner} FROM {name}; ANALYZE {name};"
    if bare:
        column = quote_identifier(bare[0])
        words = f"ANALYZE {name}; if that does not help, keep finer statistics on {bare[0]}."
        return words, f"ALTER TABLE {name} ALTER COLUMN {column} SET STATISTICS 1000; ANALYZE {name};"
    return f"ANALYZE {name}.", f"ANALYZE {name};"


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
