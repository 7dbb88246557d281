"""Constraints and keys of a table: what stands beside its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.formats._sql.drafts import KeyDraft
from planroom.model import IndexColumn
from planroom.sqltext.dialect_expressions import dialect_expression

if TYPE_CHECKING:
    from planroom.sqltext.cursor import Cursor

__all__ = ["index_options", "is_key", "key_parts", "read_key", "reference"]

_ACTIONS = ("CASCADE", "RESTRICT")
_KINDS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "KEY", "INDEX", "FULLTEXT", "SPATIAL"})
_ORDER = frozenset({"ASC", "DESC", "COLLATE", "NULLS"})
_CLUSTERING = frozenset({"CLUSTERED", "NONCLUSTERED"})


def is_key(cursor: Cursor) -> bool:
    """Whether a constraint or key begins here, and not a column that bears such a name."""
    if not cursor.at_any(_KINDS):
        return False
    if cursor.at_any({"KEY", "INDEX", "CHECK", "FULLTEXT", "SPATIAL", "UNIQUE"}):
        second = cursor.ahead()
        return cursor.dialect == "mysql" or cursor.at_any({"CHECK", "UNIQUE", "INDEX"}) or second.text == "("
    return cursor.at("CONSTRAINT") or cursor.ahead().text == "KEY"


def read_key(cursor: Cursor) -> tuple[KeyDraft, list[str]]:
    """Return the constraint or key that begins here, and its clauses that the model has no place for."""
    name = ""
    if cursor.take("CONSTRAINT") and not cursor.at_any(_KINDS - {"CONSTRAINT", "KEY", "INDEX"}):
        name = cursor.name()
    key = KeyDraft("", name, bool(name))
    if cursor.take("PRIMARY", "KEY"):
        _key(cursor, key, "primary")
    elif cursor.take("UNIQUE"):
        cursor.take_any({"KEY", "INDEX"})
        _key(cursor, key, "unique")
    elif cursor.take("FOREIGN", "KEY"):
        _foreign(cursor, key)
    elif cursor.take("CHECK"):
        key.kind, key.expression = "check", dialect_expression(cursor.group(), cursor.dialect)
    elif kind := cursor.take_any({"FULLTEXT", "SPATIAL"}):
        cursor.take_any({"KEY", "INDEX"})
        _key(cursor, key, "index")
        key.method = kind.lower()
    elif cursor.take_any({"KEY", "INDEX"}):
        _key(cursor, key, "index")
    else:
        raise cursor.unexpected("a constraint")
    return key, index_options(cursor, key)


def _key(cursor: Cursor, key: KeyDraft, kind: str) -> None:
    key.kind = kind
    cursor.take_any(_CLUSTERING)
    if not cursor.at("(") and not cursor.at("USING"):
        key.name, key.named = cursor.name(), True
        cursor.take_any(_CLUSTERING)
    if cursor.take("USING"):
        key.method = cursor.name().lower()
    key.parts = key_parts(cursor)


def key_parts(cursor: Cursor) -> tuple[IndexColumn, ...]:
    """Return the parts of a key in parentheses: columns, prefixes of columns, expressions."""
    cursor.expect("(")
    parts = [_part(cursor)]
    while cursor.take(","):
        parts.append(_part(cursor))
    cursor.expect(")")
    return tuple(parts)


def _part(cursor: Cursor) -> IndexColumn:
    text = cursor.text[cursor.token.start :]  # kept for what is no plain column
    start = cursor.token.start
    column, length = "", ""
    second = cursor.ahead()
    if cursor.token.kind in {"word", "name", "string"} and (second.text in {",", ")"} or second.text in _ORDER):
        column = cursor.name()
    elif (
        cursor.token.kind in {"word", "name"}
        and second.text == "("
        and cursor.ahead(2).kind == "number"
        and (cursor.ahead(3).text == ")" and cursor.dialect == "mysql")
    ):
        column, length = cursor.name(), cursor.group()
    else:
        cursor.until(_ORDER, least=1)
        text = cursor.text[start : cursor.last_end].strip()
    collation = cursor.dotted()[-1] if cursor.take("COLLATE") else ""
    descending = cursor.take("DESC")
    cursor.take("ASC")
    nulls_first = descending
    if cursor.take("NULLS"):
        nulls_first = cursor.name().upper() == "FIRST"
    inner = text[1:-1] if not column and text.startswith("(") and text.endswith(")") else text
    return IndexColumn(
        column=column,
        expression=None if column else dialect_expression(inner, cursor.dialect),
        collation=collation,
        operator_class_options=(("length", length.strip()),) if length else (),
        descending=descending,
        nulls_first=nulls_first,
    )


def _foreign(cursor: Cursor, key: KeyDraft) -> None:
    key.kind = "foreign"
    if not cursor.at("("):
        name = cursor.name()  # MySQL's name of the index behind it, and of the constraint where that has none
        key.name, key.named = key.name or name, True
    key.parts = tuple(IndexColumn(column=each) for each in cursor.names())
    cursor.expect("REFERENCES")
    reference(cursor, key)


def reference(cursor: Cursor, key: KeyDraft) -> None:
    """Read what stands behind REFERENCES into a foreign key."""
    key.target = cursor.dotted()
    key.target_columns = cursor.names() if cursor.at("(") else ()
    while True:
        if cursor.take("ON", "DELETE"):
            key.on_delete = _action(cursor)
        elif cursor.take("ON", "UPDATE"):
            key.on_update = _action(cursor)
        elif cursor.take("MATCH"):
            key.match_full = cursor.name().upper() == "FULL"
        elif cursor.take("NOT", "DEFERRABLE"):
            key.deferrable = False
        elif cursor.take("DEFERRABLE"):
            key.deferrable = True
        elif cursor.take("INITIALLY"):
            key.initially_deferred = cursor.name().upper() == "DEFERRED"
        else:
            return


def _action(cursor: Cursor) -> str:
    if cursor.take("SET", "NULL"):
        return "set null"
    if cursor.take("SET", "DEFAULT"):
        return "set default"
    if cursor.take("NO", "ACTION"):
        return "no action"
    found = cursor.take_any(_ACTIONS)
    if not found:
        raise cursor.unexpected("an action such as CASCADE")
    same = (
        cursor.dialect == "mysql" and found.upper() == "RESTRICT"
    )  # MySQL's manual: NO ACTION is equivalent to RESTRICT
    return "no action" if same else found.lower()


def index_options(cursor: Cursor, key: KeyDraft) -> list[str]:
    """Read the options behind a key; return those that the model has no place for, as written."""
    passed_over: list[str] = []
    storage = dict(key.storage)
    while not (cursor.done or cursor.at(",") or cursor.at(")")):
        if cursor.take("USING"):
            key.method = cursor.name().lower() if key.method == "btree" else key.method
        elif cursor.take("COMMENT"):
            cursor.take("=")
            key.comment = cursor.string()
        elif cursor.take("INCLUDE"):
            key.include = cursor.names()
        elif cursor.take("NOT", "ENFORCED"):
            key.enforced = False
        elif cursor.take_any({"ENFORCED", "ENABLE", "VISIBLE"}):
            continue
        elif cursor.take("KEY_BLOCK_SIZE"):
            cursor.take("=")
            storage["key_block_size"] = cursor.skip().text
        else:
            start = cursor.token.start
            cursor.until({"USING", "COMMENT", "INCLUDE"}, least=1)
            passed_over.append(cursor.text[start : cursor.last_end])
    key.storage = tuple(sorted(storage.items()))
    return passed_over
