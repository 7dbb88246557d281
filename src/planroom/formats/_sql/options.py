"""What stands behind the columns of CREATE TABLE: engine, character set, partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.model import IndexColumn, Partitioning
from planroom.sqltext.dialect_expressions import dialect_expression

if TYPE_CHECKING:
    from planroom.formats._sql.drafts import TableDraft
    from planroom.sqltext.cursor import Cursor

__all__ = ["table_options"]

_STATES = frozenset({"AUTO_INCREMENT", "DATA", "INDEX", "PASSWORD", "UNION", "CONNECTION"})
_PARTITION_WORDS = frozenset({"RANGE", "LIST", "HASH", "KEY"})


def table_options(cursor: Cursor, table: TableDraft) -> list[str]:
    """Read a table's options into it; return those that the model has no place for, as written."""
    passed_over: list[str] = []
    while not cursor.done and not cursor.at_any({"AS", "SELECT"}):
        if cursor.take(","):
            continue
        if cursor.at("PARTITION", "BY"):
            passed_over += _partitioning(cursor, table)
        elif cursor.dialect == "mysql":
            _mysql_option(cursor, table)
        elif cursor.dialect == "sqlite" and cursor.take("WITHOUT"):
            table.storage["without_rowid"] = cursor.skip().text and "true"
        elif cursor.dialect == "sqlite" and cursor.take("STRICT"):
            table.storage["strict"] = "true"
        else:
            passed_over.append(cursor.rest())
    return passed_over


def _mysql_option(cursor: Cursor, table: TableDraft) -> None:
    cursor.take("DEFAULT")
    name = "charset" if cursor.take("CHARACTER", "SET") else cursor.skip().text.lower()
    cursor.take("=")
    if name == "comment":
        table.comment = cursor.string()
        return
    value = cursor.group() if cursor.at("(") else cursor.skip()
    text = (
        value
        if isinstance(value, str)
        else cursor.text[value.start : value.end]
        if value.kind == "word"
        else value.text
    )
    if name.upper() not in _STATES:  # AUTO_INCREMENT=201 is where the rows are, not what the table is
        table.storage["collation" if name == "collate" else name] = text


def _partitioning(cursor: Cursor, table: TableDraft) -> list[str]:
    """Read PARTITION BY; its partitions, which no table of the model stands for, are returned as written."""
    start = cursor.token.start
    cursor.take("PARTITION", "BY")
    cursor.take("LINEAR")
    strategy = cursor.take_any(_PARTITION_WORDS)
    cursor.take_any({"COLUMNS"})
    if not strategy or not cursor.at("("):
        cursor.rest()
        return [cursor.text[start:]]
    inside = cursor.group()
    table.partitioning = Partitioning("hash" if strategy == "KEY" else strategy.lower(), _parts(inside, table, cursor))
    rest = cursor.rest()
    return [cursor.text[start:].strip() if strategy == "KEY" else rest] if rest or strategy == "KEY" else []


def _parts(text: str, table: TableDraft, cursor: Cursor) -> tuple[IndexColumn, ...]:
    names = [each.strip().strip('`"') for each in text.split(",")]
    if all(any(column.name.casefold() == name.casefold() for column in table.columns) for name in names):
        return tuple(IndexColumn(column=table.spelled(name)) for name in names)
    return (IndexColumn(expression=dialect_expression(text, cursor.dialect)),)
