"""INSERT that leaves out what must be given."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.model import Column, Table
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["InsertMissesColumn"]


class InsertMissesColumn(QueryRule):
    """The INSERT leaves out a column that is NOT NULL and has no default, so that the server refuses every row.

    A trigger BEFORE INSERT may fill the column: tables with one are let pass, and so are columns that are generated or
    an identity, or whose domain may have a default.
    """

    code = "QRY011"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Give the column a value, or a default."
    source = "https://www.postgresql.org/docs/current/sql-insert.html"
    before = (
        "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY, total int NOT NULL,"
        " made date NOT NULL DEFAULT now(), note text);"
    )
    kinds = frozenset({"insert"})
    bad = ("INSERT INTO orders (note) VALUES ('x')", "INSERT INTO orders (made, note) SELECT now(), 'x'")
    good = ("INSERT INTO orders (total) VALUES (1)", "INSERT INTO orders (note, total) VALUES ('x', 1)")

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each column that is left out and must not be."""
        target, named = query.query.target, query.query.target_columns
        table = query.table(target) if target is not None else None
        if target is None or named is None or query.tables is None or not isinstance(table, Table):
            return
        if any(each.timing == "before" and "insert" in each.events for each in table.triggers):
            return
        domains = {each.name for each in query.tables.model.domains}
        given = {each.text for each in named}
        for name, column in query.tables.columns(table).items():
            filled = bool(column.nullable or column.default or column.identity or column.generated)
            filled = filled or name in given or _is_row_number(query, table, column)
            if not filled and column.type.name not in domains:
                node = Node("", target.name, start=target.start, end=target.end)
                message = f"INSERT into {table.id} leaves out {column.name}, which is NOT NULL and has no default"
                yield self.at(query, node, message, subject=f"{table.id}.{column.name}")


def _is_row_number(query: QueryInModel, table: Table, column: Column) -> bool:
    """Whether a column is SQLite's number of the row, which fills itself."""
    key = table.primary_key
    return query.dialect == "sqlite" and key is not None and key.columns == (column.name,)
