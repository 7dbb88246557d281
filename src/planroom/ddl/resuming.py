"""A catalog that begins with a model, as if the model's own statements had been folded into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.ddl.catalog import Catalog, not_null_names
from planroom.ddl.naming import default_name

if TYPE_CHECKING:
    from planroom.model import Index, Model, Table, View

__all__ = ["catalog_of"]


def catalog_of(model: Model) -> Catalog:
    """Return a catalog that holds what a model holds, ready for the statements of a migration."""
    catalog = Catalog()
    for schema in model.schemas:
        catalog.schemas[schema.name] = schema
    for extension in model.extensions:
        catalog.extensions[extension.name] = extension
    _hold_types(catalog, model)
    for sequence in model.sequences:
        catalog.sequences[sequence.schema, sequence.name] = sequence
        catalog.relations[sequence.schema, sequence.name] = "sequence"
    for routine in model.routines:
        catalog.routines[routine.id] = routine
        key = routine.schema, routine.name
        catalog.routine_names[key] = catalog.routine_names.get(key, 0) + 1
    for table in model.tables:
        _hold_table(catalog, table)
    for view in model.views:
        key = view.schema, view.name
        catalog.views[key] = view
        catalog.relations[key] = "materialised view" if view.materialised else "view"
        _hold_indexes(catalog, view, view.indexes)
    _hold_children(catalog, model)
    return catalog


def _hold_types(catalog: Catalog, model: Model) -> None:
    for enum in model.enums:
        catalog.enums[enum.schema, enum.name] = enum
    for domain in model.domains:
        catalog.domains[domain.schema, domain.name] = domain
    for range_type in model.range_types:
        catalog.range_types[range_type.schema, range_type.name] = range_type
    for composite in model.composite_types:
        catalog.composite_types[composite.schema, composite.name] = composite
        catalog.relations[composite.schema, composite.name] = "composite type"


def _hold_table(catalog: Catalog, table: Table) -> None:
    key = table.schema, table.name
    catalog.relations[key] = "foreign table" if table.external else "table"
    catalog.tables[key] = table
    for constraint in (*table.keys, *table.exclusions):
        catalog.relations[table.schema, constraint.name] = "index"
        catalog.index_tables[table.schema, constraint.name] = key
    for named in (*table.keys, *table.exclusions, *table.checks, *table.foreign_keys):
        catalog.note_constraint(table.schema, named.name)
    for name in not_null_names(table, table.columns).values():
        catalog.note_constraint(table.schema, name)
    for column in table.columns:
        if column.identity and not table.partition_of:
            name = column.identity.sequence_name or default_name(table.name, column.name, "seq")
            catalog.relations[table.schema, name] = "sequence"
    _hold_indexes(catalog, table, table.indexes)


def _hold_indexes(catalog: Catalog, owner: Table | View, indexes: tuple[Index, ...]) -> None:
    for index in indexes:
        catalog.relations[owner.schema, index.name] = "index"
        catalog.index_tables[owner.schema, index.name] = owner.schema, owner.name


def _hold_children(catalog: Catalog, model: Model) -> None:
    keys = {table.id: (table.schema, table.name) for table in model.tables}
    for table in model.tables:
        parents = (*((table.partition_of.parent,) if table.partition_of else ()), *table.inherits)
        for parent in (keys[each] for each in parents if each in keys):
            catalog.children[parent] = (*catalog.children.get(parent, ()), (table.schema, table.name))
