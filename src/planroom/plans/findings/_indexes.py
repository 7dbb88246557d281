"""Which index would serve a scan's conditions, and why those that there are do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.plans.findings._advice import CONDITIONS, asked_of, table_name, unqualified
from planroom.sqltext import Restriction, quote_identifier, restrictions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.model import Index, Table
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["WantedIndex", "index_for", "index_on", "leading_indexes", "rewritten", "table_sql", "unserved"]

_LONGEST = 4  # key columns: more make an index large and serve few statements
_SQL_NAMES = {"decimal": "numeric", "double": "double precision", "int": "integer", "float": "real"}
_NOT_TEXT = frozenset(
    "smallint|integer|bigint|numeric|real|double precision|date|timestamp with time zone|timestamp without time zone|"
    "time without time zone|interval|uuid|inet|json|jsonb|boolean".split("|")
)
# What makes a day, a month or a year of a point in time: the condition is a range of the column, and as an index's
# expression it would have to be immutable, which it is not for a time with a zone.
_PERIODS = frozenset({"timestamp_trunc", "date_trunc", "year"})
_PERIOD_CASTS = frozenset({"date", "timestamp"})
_IMMUTABLE = frozenset(
    "lower|upper|md5|substring|left|right|trim|length|abs|coalesce|round|floor|ceil|json_extract|json_extract_scalar|"
    "jsonb_extract|jsonb_extract_scalar|concat|+|-|*|/|%|mod|dpipe|pow".split("|")
)


@dataclass(frozen=True, slots=True)
class WantedIndex:
    """An index that would serve a node's conditions.

    Attributes:
        ddl: The statement that makes it; empty where none would help, or one is there.
        keys: Its key parts, as SQL writes them.
        served: How many parts of the conditions it serves.
        rewrite: How the condition must be written for it, where it has to change.
        note: What to know of the indexes that there are: why they do not serve.
    """

    ddl: str
    keys: tuple[str, ...] = ()
    served: int = 0
    rewrite: str = ""
    note: str = ""


def index_for(node: PlanNode, survey: Survey, order: Sequence[str] = ()) -> WantedIndex:
    """Return the index that would serve a node: columns compared for equality, then one range, then the order.

    Source: PostgreSQL manual, "Multicolumn Indexes": equality on leading columns plus inequalities on the first column
    without equality limit the part of the index that is scanned.
    """
    table = survey.table(node)
    parts = [part for part in asked_of(node, survey) if _is_sought(part, node)]
    keyed = list(_keyed(parts, table, ranges=not order))
    keys = tuple(dict.fromkeys([*(key for _, key in keyed), *order]))[:_LONGEST]
    flags = [part for part in parts if part.form in {"true", "false"}][:1]
    rewrite = "; ".join(dict.fromkeys(filter(None, (rewritten(part, table) for part in parts))))
    note = _note(parts, table)
    if not keys or (table is not None and _serving(table, keys)):
        return WantedIndex("", keys, len(keyed), rewrite, note)
    only = f" WHERE {'NOT ' * (flags[0].form == 'false')}{quote_identifier(flags[0].column)}" if flags else ""
    ddl = f"CREATE INDEX {_place(node, survey)} ({', '.join(keys)}){only};"
    return WantedIndex(ddl, keys, len(keyed) + len(flags), rewrite, note)


def index_on(table: str, columns: Sequence[str]) -> str:
    """Return the statement that makes an index on columns; the table as SQL writes it."""
    return f"CREATE INDEX CONCURRENTLY ON {table} ({', '.join(quote_identifier(each) for each in columns)});"


def unserved(node: PlanNode, wanted: WantedIndex, survey: Survey) -> int:
    """Return how many parts of a node's conditions the wanted index leaves to a filter."""
    texts = dict.fromkeys(each.text for each in node.conditions if each.label in CONDITIONS)
    asked = sum(len(restrictions(text, survey.dialect)) for text in texts)
    return max(0, asked - wanted.served)


def leading_indexes(table: Table) -> Iterator[tuple[str, str, str]]:
    """Yield the keys and B-tree or hash indexes of a table: name, first column, and the condition of a partial one."""
    yield from ((key.name, key.columns[0], "") for key in table.keys)
    for index in table.indexes:
        if index.method in {"btree", "hash"} and index.columns[0].column:
            yield index.name, index.columns[0].column, index.predicate.text if index.predicate else ""


def _place(node: PlanNode, survey: Survey) -> str:
    """Return where an index is made: for a partition on the whole table, which no CREATE INDEX CONCURRENTLY may be."""
    table = survey.table(node)
    root = survey.model.roots.get(table.id) if survey.model is not None and table is not None else None
    if table is None or root in {None, table.id} or survey.model is None:
        return f"CONCURRENTLY ON {table_name(node)}"
    return f"ON {table_sql(survey.model.tables_by_id[str(root)])}"


def table_sql(table: Table) -> str:
    """Return a table of the model as SQL writes it."""
    parts = (table.name,) if table.schema == "public" else (table.schema, table.name)
    return ".".join(map(quote_identifier, parts))


def _serving(table: Table, keys: Sequence[str]) -> str:
    """Return the index or key that begins with all of the key parts; empty for none."""
    columns = tuple(key.removesuffix(" text_pattern_ops").strip('"') for key in keys)
    there = [(key.name, key.columns) for key in table.keys]
    there += [
        (index.name, tuple(each.column for each in index.columns))
        for index in table.indexes
        if index.method == "btree" and index.predicate is None
    ]
    return next((name for name, begins in there if begins[: len(columns)] == columns), "")


def _is_sought(part: Restriction, node: PlanNode) -> bool:
    """Whether the other side is known before the row is read: no column, or one of another table."""
    return part.constant or (bool(part.against) and part.against_qualifier not in {"", node.alias})


def _keyed(parts: Sequence[Restriction], table: Table | None, *, ranges: bool) -> Iterator[tuple[Restriction, str]]:
    """Yield the parts that an index serves, with their key parts: all equalities, and the parts of one range."""
    periods = [part for part in parts if _is_period(part, table)]
    for part in parts:
        if part.form in {"equality", "null"} and part not in periods and (key := _key(part, table)):
            yield part, key
    first = ""
    for part in parts if ranges else ():
        if part.form in {"range", "prefix"} or part in periods:
            key = quote_identifier(part.column) if part in periods else _key(part, table)
            first = first or key
            if key and key == first:
                yield part, key


def _key(part: Restriction, table: Table | None) -> str:
    """Return the key part that serves a condition; empty where a cast of the column stands in its way."""
    if part.bare and not _changes_type(part, table):
        name = quote_identifier(part.column)
        return f"{name} text_pattern_ops" if part.form == "prefix" else name
    return "" if part.wrapped == "cast" or not part.constant else unqualified(part.expression)


def _is_period(part: Restriction, table: Table | None) -> bool:
    if part.form not in {"equality", "range"} or part.bare:
        return False
    year = part.wrapped == "extract" and "year" in part.expression.lower()
    return year or part.wrapped in _PERIODS or (part.cast in _PERIOD_CASTS and not _is_text(part, table))


def _is_text(part: Restriction, table: Table | None) -> bool:
    column = table.columns_by_name.get(part.column) if table is not None else None
    return column is not None and column.type.name not in _NOT_TEXT


def _changes_type(part: Restriction, table: Table | None) -> bool:
    """Whether the cast to text around a column is more than how the server prints a varchar or a domain."""
    column = table.columns_by_name.get(part.column) if table is not None else None
    return bool(part.cast) and column is not None and column.type.name in _NOT_TEXT


def rewritten(part: Restriction, table: Table | None) -> str:
    """Return how a part must be written so that an index serves it; empty where it is fine, or nothing helps."""
    if _is_period(part, table):
        return f"write {_shown(part)} as a range: {part.column} >= the start AND {part.column} < the end"
    if part.form == "pattern":
        return f"a LIKE on {part.column} that begins with a wildcard needs a trigram index (pg_trgm, GIN)"
    if part.form not in {"equality", "range"} or (part.bare and not _changes_type(part, table)):
        return ""
    if part.wrapped == "cast":
        kind = _SQL_NAMES.get(part.cast, part.cast)
        return f"{part.column} is cast{f' to {kind}' if kind else ''}: compare it with a value of its own type"
    return "" if part.wrapped in _IMMUTABLE else f"an index on {part.wrapped}() needs it to be IMMUTABLE"


def _shown(part: Restriction) -> str:
    """Return what is compared, as a sentence has it."""
    return f"{part.column}::{_SQL_NAMES.get(part.cast, part.cast)}" if part.cast else unqualified(part.expression)


def _note(parts: Sequence[Restriction], table: Table | None) -> str:
    """Return why the indexes that there are do not serve; the nearest of them."""
    if table is None:
        return ""
    reasons = [*_of_leading(table, parts), *_of_others(table, parts)]
    return reasons[0] if reasons else ""


def _of_leading(table: Table, parts: Sequence[Restriction]) -> Iterator[str]:
    for part in parts:
        for name, first, only in leading_indexes(table):
            if first != part.column or part.form not in {"equality", "range", "null"}:
                continue
            if not part.bare:
                yield f"{name} begins with {first}, but the condition is on {_shown(part)}"
            elif only:
                yield f"{name} begins with {first}, but holds only rows where {only}"
            else:
                yield f"{name} begins with {first}, and reading through it was reckoned dearer than the whole table"


def _of_others(table: Table, parts: Sequence[Restriction]) -> Iterator[str]:
    asked = {part.column for part in parts}
    for part in parts:
        for index in table.indexes:
            first = index.columns[0]
            if first.expression is not None and part.bare and part.column in first.expression.text:
                yield f"{index.name} is on {first.expression.text}, not on {part.column} itself"
            elif any(each.column == part.column for each in index.columns[1:]) and not _begins(index, asked):
                yield f"{index.name} has {part.column}, but begins with {first}, which is not asked for"


def _begins(index: Index, asked: set[str]) -> bool:
    return index.columns[0].column in asked
