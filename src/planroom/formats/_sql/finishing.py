"""Drafts become a model: references resolved, enums taken out of their columns, everything sorted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from planroom.formats._sql.drafts import Catalog, KeyDraft, TableDraft
from planroom.model import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Index,
    Model,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    Unread,
    qualified,
)
from planroom.sqltext import DataType, Expression
from planroom.sqltext.dialect_types import enum_labels

__all__ = ["model_of"]


def model_of(catalog: Catalog, unread: Iterable[Unread]) -> Model:
    """Return the model of what a script made."""
    enums: dict[tuple[str, str], Enum] = dict(catalog.enums)
    broken: list[Unread] = []
    tables = [_table(catalog, each, enums, broken) for each in catalog.tables.values()]
    views = tuple(catalog.views.values())
    return Model(
        name=catalog.database,
        dialect=catalog.dialect,
        schemas=_schemas(catalog, [*tables, *views, *enums.values(), *catalog.sequences.values()]),
        tables=_sorted(tables),
        views=_sorted(views),
        enums=_sorted(enums.values()),
        sequences=_sorted(catalog.sequences.values()),
        unread=tuple(sorted([*unread, *broken], key=lambda each: (each.location.line, each.location.column))),
    )


def _sorted(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda each: each.id))


def _named(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda each: each.name))


def _schemas(catalog: Catalog, objects: Iterable[Any]) -> tuple[Schema, ...]:
    used = {each.schema for each in objects}
    made = catalog.schemas
    return tuple(Schema(name=name, **_origin(made, name)) for name in sorted({*used, *made} - {""}))


def _origin(made: Any, name: str) -> dict[str, Any]:
    return {"origin": made[name]} if name in made else {}


def _table(catalog: Catalog, draft: TableDraft, enums: dict[tuple[str, str], Enum], broken: list[Unread]) -> Table:
    by_kind: dict[str, list[KeyDraft]] = {}
    for key in draft.keys:
        by_kind.setdefault(key.kind, []).append(key)
    primary = next((_key(PrimaryKey, key) for key in by_kind.get("primary", ())), None)
    unique = by_kind.get("unique", [])
    indexes = [
        *by_kind.get("index", ()),
        *by_kind.get("unique index", ()),
        *(key for key in unique if not key.is_plain),
    ]
    foreign = (_foreign(catalog, draft, key, broken) for key in by_kind.get("foreign", ()))
    required = set(primary.columns) if primary else set()
    return Table(
        schema=draft.schema,
        name=draft.name,
        columns=tuple(_column(catalog, draft, each, enums, required) for each in draft.columns),
        primary_key=primary,
        foreign_keys=_named(key for key in foreign if key),
        unique_constraints=_named(_key(Unique, key) for key in unique if key.is_plain),
        checks=_named(_check(key) for key in by_kind.get("check", ())),
        indexes=_named(_index(key) for key in indexes),
        partitioning=draft.partitioning,
        storage=tuple(sorted(draft.storage.items())),
        comment=draft.comment,
        origin=draft.origin,
    )


def _column(
    catalog: Catalog, draft: TableDraft, column: Column, enums: dict[tuple[str, str], Enum], required: set[str]
) -> Column:
    kind = _type(catalog, draft, column, enums)
    collation = column.collation
    if collation == "_bin" and "charset" in draft.storage:
        collation = draft.storage["charset"] + collation
    nullable = column.nullable and column.name not in required
    if (kind, collation, nullable) == (column.type, column.collation, column.nullable):
        return column
    return replace(column, type=kind, collation=collation, nullable=nullable)


def _type(catalog: Catalog, draft: TableDraft, column: Column, enums: dict[tuple[str, str], Enum]) -> DataType:
    """Return a column's type; MySQL's enum becomes a type of the model, named after the column."""
    labels = enum_labels(column.type.name) if catalog.dialect == "mysql" else None
    if labels is not None:
        name = f"{draft.name}_{column.name}"
        made = Enum(schema=draft.schema, name=name, labels=labels, origin=column.origin)
        enums[draft.schema.casefold(), name.casefold()] = made
        return DataType(name, schema=draft.schema)
    parts = column.type.name.rpartition(".")
    own = enums.get(((parts[0] or catalog.default_schema).casefold(), parts[2].casefold()))
    if own:
        return DataType(own.name, schema=own.schema, array=column.type.array)
    return column.type


def _key(cls: Any, key: KeyDraft) -> Any:
    return cls(
        name=key.name,
        columns=key.columns,
        include=key.include,
        storage=key.storage,
        comment=key.comment,
        origin=key.origin,
    )


def _check(key: KeyDraft) -> Check:
    return Check(
        name=key.name,
        expression=key.expression or Expression("", ""),
        enforced=key.enforced,
        validated=key.enforced,
        origin=key.origin,
    )


def _index(key: KeyDraft) -> Index:
    return Index(
        name=key.name,
        columns=key.parts,
        method=key.method,
        unique=key.kind != "index",
        include=key.include,
        predicate=key.expression,
        storage=key.storage,
        comment=key.comment,
        origin=key.origin,
    )


def _foreign(catalog: Catalog, draft: TableDraft, key: KeyDraft, broken: list[Unread]) -> ForeignKey | None:
    target = catalog.tables.get(catalog.key(key.target)) or catalog.tables.get(
        (draft.schema.casefold(), key.target[-1].casefold())
    )
    columns = key.target_columns or (_primary_columns(target) if target else ())
    if target is None or len(columns) != len(key.columns):
        reason = (
            f"it refers to {'.'.join(key.target)}, which the script does not make" if target is None
            else f"{target.name} has no key of {len(key.columns)} columns that it could mean"
        )  # fmt: skip
        text = f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {'.'.join(key.target)}"
        what = f"foreign key {key.name} of {qualified(draft.schema, draft.name)}"
        broken.append(Unread(kind="broken", what=what, reason=reason, text=text, location=key.origin))
        return None
    return ForeignKey(
        name=key.name,
        columns=key.columns,
        referenced_table=qualified(target.schema, target.name),
        referenced_columns=tuple(target.spelled(each) for each in columns),
        on_update=key.on_update,
        on_delete=key.on_delete,
        match_full=key.match_full,
        deferrable=key.deferrable or key.initially_deferred,
        initially_deferred=key.initially_deferred,
        enforced=key.enforced,
        validated=key.enforced,
        origin=key.origin,
    )


def _primary_columns(table: TableDraft) -> tuple[str, ...]:
    return next((key.columns for key in table.keys if key.kind == "primary"), ())
