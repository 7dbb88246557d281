"""Tablespaces: where tables, views and indexes are stored; the default one has no name."""

from __future__ import annotations

from typing import Any

from planroom.changing import replace
from planroom.ddl.catalog import Catalog, Skipped
from planroom.ddl.dispatch import folds
from planroom.sqltext import Statement, Tree

__all__ = ["rename_tablespace"]


def rename_tablespace(catalog: Catalog, fields: Tree) -> None:
    """ALTER TABLESPACE ... RENAME."""
    old, new = fields["subname"], fields["newname"]

    def moved(each: Any) -> Any:
        return replace(each, tablespace=new) if each and each.tablespace == old else each

    for key, view in list(catalog.views.items()):
        catalog.views[key] = replace(moved(view), indexes=tuple(map(moved, view.indexes)))
    for table in list(catalog.tables.values()):
        parts: dict[str, Any] = {
            name: tuple(map(moved, getattr(table, name))) for name in ("indexes", "unique_constraints", "exclusions")
        }
        catalog.put_table(replace(moved(table), primary_key=moved(table.primary_key), **parts))


@folds("AlterTableMoveAllStmt")
def move_all(catalog: Catalog, fields: Tree, statement: Statement) -> None:
    """ALTER ... ALL IN TABLESPACE; the default one has no name."""
    here, there = (
        "" if name == "pg_default" else name for name in (fields["orig_tablespacename"], fields["new_tablespacename"])
    )
    match fields["objtype"]:
        case "OBJECT_TABLE":
            for table in list(catalog.tables.values()):
                if table.tablespace == here:
                    catalog.put_table(replace(table, tablespace=there))
        case "OBJECT_MATVIEW":
            for key, view in list(catalog.views.items()):
                if view.materialised and view.tablespace == here:
                    catalog.views[key] = replace(view, tablespace=there)
        case _:
            raise Skipped("structure", "indexes are moved to another tablespace")
