"""A model as SQLAlchemy's MetaData."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import FormatError
from planroom.formats._sqlalchemy.notes import info_of
from planroom.formats._sqlalchemy.types import Types
from planroom.model import quote_identifier
from planroom.model.names import DEFAULT_SCHEMA

if TYPE_CHECKING:
    import sqlalchemy as sa

    from planroom.model import (
        Check,
        Column,
        Exclusion,
        ForeignKey,
        Index,
        IndexColumn,
        Model,
        SequenceOptions,
        Table,
        Unique,
    )
    from planroom.sqltext import Expression

__all__ = ["metadata_of"]


def metadata_of(model: Model) -> sa.MetaData:
    """Return the MetaData of a model; see `planroom.formats.sqlalchemy.to_metadata`."""
    if model.dialect != "postgres":
        raise FormatError(
            f"This model cannot become MetaData: its dialect is {model.dialect}.",
            why="types and expressions are handed over as PostgreSQL writes them.",
        )
    import sqlalchemy

    metadata = sqlalchemy.MetaData()
    types = Types(model, metadata)
    for sequence in model.sequences:
        data_type = types.of(sequence.type) if str(sequence.type) != "bigint" else None
        sqlalchemy.Sequence(
            sequence.name,
            schema=_schema(sequence.schema),
            metadata=metadata,
            data_type=data_type,
            **_counting(sequence.options),
        )
    made = {table.id: _table(table, metadata, types) for table in model.tables}
    for table in model.tables:
        for key in table.foreign_keys:
            if key.enforced and not key.period and key.referenced_table in made:
                made[table.id].append_constraint(_foreign_key(key, made[key.referenced_table]))
    return metadata


def _schema(name: str) -> str | None:
    return None if name == DEFAULT_SCHEMA else name


def _counting(options: SequenceOptions) -> dict[str, Any]:
    """Return how a sequence counts, as Sequence and Identity take it."""
    return {
        "start": options.start,
        "increment": options.increment if options.increment != 1 else None,
        "minvalue": options.minimum,
        "maxvalue": options.maximum,
        "cache": options.cache if options.cache != 1 else None,
        "cycle": options.cycle or None,
    }


# -- tables ------------------------------------------------------------------------------------------------------------


def _table(table: Table, metadata: sa.MetaData, types: Types) -> sa.Table:
    import sqlalchemy

    made = sqlalchemy.Table(
        table.name,
        metadata,
        *(_column(column, types) for column in table.columns),
        *_keys(table),
        *(_check(check) for check in table.checks if check.enforced and not check.no_inherit),
        *(_exclusion(exclusion) for exclusion in table.exclusions),
        schema=_schema(table.schema),
        comment=table.comment or None,
        info=info_of(table.annotations),
        **_table_options(table),
    )
    for index in table.indexes:
        _index(index, made)
    return made


def _table_options(table: Table) -> dict[str, Any]:
    options = {
        "postgresql_with": dict(table.storage),
        "postgresql_tablespace": table.tablespace,
        "postgresql_using": table.access_method,
        "prefixes": ["UNLOGGED"] if table.unlogged else [],
    }
    return {name: value for name, value in options.items() if value}


def _column(column: Column, types: Types) -> sa.Column[Any]:
    import sqlalchemy

    extra: list[Any] = []
    if column.identity:
        extra.append(sqlalchemy.Identity(always=column.identity.always, **_counting(column.identity.sequence)))
    if column.generated:
        extra.append(sqlalchemy.Computed(_text(column.generated.expression), persisted=column.generated.stored))
    return sqlalchemy.Column(
        column.name,
        types.of(column.type, column.collation),
        *extra,
        nullable=column.nullable,
        autoincrement="auto" if column.identity else False,
        server_default=_text(column.default) if column.default else None,
        comment=column.comment or None,
        info=info_of(column.annotations),
    )


def _text(expression: Expression) -> sa.TextClause:
    """Return an expression as SQLAlchemy's text, in which a colon would begin a parameter."""
    import sqlalchemy

    return sqlalchemy.text(expression.text.replace(":", "\\:"))


def _keys(table: Table) -> list[Any]:
    import sqlalchemy

    made: list[Any] = []
    if table.primary_key and not table.primary_key.without_overlaps:
        key = table.primary_key
        include: dict[str, Any] = {"postgresql_include": list(key.include)} if key.include else {}
        made.append(sqlalchemy.PrimaryKeyConstraint(*key.columns, name=key.name, **_when(key), **include))
    made += [_unique(key) for key in table.unique_constraints if not key.without_overlaps]
    return made


def _unique(key: Unique) -> Any:
    import sqlalchemy

    options: dict[str, Any] = {"postgresql_include": list(key.include)} if key.include else {}
    if key.nulls_not_distinct:
        options["postgresql_nulls_not_distinct"] = True
    return _commented(sqlalchemy.UniqueConstraint(*key.columns, name=key.name, **_when(key), **options), key.comment)


def _when(constraint: Any) -> dict[str, Any]:
    """Return when a constraint is checked."""
    return {
        "deferrable": True if constraint.deferrable else None,
        "initially": "DEFERRED" if constraint.initially_deferred else None,
    }


def _commented(constraint: Any, comment: str) -> Any:
    if comment:
        constraint.comment = comment
    return constraint


def _check(check: Check) -> Any:
    import sqlalchemy

    made = sqlalchemy.CheckConstraint(_text(check.expression), name=check.name)
    return _commented(made, check.comment)


def _foreign_key(key: ForeignKey, target: sa.Table) -> sa.ForeignKeyConstraint:
    import sqlalchemy

    validity: dict[str, Any] = {} if key.validated else {"postgresql_not_valid": True}
    columns = f" ({', '.join(map(quote_identifier, key.on_delete_columns))})" if key.on_delete_columns else ""
    return sqlalchemy.ForeignKeyConstraint(
        key.columns,
        [target.c[column] for column in key.referenced_columns],
        name=key.name,
        onupdate=_action(key.on_update),
        ondelete=(_action(key.on_delete) or "") + columns or None,
        match="FULL" if key.match_full else None,
        comment=key.comment or None,
        use_alter=not key.validated,  # CREATE TABLE takes NOT VALID and ignores it
        **_when(key),
        **validity,
    )


def _action(action: str) -> str | None:
    return None if action == "no action" else action.upper()


def _exclusion(exclusion: Exclusion) -> Any:
    from sqlalchemy.dialects import postgresql

    made: Any = postgresql.ExcludeConstraint
    constraint = made(
        *((_part(each.column), each.operator) for each in exclusion.elements),
        name=exclusion.name,
        using=exclusion.method,
        where=_text(exclusion.predicate) if exclusion.predicate else None,
        **_when(exclusion),
    )
    return _commented(constraint, exclusion.comment)


def _index(index: Index, table: sa.Table) -> None:
    import sqlalchemy

    options: dict[str, Any] = {
        "postgresql_using": index.method if index.method != "btree" else None,
        "postgresql_where": _text(index.predicate) if index.predicate else None,
        "postgresql_include": list(index.include) or None,
        "postgresql_with": dict(index.storage) or None,
        "postgresql_tablespace": index.tablespace or None,
        "postgresql_nulls_not_distinct": index.nulls_not_distinct or None,
    }
    parts = [_index_part(part, table) for part in index.columns]
    given = {name: value for name, value in options.items() if value is not None}
    sqlalchemy.Index(index.name, *parts, unique=index.unique, _table=table, **given)


def _index_part(part: IndexColumn, table: sa.Table) -> Any:
    """Return a key part as SQL text, unless it is a plain column."""
    plain = part.column and not (part.descending or part.nulls_first or part.collation or part.operator_class)
    return table.c[part.column] if plain else _part(part)


def _part(part: IndexColumn) -> Any:
    import sqlalchemy

    from planroom.formats._postgres.constraints import key_part

    if part.column and key_part(part) == quote_identifier(part.column):
        return sqlalchemy.column(part.column)
    return sqlalchemy.text(key_part(part).replace(":", "\\:"))
