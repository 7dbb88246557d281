"""CREATE TABLE and CREATE INDEX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.formats._sql.columns import read_column
from planroom.formats._sql.creation import make_room
from planroom.formats._sql.drafts import KeyDraft, LeftAlone, TableDraft
from planroom.formats._sql.keys import index_options, is_key, key_parts, read_key
from planroom.formats._sql.options import table_options
from planroom.sqltext.dialect_expressions import dialect_expression

if TYPE_CHECKING:
    from planroom.formats._sql.creation import Create
    from planroom.formats._sql.drafts import Catalog
    from planroom.formats._sql.stating import Stated

__all__ = ["create_index", "create_table"]


def create_table(catalog: Catalog, stated: Stated, what: Create) -> None:
    """Read a table with its columns and constraints."""
    cursor = stated.cursor
    if_not_exists = cursor.take("IF", "NOT", "EXISTS")
    origin = stated.location(cursor.token.start)
    parts = cursor.dotted()
    make_room(catalog, catalog.key(parts), what, if_not_exists=if_not_exists)
    if (
        cursor.at_any({"AS", "SELECT", "LIKE", "CLONE", "PARTITION"})
        or cursor.at("(", "LIKE")
        or cursor.at("(", "SELECT")
    ):
        raise LeftAlone("structure", "its columns follow from another table or a query")
    schema, name = catalog.place(parts)
    table = TableDraft(schema, name, origin=origin)
    cursor.expect("(")
    keys: list[tuple[KeyDraft, int]] = []
    while True:
        _item(catalog, stated, table, keys)
        if not cursor.take(",") or (catalog.dialect == "tsql" and cursor.at(")")):  # T-SQL forgives a last comma
            break
    cursor.expect(")")
    for word in table_options(cursor, table):
        stated.pass_over(catalog, word, table=table)
    if cursor.at_any({"AS", "SELECT"}):
        raise LeftAlone("structure", "its columns follow from a query")
    catalog.tables[catalog.key(parts)] = table
    for key, offset in keys:
        stated.add_key(catalog, table, key, offset)


def _item(catalog: Catalog, stated: Stated, table: TableDraft, keys: list[tuple[KeyDraft, int]]) -> None:
    """Read one column or constraint of CREATE TABLE."""
    cursor = stated.cursor
    offset = cursor.token.start
    if cursor.at("PERIOD", "FOR"):
        stated.pass_over(catalog, cursor.until(), table=table)
    elif is_key(cursor):
        key, passed_over = read_key(cursor)
        keys.append((key, offset))
        for text in passed_over:
            stated.pass_over(catalog, text, table=table)
    else:
        found = read_column(cursor)
        stated.add_column(catalog, table, found, offset, keys)


def create_index(catalog: Catalog, stated: Stated, what: Create) -> None:
    """Read an index, or a key that MySQL makes of one."""
    cursor = stated.cursor
    if_not_exists = cursor.take("IF", "NOT", "EXISTS")
    offset = cursor.token.start
    parts = () if cursor.at("ON") else cursor.dotted()
    method = cursor.name().lower() if cursor.take("USING") else "btree"
    cursor.expect("ON")
    target = cursor.dotted()
    if len(target) == 1 and len(parts) > 1:
        target = (*parts[:-1], *target)
    table = catalog.table(target)
    name = parts[-1] if parts else ""
    if if_not_exists and any(each.name.casefold() == name.casefold() for each in table.keys):
        raise LeftAlone("session", f"{name} is there already (IF NOT EXISTS)")
    unique = "UNIQUE" in what.words
    key = KeyDraft("unique index" if unique else "index", name, True, method=method)
    key.method = next(
        (each.lower() for each in ("FULLTEXT", "SPATIAL", "BITMAP", "COLUMNSTORE") if each in what.words), method
    )
    if cursor.take("USING"):
        key.method = cursor.name().lower()
    key.parts = key_parts(cursor)
    if cursor.take("INCLUDE"):
        key.include = cursor.names()
    if cursor.take("WHERE"):
        key.expression = dialect_expression(cursor.rest(), cursor.dialect)
    for text in index_options(cursor, key):
        stated.pass_over(catalog, text, table=table)
    if unique and catalog.dialect == "mysql" and key.is_plain:
        key.kind = "unique"  # the two are one in MySQL
    stated.add_key(catalog, table, key, offset)
