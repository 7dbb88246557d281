"""ALTER INDEX, VIEW and SEQUENCE, which the grammar writes through the commands of ALTER TABLE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Key, Skipped
from planroom.ddl.partitions import attach_index
from planroom.ddl.trees import options, relation_name
from planroom.model import Table, View
from planroom.sqltext import Tree

__all__ = ["alter_other", "merged_options"]


def merged_options(held: tuple[tuple[str, str], ...], command: Tree) -> tuple[tuple[str, str], ...]:
    """Return storage parameters with those of SET (...) on top."""
    return tuple(sorted({**dict(held), **dict(options(command["def"]["List"]["items"]))}.items()))


def alter_other(catalog: Catalog, schema: str, name: str, commands: list[Tree]) -> None:
    """ALTER INDEX, VIEW or SEQUENCE written, as the grammar allows, through the commands of ALTER TABLE."""
    for command in commands:
        if command["subtype"] == "AT_AttachPartition":
            child = relation_name(command["def"]["PartitionCmd"]["name"])
            attach_index(catalog, (schema, name), child)
        elif catalog.find(catalog.index_tables, schema, name):
            _alter_index(catalog, schema, name, command)
        elif view := catalog.find(catalog.views, schema, name):
            _alter_view(catalog, view, command)
        elif sequence := catalog.find(catalog.sequences, schema, name):
            unlogged = command["subtype"] == "AT_SetUnLogged"
            catalog.sequences[sequence] = replace(catalog.sequences[sequence], unlogged=unlogged)
        else:
            raise catalog.missing("table", schema, name)


def _alter_index(catalog: Catalog, schema: str, name: str, command: Tree) -> None:
    owner, key = catalog.indexed(schema, name)

    def changed(index: Any) -> Any:
        if index.name != key[1]:
            return index
        if command["subtype"] == "AT_SetRelOptions":
            return replace(index, storage=merged_options(index.storage, command))
        if command["subtype"] == "AT_ResetRelOptions":
            gone = dict(options(command["def"]["List"]["items"]))
            return replace(index, storage=tuple(pair for pair in index.storage if pair[0] not in gone))
        if command["subtype"] == "AT_SetTableSpace":
            return replace(index, tablespace=command["name"])
        raise Skipped(
            "structure", f"ALTER INDEX ... {command['subtype'].removeprefix('AT_')} has no place in the model"
        )

    indexes = tuple(changed(index) for index in owner.indexes)
    if isinstance(owner, View):
        catalog.views[owner.schema, owner.name] = replace(owner, indexes=indexes)
        return
    catalog.put_table(_with_changed_keys(replace(owner, indexes=indexes), changed))


def _with_changed_keys(table: Table, changed: Callable[[Any], Any]) -> Table:
    return replace(
        table,
        primary_key=changed(table.primary_key) if table.primary_key else None,
        unique_constraints=tuple(changed(each) for each in table.unique_constraints),
        exclusions=tuple(changed(each) for each in table.exclusions),
    )


def _alter_view(catalog: Catalog, key: Key, command: Tree) -> None:
    view = catalog.views[key]
    match command["subtype"]:
        case "AT_SetRelOptions":
            catalog.views[key] = replace(view, options=merged_options(view.options, command))
        case "AT_ResetRelOptions":
            gone = dict(options(command["def"]["List"]["items"]))
            catalog.views[key] = replace(view, options=tuple(pair for pair in view.options if pair[0] not in gone))
        case "AT_SetTableSpace":
            catalog.views[key] = replace(view, tablespace=command["name"])
        case kind:
            raise Skipped("structure", f"ALTER VIEW ... {kind.removeprefix('AT_')} has no place in the model")
