"""DROP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.formats._sql.drafts import LeftAlone, Problem

if TYPE_CHECKING:
    from planroom.formats._sql.drafts import Catalog
    from planroom.formats._sql.stating import Stated
    from planroom.sqltext.cursor import Cursor

__all__ = ["drop"]


def drop(catalog: Catalog, stated: Stated) -> None:
    """Take objects out of the catalog."""
    cursor = stated.cursor
    cursor.take("TEMPORARY")
    kind = cursor.skip().text
    if_exists = cursor.take("IF", "EXISTS")
    if kind in {"DATABASE", "SCHEMA"} and catalog.dialect in {"mysql", "tsql"}:
        cursor.rest()
        raise LeftAlone("session", "what is dropped with a database was never part of the design")
    if kind == "INDEX":
        _drop_index(catalog, cursor, if_exists=if_exists)
        return
    rooms: dict[str, dict[tuple[str, str], Any]] = {
        "TABLE": catalog.tables,
        "VIEW": catalog.views,
        "TYPE": catalog.enums,
        "SEQUENCE": catalog.sequences,
    }
    if kind not in rooms:
        cursor.rest()
        raise LeftAlone("structure", f"planroom does not model what DROP {kind} drops")
    missing = []
    while True:
        parts = cursor.dotted()
        if rooms[kind].pop(catalog.key(parts), None) is None:
            missing.append(".".join(parts))
        if not cursor.take(","):
            break
    cursor.take_any({"CASCADE", "RESTRICT", "PURGE"})
    cursor.take_any({"CONSTRAINTS"})
    if missing and if_exists:
        raise LeftAlone("session", f"there is no {missing[0]} (IF EXISTS)")
    if missing:
        raise Problem(f"there is no {kind.lower()} {missing[0]}")


def _drop_index(catalog: Catalog, cursor: Cursor, *, if_exists: bool) -> None:
    parts = cursor.dotted()
    tables = [catalog.table(cursor.dotted())] if cursor.take("ON") else list(catalog.tables.values())
    for table in tables:
        for key in table.keys:
            if key.name.casefold() == parts[-1].casefold() and key.kind in {"index", "unique index", "unique"}:
                table.keys.remove(key)
                return
    if if_exists:
        raise LeftAlone("session", f"there is no {parts[-1]} (IF EXISTS)")
    raise Problem(f"there is no index {parts[-1]}")
