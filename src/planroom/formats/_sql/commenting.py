"""COMMENT ON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planroom.formats._sql.drafts import Problem

if TYPE_CHECKING:
    from planroom.formats._sql.drafts import Catalog, KeyDraft
    from planroom.formats._sql.stating import Stated

__all__ = ["comment"]


def comment(catalog: Catalog, stated: Stated) -> None:
    """Give an object its comment."""
    cursor = stated.cursor
    cursor.expect("ON")
    kind = cursor.skip().text
    parts = cursor.dotted()
    cursor.expect("IS")
    text = "" if cursor.take("NULL") else cursor.string()
    if kind == "COLUMN" and (table := catalog.tables.get(catalog.key(parts[:-1]))):
        place = table.place(parts[-1])
        table.columns[place] = replace(table.columns[place], comment=text)
    elif kind == "COLUMN" and (view := catalog.views.get(catalog.key(parts[:-1]))):
        columns = (replace(each, comment=text) if each.name == parts[-1] else each for each in view.columns)
        catalog.views[catalog.key(parts[:-1])] = replace(view, columns=tuple(columns))
    elif kind == "TABLE":
        catalog.table(parts).comment = text
    elif kind == "INDEX":
        _commented_index(catalog, parts).comment = text
    else:
        rooms: dict[str, dict[tuple[str, str], Any]] = {
            "VIEW": catalog.views,
            "TYPE": catalog.enums,
            "SEQUENCE": catalog.sequences,
        }
        key = catalog.key(parts)
        if key not in rooms.get(kind, {}):
            raise Problem(f"there is no {kind.lower()} {'.'.join(parts)}")
        rooms[kind][key] = replace(rooms[kind][key], comment=text)


def _commented_index(catalog: Catalog, parts: tuple[str, ...]) -> KeyDraft:
    for table in catalog.tables.values():
        for key in table.keys:
            if key.name.casefold() == parts[-1].casefold() and "index" in key.kind:
                return key
    raise Problem(f"there is no index {'.'.join(parts)}")
