"""Partitions: how a table is partitioned, and what attaching and detaching changes."""

from __future__ import annotations

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Problem
from planroom.ddl.constraints import attach_key, clone_keys
from planroom.ddl.indexes import clone_indexes, index_column
from planroom.model import ForeignKey, IndexColumn, Partition, Partitioning, Table
from planroom.sqltext import DataType, Expression, Tree, bound

__all__ = ["attach", "attach_index", "detach", "partitioning", "refuse_circle"]

_STRATEGIES = {
    "PARTITION_STRATEGY_LIST": "list",
    "PARTITION_STRATEGY_RANGE": "range",
    "PARTITION_STRATEGY_HASH": "hash",
}


def partitioning(catalog: Catalog, table: Table, fields: Tree) -> Partitioning:
    """Return the partitioning of a PartitionSpec."""
    types = {column.name: column.type for column in table.columns}
    columns = tuple(
        index_column(catalog, node["PartitionElem"], types, "btree") for node in fields.get("partParams", ())
    )
    for part in columns:
        if part.column and part.column not in types:
            raise Problem(f"{table.id} has no column {part.column!r} to be partitioned by", missing=True)
    return Partitioning(_STRATEGIES[fields["strategy"]], tuple(replace(part, nulls_first=False) for part in columns))


def attach(catalog: Catalog, parent_key: Key, key: Key, bound_fields: Tree) -> None:
    """Make a table a partition of another: it gets what its parent has, and no longer repeats it."""
    parent, table = catalog.tables[parent_key], catalog.tables[key]
    if parent.partitioning is None:
        raise Problem(f"{parent.id} is not partitioned")
    if table.partition_of:
        raise Problem(f"{table.id} is a partition already, of {table.partition_of.parent}")
    refuse_circle(catalog, parent_key, key)
    missing = [column.name for column in parent.columns if column.name not in table.columns_by_name]
    if missing:
        raise Problem(f"{table.id} lacks the column {missing[0]!r} of {parent.id}", missing=True)
    more = [column.name for column in table.columns if column.name not in parent.columns_by_name]
    if more:
        raise Problem(f"{table.id} has a column {more[0]!r} that {parent.id} has not", missing=True)
    columns = tuple(
        replace(column, inherited=True, identity=parent.columns_by_name[column.name].identity)
        for column in table.columns
    )
    partition = Partition(parent.id, _bound(parent, bound_fields, catalog))
    catalog.children[parent_key] = (*catalog.children.get(parent_key, ()), key)
    catalog.put_table(_without_inherited(replace(table, columns=columns, partition_of=partition), parent))
    for below in catalog.descendants(key):
        catalog.put_table(_without_inherited(catalog.tables[below], parent))
    clone_keys(catalog, parent, key)
    clone_indexes(catalog, parent, key)


def refuse_circle(catalog: Catalog, parent: Key, child: Key) -> None:
    """Return when a table can become the child of another.

    Raises:
        Problem: The parent is the child itself, or below it.
    """
    if parent == child or parent in catalog.descendants(child):
        raise Problem(f"{catalog.tables[parent].id} is below {catalog.tables[child].id} already: a circle")


def _bound(parent: Table, fields: Tree, catalog: Catalog) -> Expression:
    types = tuple(_type_of(parent, part) for part in (parent.partitioning.columns if parent.partitioning else ()))
    return bound(fields, types, catalog)


def _type_of(parent: Table, part: IndexColumn) -> DataType:
    column = parent.columns_by_name.get(part.column)
    return column.type if column else DataType.UNKNOWN


def _without_inherited(table: Table, parent: Table) -> Table:
    """Return a partition without the checks, foreign keys and triggers that it has from its parent."""
    checks = {check.name for check in parent.checks}
    triggers = {trigger.name for trigger in parent.triggers if trigger.for_each_row}
    keys = {_meaning(key) for key in parent.foreign_keys}
    return replace(
        table,
        checks=tuple(check for check in table.checks if check.name not in checks),
        foreign_keys=tuple(key for key in table.foreign_keys if _meaning(key) not in keys),
        triggers=tuple(trigger for trigger in table.triggers if trigger.name not in triggers),
    )


def _meaning(key: ForeignKey) -> ForeignKey:
    return replace(key, name="", comment="")


def detach(catalog: Catalog, parent_key: Key, key: Key) -> None:
    """Make a partition a table of its own; it keeps, as its own, what it had from its parent."""
    parent, table = catalog.tables[parent_key], catalog.tables[key]
    catalog.children[parent_key] = tuple(each for each in catalog.children.get(parent_key, ()) if each != key)
    catalog.put_table(
        replace(
            table,
            partition_of=None,
            columns=tuple(replace(column, inherited=False, identity=None) for column in table.columns),
            primary_key=replace(table.primary_key, parent="") if table.primary_key else None,
            unique_constraints=tuple(replace(each, parent="") for each in table.unique_constraints),
            exclusions=tuple(replace(each, parent="") for each in table.exclusions),
            indexes=tuple(replace(each, parent="") for each in table.indexes),
            checks=(*table.checks, *(check for check in parent.checks if not check.no_inherit)),
            foreign_keys=(*table.foreign_keys, *parent.foreign_keys),
        )
    )


def attach_index(catalog: Catalog, parent_name: tuple[str, str], child_name: tuple[str, str]) -> None:
    """ALTER INDEX parent ATTACH PARTITION child."""
    parent, parent_key = catalog.indexed(*parent_name)
    child, child_key = catalog.indexed(*child_name)
    if not isinstance(child, Table) or not isinstance(parent, Table):
        raise Problem("only indexes of tables can be attached")
    indexes = tuple(
        replace(index, parent=parent_key[1]) if index.name == child_key[1] else index for index in child.indexes
    )
    catalog.put_table(replace(child, indexes=indexes))
    attach_key(catalog, catalog.tables[child.schema, child.name], child_key[1], parent_key[1])
    _complete(catalog, parent, parent_key[1])


def _complete(catalog: Catalog, parent: Table, name: str) -> None:
    """Mark a parent's index as whole once every partition has attached its own."""
    children = [catalog.tables[key] for key in catalog.children.get((parent.schema, parent.name), ())]
    if all(any(index.parent == name for index in child.indexes) for child in children):
        current = catalog.tables[parent.schema, parent.name]
        indexes = tuple(replace(index, only=False) if index.name == name else index for index in current.indexes)
        catalog.put_table(replace(current, indexes=indexes))
