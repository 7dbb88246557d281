"""A model of SQLite's dialect as a script."""

from __future__ import annotations

from planroom.ddl.naming import columns_part, default_name
from planroom.formats._postgres.clauses import words
from planroom.formats._sql.drafts import KeyDraft, TableDraft, mentioned_columns
from planroom.formats._sql.writing import Script, enclosed
from planroom.model import Check, Column, ForeignKey, Model, PrimaryKey, Table, Unique
from planroom.sqltext.dialect_types import write_type

__all__ = ["script"]


def script(model: Model) -> str:
    """Return a model of SQLite's dialect as a script that makes it in an empty database."""
    return _SqliteScript(model).text()


class _SqliteScript(Script):
    dialect = "sqlite"

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def literal(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    def column(self, table: Table, column: Column) -> tuple[str, str, str]:
        kind = write_type(column.type, model_dialect="sqlite", to="sqlite").text.upper()
        generated = column.generated
        return self.quoted(column.name), kind, words(
            f"COLLATE {self.quoted(column.collation)}" if column.collation else "",
            self._identity(table, column),
            f"GENERATED ALWAYS AS {enclosed(generated.expression.text)}" if generated else "",
            ("STORED" if generated.stored else "VIRTUAL") if generated else "",
            "NOT NULL" if not column.nullable else "",
            f"DEFAULT {self.default(column.default)}" if column.default else "",
        )  # fmt: skip

    def _identity(self, table: Table, column: Column) -> str:
        key = table.primary_key
        if not column.identity or not key:
            return ""
        return words(self.constraint(self._unless_default(table, key)), "PRIMARY KEY AUTOINCREMENT")

    def keys(self, table: Table) -> list[str]:
        own = any(column.identity for column in table.columns)
        return [
            *(
                words(
                    self.constraint(self._unless_default(table, key)),
                    "PRIMARY KEY" if isinstance(key, PrimaryKey) else "UNIQUE",
                    self.list_of(key.columns),
                )
                for key in table.keys
                if not (own and isinstance(key, PrimaryKey))
            ),
            *(
                words(self.constraint(self._unless_default(table, each)), "CHECK", enclosed(each.expression.text))
                for each in table.checks
            ),
        ]

    def constraint_name(self, table: Table, constraint: ForeignKey) -> str:
        return self._unless_default(table, constraint)

    def _unless_default(self, table: Table, constraint: PrimaryKey | Unique | Check | ForeignKey) -> str:
        """Return a constraint's name, unless the reader gives it anyway."""
        if isinstance(constraint, Check):
            draft = TableDraft(table.schema, table.name, list(table.columns))
            columns = mentioned_columns(draft, KeyDraft("check", expression=constraint.expression))[:1]
            label = "check"
        else:
            columns = () if isinstance(constraint, PrimaryKey) else constraint.columns
            label = {"PrimaryKey": "pkey", "Unique": "key", "ForeignKey": "fkey"}[type(constraint).__name__]
        return "" if constraint.name == default_name(table.name, columns_part(columns), label) else constraint.name

    def options(self, table: Table) -> str:
        storage = dict(table.storage)
        said = [word for key, word in (("without_rowid", "WITHOUT ROWID"), ("strict", "STRICT")) if key in storage]
        return ", ".join(said)
