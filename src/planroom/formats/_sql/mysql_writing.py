"""A model of MySQL's dialect as a script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from planroom.formats._postgres.clauses import words
from planroom.formats._sql.writing import Script, enclosed
from planroom.model import Column, ForeignKey, Index, Model, PrimaryKey, Table, Unique, Unread, View
from planroom.sqltext.dialect_types import write_type

__all__ = ["script"]

_METHODS = {"fulltext": "FULLTEXT KEY", "spatial": "SPATIAL KEY"}
_ON_UPDATE = re.compile(r"(?P<default>.*?)\s*\bON UPDATE (?P<value>.*)", re.DOTALL | re.IGNORECASE)
_LONG = re.compile(r"(?:tiny|medium|long)?(?:text|blob)|json|bytea|geometry", re.IGNORECASE)


def script(model: Model) -> str:
    """Return a model of MySQL's dialect as a script that makes it in an empty database."""
    return _MysqlScript(model).text()


class _MysqlScript(Script):
    dialect = "mysql"

    @cached_property
    def _enums(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {(each.schema, each.name): each.labels for each in self.model.enums}

    def opening(self) -> list[str]:
        names = sorted({each.schema for each in self.model.tables_and_views} - {""})
        return [f"CREATE DATABASE IF NOT EXISTS {self.quoted(name)};" for name in names]

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def literal(self, text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"

    def is_ready(self, key: ForeignKey, made: set[str]) -> bool:
        return key.referenced_table in made

    def column(self, table: Table, column: Column) -> tuple[str, str, str]:
        return self.quoted(column.name), self._type(column), self._clauses(column)

    def _type(self, column: Column) -> str:
        labels = self._enums.get((column.type.schema, column.type.name))
        if labels is not None:
            return "enum(" + ",".join(self.literal(label) for label in labels) + ")"
        return write_type(column.type, model_dialect="mysql", to="mysql").text

    def _clauses(self, column: Column) -> str:
        generated = column.generated
        collation = column.collation
        kind = "COLLATE" if "_" in collation or collation == "binary" else "CHARACTER SET"
        return words(
            f"{kind} {collation}" if collation else "",
            f"GENERATED ALWAYS AS {enclosed(generated.expression.text)}" if generated else "",
            ("STORED" if generated.stored else "VIRTUAL") if generated else "",
            "NOT NULL" if not column.nullable else "NULL" if column.type.name.startswith("timestamp") else "",
            self._default(column),
            "AUTO_INCREMENT" if column.identity else "",
            f"COMMENT {self.literal(column.comment)}" if column.comment else "",
        )

    def _default(self, column: Column) -> str:
        if column.default is None:
            return ""
        found = _ON_UPDATE.fullmatch(column.default.text)
        if found:
            default = found["default"]
            return words(f"DEFAULT {default}" if default.upper() != "NULL" else "", f"ON UPDATE {found['value']}")
        text = self.default(column.default)
        long = bool(_LONG.fullmatch(column.type.name)) and not text.startswith("(")
        return f"DEFAULT {enclosed(text)}" if long and text.upper() != "NULL" else f"DEFAULT {text}"

    def keys(self, table: Table) -> list[str]:
        return [
            *(self._key(key) for key in table.keys),
            *(self._index(each) for each in table.indexes if each.method != "btree" or not each.predicate),
            *(
                words(
                    self.constraint(each.name),
                    "CHECK",
                    enclosed(each.expression.text),
                    "" if each.enforced else "NOT ENFORCED",
                )
                for each in table.checks
            ),
        ]

    def _key(self, key: PrimaryKey | Unique) -> str:
        if isinstance(key, PrimaryKey):
            return f"PRIMARY KEY {self.list_of(key.columns)}"
        head = f"UNIQUE KEY {self.quoted(key.name)}"
        return words(head, self.list_of(key.columns), _storage(key.storage), self._comment(key.comment))

    def _index(self, index: Index) -> str:
        kind = _METHODS.get(index.method, "UNIQUE KEY" if index.unique else "KEY")
        using = f"USING {index.method.upper()}" if index.method not in {*_METHODS, "btree"} else ""
        parts = words(kind, self.quoted(index.name), self.parts(index), using)
        return words(parts, _storage(index.storage), self._comment(index.comment))

    def _comment(self, text: str) -> str:
        return f"COMMENT {self.literal(text)}" if text else ""

    def separate_indexes(self, table: Table) -> Sequence[Index]:
        return ()

    def options(self, table: Table) -> str:
        storage = {
            "DEFAULT CHARSET" if k == "charset" else "COLLATE" if k == "collation" else k.upper(): v
            for k, v in table.storage
        }
        partitioning = table.partitioning
        by = ""
        if partitioning:
            plain = all(part.column for part in partitioning.columns)
            inside = (
                ", ".join(self.quoted(part.column) for part in partitioning.columns) if plain
                else ", ".join(part.expression.text for part in partitioning.columns if part.expression)
            )  # fmt: skip
            # RANGE and LIST want their partitions, which no model of MySQL's holds: they are said, not made
            by = f"PARTITION BY HASH ({inside})" if partitioning.strategy == "hash" else ""
        return words(*(f"{name}={value}" for name, value in storage.items()), self._table_comment(table), by)

    def _table_comment(self, table: Table) -> str:
        return f"COMMENT={self.literal(table.comment)}" if table.comment else ""

    def view_words(self, view: View) -> str:
        security = dict(view.options).get("security_invoker")
        return f"SQL SECURITY {'INVOKER' if security == 'true' else 'DEFINER'}" if security else ""

    def statement(self, unread: Unread) -> str:
        text = unread.text.rstrip()
        if ";" not in text:
            return text + ";"
        mark = next(mark for mark in ("//", "$$", ";;", "|||") if mark not in text)
        return f"DELIMITER {mark}\n{text}\n{mark}\nDELIMITER ;"


def _storage(pairs: Sequence[tuple[str, str]]) -> str:
    return words(*(f"{name.upper()}={value}" for name, value in pairs))
