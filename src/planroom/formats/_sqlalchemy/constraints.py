"""Keys, checks, exclusions and indexes as SQLAlchemy makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.formats._postgres.constraints import key_part, partition_key
from planroom.formats._python.code import Call, Value
from planroom.formats._sqlalchemy.notes import info_of
from planroom.formats._sqlalchemy.types import keywords, schema_of
from planroom.model import quote_identifier
from planroom.sqltext import MAX_IDENTIFIER_BYTES

if TYPE_CHECKING:
    from planroom.model import Check, Exclusion, ForeignKey, Index, IndexColumn, PrimaryKey, Table, Unique
    from planroom.sqltext import Expression

__all__ = [
    "check",
    "exclusion",
    "foreign_key_options",
    "index",
    "is_plain_key",
    "primary_key",
    "stands_alone",
    "table_options",
    "text_of",
    "unique",
]


def text_of(expression: Expression) -> Call:
    """Return an expression as SQLAlchemy's text, in which a colon would begin a parameter."""
    return _sql(expression.text)


def _sql(text: str) -> Call:
    return Call("sa.text", (text.replace(":", "\\:"),))


def table_options(table: Table) -> tuple[tuple[str, Value], ...]:
    return keywords(
        schema=schema_of(table.schema),
        comment=table.comment,
        info=info_of(table.annotations),
        postgresql_partition_by=partition_key(table.partitioning) if table.partitioning else None,
        postgresql_with=dict(table.storage),
        postgresql_tablespace=table.tablespace,
        postgresql_using=table.access_method,
        prefixes=["UNLOGGED"] if table.unlogged else None,
    )


def is_plain_key(table: Table) -> bool:
    """Whether ``primary_key=True`` on the columns says all there is to say of a key."""
    key = table.primary_key
    order = [column.name for column in table.columns if key and column.name in key.columns]
    return bool(
        key
        and not key.without_overlaps
        and list(key.columns) == order
        and not key.include
        and not key.deferrable
        and key.name == _given(table, (), "pkey")
    )


def _given(table: Table, columns: tuple[str, ...], label: str) -> str | None:
    """Return the name that the naming convention gives; None where PostgreSQL would have cut it."""
    name = "_".join((table.name, *columns, label))
    return name if len(name.encode()) <= MAX_IDENTIFIER_BYTES else None


def primary_key(table: Table) -> list[Call]:
    key = table.primary_key
    if key is None or key.without_overlaps or is_plain_key(table):
        return []
    name = None if key.name == _given(table, (), "pkey") else key.name
    options = keywords(name=name, **_when(key), postgresql_include=list(key.include))
    return [Call("sa.PrimaryKeyConstraint", key.columns, options)]


def stands_alone(table: Table, key: Unique) -> bool:
    """Whether ``unique=True`` on a column says all there is to say of a constraint."""
    bare = not (key.include or key.without_overlaps or key.deferrable or key.nulls_not_distinct or key.comment)
    return len(key.columns) == 1 and bare and key.name == _given(table, key.columns, "key")


def unique(key: Unique) -> Call:
    options = keywords(
        name=key.name,
        **_when(key),
        postgresql_include=list(key.include),
        postgresql_nulls_not_distinct=key.nulls_not_distinct or None,
    )
    return _commented(Call("sa.UniqueConstraint", key.columns, options), key.comment)


def _when(constraint: PrimaryKey | Unique | ForeignKey | Exclusion) -> dict[str, Value]:
    """Return when a constraint is checked."""
    return {
        "deferrable": True if constraint.deferrable else None,
        "initially": "DEFERRED" if constraint.initially_deferred else None,
    }


def _commented(constraint: Call, comment: str) -> Call:
    return Call("commented", (constraint, comment)) if comment else constraint


def check(check: Check) -> Call:
    made = Call("sa.CheckConstraint", (text_of(check.expression),), keywords(name=check.name))
    return _commented(made, check.comment)


def foreign_key_options(table: Table, key: ForeignKey) -> tuple[tuple[str, Value], ...]:
    columns = f" ({', '.join(map(quote_identifier, key.on_delete_columns))})" if key.on_delete_columns else ""
    given = key.validated and key.name == _given(table, key.columns, "fkey")
    return keywords(
        name=None if given else key.name,
        onupdate=_action(key.on_update),
        ondelete=_action(key.on_delete) + columns,
        match="FULL" if key.match_full else None,
        comment=key.comment,
        use_alter=None if key.validated else True,  # CREATE TABLE takes NOT VALID and ignores it
        **_when(key),
        postgresql_not_valid=None if key.validated else True,
    )


def _action(action: str) -> str:
    return "" if action == "no action" else action.upper()


def exclusion(exclusion: Exclusion) -> Call:
    elements = tuple((_part(each.column, bare=False), each.operator) for each in exclusion.elements)
    options = keywords(
        name=exclusion.name,
        using=exclusion.method,
        where=text_of(exclusion.predicate) if exclusion.predicate else None,
        **_when(exclusion),
    )
    return _commented(Call("postgresql.ExcludeConstraint", elements, options), exclusion.comment)


def index(index: Index) -> Call:
    options = keywords(
        unique=index.unique or None,
        postgresql_using=index.method if index.method != "btree" else None,
        postgresql_where=text_of(index.predicate) if index.predicate else None,
        postgresql_include=list(index.include),
        postgresql_with=dict(index.storage),
        postgresql_tablespace=index.tablespace,
        postgresql_nulls_not_distinct=index.nulls_not_distinct or None,
    )
    return Call("sa.Index", (index.name, *(_part(part, bare=True) for part in index.columns)), options)


def _part(part: IndexColumn, *, bare: bool) -> Value:
    """Return a key part as SQL text, unless it is a plain column."""
    if part.column and key_part(part) == quote_identifier(part.column):
        return part.column if bare else Call("sa.column", (part.column,))
    return _sql(key_part(part))
