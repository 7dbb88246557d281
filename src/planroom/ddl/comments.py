"""COMMENT ON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Problem, Skipped
from planroom.ddl.dispatch import folds
from planroom.ddl.drops import routine_key
from planroom.ddl.store import Store
from planroom.ddl.trees import kind_of, string, strings
from planroom.model import Schema
from planroom.sqltext import Statement, Tree

__all__: list[str] = []

Names = tuple[str, ...]


@folds("CommentStmt")
def comment(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """COMMENT ON anything that the model holds."""
    kind = str(fields["objtype"]).removeprefix("OBJECT_")
    text = fields.get("comment", "")
    if kind in {"FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE"}:
        _on_routine(catalog, fields["object"], text)
        return
    commenter = _COMMENTERS.get(kind)
    if commenter is None:
        raise Skipped("structure", f"the model holds nothing of kind {kind.lower().replace('_', ' ')}")
    names = _names(fields["object"])
    if not commenter(catalog, names, text):
        place = names[:-1] if kind == "COLUMN" else names
        if len(place) in {1, 2} and catalog.obscured("".join(place[:-1]), place[-1]):
            raise Skipped("structure", f"the columns of {'.'.join(place)} are not known")
        raise Problem(f"there is no {kind.lower().replace('_', ' ')} {'.'.join(names)}", missing=True)


def _names(node: Tree) -> Names:
    kind, inner = kind_of(node)
    if kind == "List":
        items = inner.get("items", ())
        if items and "TypeName" in items[0]:
            return (*strings(items[0]["TypeName"]["names"]), *strings(items[1:]))
        return strings(items)
    return strings(inner["names"]) if kind == "TypeName" else (string(node),)


def _on_routine(catalog: Catalog, node: Tree, text: str) -> None:
    key = routine_key(catalog, node)
    if key is None:
        raise Problem(f"there is no routine {'.'.join(strings(node['ObjectWithArgs'].get('objname')))}", missing=True)
    catalog.routines[key] = replace(catalog.routines[key], comment=text)


def _split(names: Names) -> tuple[str, str]:
    return (names[-2] if len(names) > 1 else ""), names[-1]


def _on_relation(catalog: Catalog, names: Names, text: str) -> bool:
    stores: tuple[Store[Key, Any], ...] = (catalog.tables, catalog.views, catalog.sequences)
    for store in stores:
        key = catalog.find(store, *_split(names))
        if key:
            store[key] = replace(store[key], comment=text)
            return True
    return False


def _on_column(catalog: Catalog, names: Names, text: str) -> bool:
    *relation, column = names
    stores: tuple[Store[Key, Any], ...] = (catalog.tables, catalog.views)
    for store in stores:
        key = catalog.find(store, *_split(tuple(relation)))
        if key:
            owner = store[key]
            if column not in owner.columns_by_name and (owner.columns or store is catalog.tables):
                return False
            columns = tuple(replace(each, comment=text) if each.name == column else each for each in owner.columns)
            store[key] = replace(owner, columns=columns)
            return True
    return _on_attribute(catalog, names, text)


def _on_attribute(catalog: Catalog, names: Names, text: str) -> bool:
    *type_name, attribute = names
    key = catalog.find(catalog.composite_types, *_split(tuple(type_name)))
    if key is None:
        return False
    composite = catalog.composite_types[key]
    members = tuple(replace(each, comment=text) if each.name == attribute else each for each in composite.fields)
    catalog.composite_types[key] = replace(composite, fields=members)
    return True


def _on_type(catalog: Catalog, names: Names, text: str) -> bool:
    for store in catalog.type_stores:
        key = catalog.find(store, *_split(names))
        if key:
            store[key] = replace(store[key], comment=text)
            return True
    return False


def _on_schema(catalog: Catalog, names: Names, text: str) -> bool:
    (name,) = names
    if name == "public" and name not in catalog.schemas:
        catalog.schemas[name] = Schema(name=name)
    if name == "public" and text == "standard public schema":
        text = ""  # what PostgreSQL itself says of it
    if name in catalog.schemas:
        catalog.schemas[name] = replace(catalog.schemas[name], comment=text)
    return name in catalog.schemas


def _on_extension(catalog: Catalog, names: Names, text: str) -> bool:
    (name,) = names
    if name in catalog.extensions:
        catalog.extensions[name] = replace(catalog.extensions[name], comment=text)
    return name in catalog.extensions


def _named(name: str, text: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    return lambda parts: tuple(replace(part, comment=text) if part.name == name else part for part in parts)


def _on_index(catalog: Catalog, names: Names, text: str) -> bool:
    key = catalog.find(catalog.index_tables, *_split(names))
    if key is None:
        return False
    owner = catalog.index_tables[key]
    commented = _named(key[1], text)
    if owner in catalog.views:
        view = catalog.views[owner]
        catalog.views[owner] = replace(view, indexes=commented(view.indexes))
        return True
    table = catalog.tables[owner]
    if key[1] not in {index.name for index in table.indexes}:
        raise Skipped("structure", "the model keeps a comment on the constraint, not on the index behind it")
    catalog.put_table(replace(table, indexes=commented(table.indexes)))
    return True


def _part(field: str) -> Callable[[Catalog, Names, str], bool]:
    """Return what comments on a part of a table (or view): a trigger, a policy."""

    def on_part(catalog: Catalog, names: Names, text: str) -> bool:
        *relation, name = names
        stores: tuple[Store[Key, Any], ...] = (catalog.tables, catalog.views)
        for store in stores:
            key = catalog.find(store, *_split(tuple(relation)))
            if key:
                owner = store[key]
                parts = _named(name, text)(getattr(owner, field))
                store[key] = replace(owner, **{field: parts})
                return any(part.name == name for part in parts)
        return False

    return on_part


def _on_constraint(catalog: Catalog, names: Names, text: str) -> bool:
    *relation, name = names
    key: Key = catalog.table_key(*_split(tuple(relation)))
    table, commented = catalog.tables[key], _named(name, text)
    primary = table.primary_key
    changed = replace(
        table,
        primary_key=replace(primary, comment=text) if primary and primary.name == name else primary,
        unique_constraints=commented(table.unique_constraints),
        foreign_keys=commented(table.foreign_keys),
        checks=commented(table.checks),
        exclusions=commented(table.exclusions),
    )
    catalog.put_table(changed)
    return any(each.name == name for each in (*table.keys, *table.foreign_keys, *table.checks, *table.exclusions))


def _on_statistics(catalog: Catalog, names: Names, text: str) -> bool:
    schema, name = _split(names)
    for table in list(catalog.tables.values()):
        if any(each.name == name and schema in {"", each.schema} for each in table.statistics):
            catalog.put_table(replace(table, statistics=_named(name, text)(table.statistics)))
            return True
    return False


_COMMENTERS: dict[str, Callable[[Catalog, Names, str], bool]] = {
    "TABLE": _on_relation,
    "FOREIGN_TABLE": _on_relation,
    "VIEW": _on_relation,
    "MATVIEW": _on_relation,
    "SEQUENCE": _on_relation,
    "COLUMN": _on_column,
    "TYPE": _on_type,
    "DOMAIN": _on_type,
    "SCHEMA": _on_schema,
    "EXTENSION": _on_extension,
    "INDEX": _on_index,
    "TABCONSTRAINT": _on_constraint,
    "TRIGGER": _part("triggers"),
    "POLICY": _part("policies"),
    "STATISTIC_EXT": _on_statistics,
}
