"""CREATE, up to the kind of object."""

from __future__ import annotations

from collections.abc import Callable

from planroom.formats._sql.creating_others import (
    create_database,
    create_schema,
    create_sequence,
    create_type,
    create_view,
)
from planroom.formats._sql.creating_tables import create_index, create_table
from planroom.formats._sql.creation import Create
from planroom.formats._sql.drafts import Catalog, LeftAlone
from planroom.formats._sql.stating import Stated

__all__ = ["create"]

_KINDS_OF_TABLE = frozenset(
    {"TRANSIENT", "EXTERNAL", "VIRTUAL", "UNLOGGED", "COLUMN", "ROW", "MULTISET", "SET", "IMMUTABLE", "DYNAMIC"}
)
_TEMPORARY = frozenset({"TEMP", "TEMPORARY", "LOCAL", "GLOBAL"})
_INDEX_WORDS = frozenset({"UNIQUE", "FULLTEXT", "SPATIAL", "CLUSTERED", "NONCLUSTERED", "BITMAP", "COLUMNSTORE"})
_VIEW_WORDS = frozenset({"ALGORITHM", "DEFINER", "SQL", "FORCE", "NOFORCE", "EDITIONABLE", "SECURE", "RECURSIVE"})

_CREATES: tuple[tuple[tuple[str, ...], Callable[[Catalog, Stated, Create], None]], ...] = (
    (("TABLE",), create_table),
    (("INDEX",), create_index),
    (("VIEW",), create_view),
    (("TYPE",), create_type),
    (("SEQUENCE",), create_sequence),
    (("SCHEMA",), create_schema),
    (("DATABASE",), create_database),
)


def create(catalog: Catalog, stated: Stated) -> None:
    """Read what stands before the kind of object, then the object."""
    cursor = stated.cursor
    replaces = cursor.take("OR", "REPLACE") or cursor.take("OR", "ALTER")
    temporary = False
    while cursor.at_any(_TEMPORARY):
        temporary = cursor.skip().text.startswith("TEMP") or temporary
    while cursor.at_any(_VIEW_WORDS):
        _view_attribute(catalog, stated)
    kinds = [cursor.skip().text for _ in range(3) if cursor.at_any(_INDEX_WORDS | _KINDS_OF_TABLE)]
    if temporary:
        raise LeftAlone("session", "what is temporary ends with its session")
    if "VIRTUAL" in kinds or "EXTERNAL" in kinds:
        raise LeftAlone("structure", "a table whose rows are elsewhere, or made by a module, has no place in the model")
    for words, handler in _CREATES:
        if cursor.take(*words):
            handler(catalog, stated, Create(replaces, frozenset(kinds)))
            return
    raise LeftAlone("structure", f"planroom does not model what CREATE {cursor.token.text} makes")


def _view_attribute(catalog: Catalog, stated: Stated) -> None:
    """Pass over who made a view and how it is computed; whose rights it uses is an option."""
    cursor = stated.cursor
    if cursor.take("SQL", "SECURITY"):
        stated.options["security_invoker"] = "true" if cursor.skip().text == "INVOKER" else "false"
        return
    start = cursor.token.start
    cursor.skip()
    while (
        not cursor.at_any(_VIEW_WORDS | {"VIEW", "TABLE", "TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"})
        and not cursor.done
    ):
        cursor.skip()
    stated.pass_over(catalog, cursor.text[start : cursor.last_end], kind="privileges")
