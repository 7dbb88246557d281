"""ALTER TABLE, one action after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from planroom.formats._sql.columns import ColumnDraft, read_column
from planroom.formats._sql.drafts import Catalog, KeyDraft, LeftAlone, Problem, TableDraft
from planroom.formats._sql.keys import is_key, read_key
from planroom.formats._sql.options import table_options
from planroom.formats._sql.stating import Stated
from planroom.sqltext.dialect_expressions import dialect_expression
from planroom.sqltext.dialect_types import read_type

__all__ = ["alter_table"]

_ALL_KINDS = ("primary", "unique", "foreign", "check", "index", "unique index")


def alter_table(catalog: Catalog, stated: Stated) -> None:
    """Let ALTER TABLE change a table."""
    cursor = stated.cursor
    if_exists = cursor.take("IF", "EXISTS")
    cursor.take("ONLY")
    parts = cursor.dotted()
    if if_exists and catalog.key(parts) not in catalog.tables:
        cursor.rest()
        raise LeftAlone("session", f"there is no {parts[-1]} (IF EXISTS)")
    cursor.take("WITH", "CHECK")
    cursor.take("WITH", "NOCHECK")
    table = catalog.table(parts)
    _action(catalog, stated, table)
    while cursor.take(","):
        _action(catalog, stated, table)


def _action(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    cursor = stated.cursor
    for words, handler in _ACTIONS:
        if cursor.take(*words):
            handler(catalog, stated, table)
            return
    if catalog.dialect == "mysql" and cursor.token.kind == "word" and cursor.token.text in _OPTIONS:
        table_options(cursor, table)
        return
    text = cursor.until(least=1)
    stated.pass_over(catalog, f"ALTER TABLE ... {text}", table=table, kind=_kind(text))


_OPTIONS = frozenset(
    {"ENGINE", "DEFAULT", "CHARACTER", "CHARSET", "COLLATE", "COMMENT", "ROW_FORMAT", "AUTO_INCREMENT"}
)


def _kind(text: str) -> str:
    """Return whether an action that is not followed is about the session or the structure."""
    session = {"DISABLE", "ENABLE", "CHECK", "NOCHECK", "ORDER", "FORCE", "LOCK", "ALGORITHM", "OWNER"}
    return "session" if text.partition(" ")[0].upper() in session else "structure"


def _add(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    cursor = stated.cursor
    column = cursor.take("COLUMN")
    cursor.take("IF", "NOT", "EXISTS")
    if not column and _is_default(stated):
        _default_for(stated, table)
        return
    if not column and is_key(cursor):
        _add_key(catalog, stated, table)
        return
    if cursor.take("("):
        while True:
            _add_item(catalog, stated, table)
            if not cursor.take(","):
                break
        cursor.expect(")")
        return
    _add_column(catalog, stated, table)
    while catalog.dialect == "tsql" and cursor.take(","):  # T-SQL says ADD once for all that follows
        _add_item(catalog, stated, table)


def _add_item(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    (_add_key if is_key(stated.cursor) else _add_column)(catalog, stated, table)


def _add_key(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    offset = stated.cursor.token.start
    key, passed_over = read_key(stated.cursor)
    for text in passed_over:
        stated.pass_over(catalog, text, table=table)
    stated.add_key(catalog, table, key, offset)


def _add_column(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    offset = stated.cursor.token.start
    keys: list[tuple[KeyDraft, int]] = []
    stated.add_column(catalog, table, read_column(stated.cursor), offset, keys)
    for key, place in keys:
        stated.add_key(catalog, table, key, place)


def _is_default(stated: Stated) -> bool:
    """Whether T-SQL's ``CONSTRAINT name DEFAULT value FOR column`` comes next."""
    cursor = stated.cursor
    return cursor.at("DEFAULT") or (cursor.at("CONSTRAINT") and cursor.ahead(2).text == "DEFAULT")


def _default_for(stated: Stated, table: TableDraft) -> None:
    cursor = stated.cursor
    if cursor.take("CONSTRAINT"):
        cursor.name()  # defaults have no name in the model
    cursor.expect("DEFAULT")
    text = cursor.until({"FOR"}, least=1).strip()
    cursor.expect("FOR")
    place = table.place(cursor.name())
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    table.columns[place] = replace(table.columns[place], default=dialect_expression(inner, cursor.dialect))


def _drop(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    cursor = stated.cursor
    kinds = {
        ("PRIMARY", "KEY"): ("primary",), ("FOREIGN", "KEY"): ("foreign",), ("CHECK",): ("check",),
        ("INDEX",): ("index", "unique", "unique index"), ("KEY",): ("index", "unique", "unique index"),
        ("CONSTRAINT",): _ALL_KINDS,
    }  # fmt: skip
    for words, among in kinds.items():
        if cursor.take(*words):
            if_exists = cursor.take("IF", "EXISTS")
            name = "" if among == ("primary",) else cursor.name()
            _drop_key(table, name, among, if_exists=if_exists)
            cursor.take_any({"CASCADE", "RESTRICT"})
            return
    cursor.take("COLUMN")
    if_exists = cursor.take("IF", "EXISTS")
    _drop_column(table, cursor.name(), if_exists=if_exists)
    cursor.take_any({"CASCADE", "RESTRICT"})


def _drop_key(table: TableDraft, name: str, among: tuple[str, ...], *, if_exists: bool) -> None:
    try:
        key = table.key(name, among) if name else next(each for each in table.keys if each.kind == "primary")
    except (Problem, StopIteration):
        if if_exists:
            raise LeftAlone("session", f"there is no {name} (IF EXISTS)") from None
        raise Problem(f"the table {table.name} has no {name or 'primary key'}") from None
    table.keys.remove(key)


def _drop_column(table: TableDraft, name: str, *, if_exists: bool) -> None:
    """Drop a column; MySQL takes it out of its keys, and drops those of it alone."""
    try:
        gone = table.columns.pop(table.place(name)).name
    except Problem:
        if if_exists:
            raise LeftAlone("session", f"there is no {name} (IF EXISTS)") from None
        raise
    for key in list(table.keys):
        key.parts = tuple(part for part in key.parts if part.column != gone)
        if key.kind != "check" and not key.parts:
            table.keys.remove(key)


def _modify(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    stated.cursor.take("COLUMN")
    offset = stated.cursor.token.start
    found = read_column(stated.cursor)
    _replaced(catalog, stated, table, found.column.name, found, offset)


def _change(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    stated.cursor.take("COLUMN")
    old = stated.cursor.name()
    offset = stated.cursor.token.start
    found = read_column(stated.cursor)
    _replaced(catalog, stated, table, old, found, offset)


def _replaced(catalog: Catalog, stated: Stated, table: TableDraft, old: str, found: ColumnDraft, offset: int) -> None:
    """Put a column's new definition in the place of the old one."""
    place = table.place(old)
    before = table.columns[place]
    column = replace(found.column, origin=stated.location(offset))
    table.columns[place] = column
    if found.place is not None:
        table.columns.pop(place)
        table.columns.insert(table.place(found.place) + 1 if found.place else 0, column)
    _renamed(catalog, table, before.name, column.name)
    for text in found.passed_over:
        stated.pass_over(catalog, text, table=table)
    for key in found.keys:
        stated.add_key(catalog, table, key, offset)


def _rename(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    cursor = stated.cursor
    if cursor.take_any({"INDEX", "KEY", "CONSTRAINT"}):
        key = table.key(cursor.name(), _ALL_KINDS)
        cursor.expect("TO")
        key.name, key.named = cursor.name(), True
        return
    if cursor.take_any({"TO", "AS"}) or cursor.ahead().kind == "end":
        stated.rename(catalog, (table.schema, table.name) if table.schema else (table.name,), cursor.dotted())
        return
    cursor.take("COLUMN")
    place = table.place(cursor.name())
    cursor.expect("TO")
    old, new = table.columns[place].name, cursor.name()
    table.columns[place] = replace(table.columns[place], name=new)
    _renamed(catalog, table, old, new)


def _renamed(catalog: Catalog, table: TableDraft, old: str, new: str) -> None:
    """Let keys, and foreign keys of other tables, follow a column's new name."""
    if old == new:
        return
    for key in table.keys:
        key.parts = tuple(replace(part, column=new) if part.column == old else part for part in key.parts)
    own = (table.schema.casefold(), table.name.casefold())
    for each in catalog.tables.values():
        for key in each.keys:
            if key.target and catalog.key(key.target) == own:
                key.target_columns = tuple(
                    new if name.casefold() == old.casefold() else name for name in key.target_columns
                )


def _alter(catalog: Catalog, stated: Stated, table: TableDraft) -> None:
    cursor = stated.cursor
    cursor.take("COLUMN")
    place = table.place(cursor.name())
    column = table.columns[place]
    if cursor.take("SET", "DEFAULT"):
        text = cursor.until(least=1)
        column = replace(
            column, default=dialect_expression(text.strip("()") if text.startswith("(") else text, cursor.dialect)
        )
    elif cursor.take("DROP", "DEFAULT"):
        column = replace(column, default=None)
    elif cursor.take("SET", "NOT", "NULL"):
        column = replace(column, nullable=False)
    elif cursor.take("DROP", "NOT", "NULL"):
        column = replace(column, nullable=True)
    elif cursor.take("SET", "DATA", "TYPE") or cursor.take("TYPE"):
        column = replace(column, type=read_type(cursor.until({"USING"}, least=1), cursor.dialect))
        if cursor.at("USING"):
            cursor.until()
    elif catalog.dialect == "tsql":
        text = cursor.until({"NOT", "NULL"}, least=1)
        nullable = not cursor.take("NOT", "NULL")
        cursor.take("NULL")
        column = replace(column, type=read_type(text, cursor.dialect), nullable=nullable)
    else:
        stated.pass_over(catalog, f"ALTER COLUMN {column.name} {cursor.until(least=1)}", table=table)
    table.columns[place] = column


_ACTIONS: tuple[tuple[tuple[str, ...], Callable[[Catalog, Stated, TableDraft], None]], ...] = (
    (("ADD",), _add),
    (("DROP",), _drop),
    (("MODIFY",), _modify),
    (("CHANGE",), _change),
    (("RENAME",), _rename),
    (("ALTER",), _alter),
)
