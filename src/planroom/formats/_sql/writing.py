"""What the scripts of MySQL and SQLite have in common: order, columns, constraints."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property

from planroom.formats._postgres.clauses import aligned, block, words
from planroom.formats._postgres.order import Strength, arranged
from planroom.model import Column, ForeignKey, Index, IndexColumn, Model, Table, Unread, View
from planroom.sqltext import Expression
from planroom.sqltext.dialect_expressions import query_columns, query_tables

__all__ = ["Script", "enclosed"]

_SIMPLE = re.compile(
    r"[+-]?\d+(?:\.\d+)?|'(?:[^'\\]|'')*'|[xX]'[0-9a-fA-F]*'|null|true|false|current_(?:timestamp|date|time)(?:\(\d?\))?|"
    r"now\(\d?\)",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"\s*(?:create|alter)\b", re.IGNORECASE)


def enclosed(text: str) -> str:
    """Return an expression in parentheses; a comment at its end must not swallow the closing one."""
    return f"({text}\n)" if "--" in text.rpartition("\n")[2] or "#" in text.rpartition("\n")[2] else f"({text})"


class Script(ABC):
    """One script in the making, from a model of its own dialect."""

    dialect: str

    def __init__(self, model: Model) -> None:
        self.model = model

    def text(self) -> str:
        """Return the script."""
        return "\n\n".join("\n".join(each) for each in self._blocks() if each) + "\n"

    def _blocks(self) -> Iterable[list[str]]:
        yield self.opening()
        late: list[str] = []
        made: set[str] = set()
        for key in self._order:
            kind, _, name = key.partition(" ")
            made.add(name)
            if kind == "view":
                yield [self.view(self.model.views_by_id[name])]
                continue
            table = self.model.tables_by_id[name]
            now = [each for each in table.foreign_keys if self.is_ready(each, made)]
            late += [self.add_foreign_key(table, each) for each in table.foreign_keys if each not in now]
            yield [self.table(table, now), *(self.index(table, each) for each in self.separate_indexes(table))]
        yield late
        kept = [self.statement(each) for each in self.model.unread if self._is_statement(each)]
        yield ["-- Not in the model, as it was written:", *kept] if kept else []

    def _is_statement(self, unread: Unread) -> bool:
        whole = unread.kind == "structure" and not unread.what.startswith("a clause of")
        return whole and bool(_STATEMENT.match(unread.text))

    @cached_property
    def _order(self) -> list[str]:
        """Tables before those that refer to them, views after what they name."""
        needs: dict[str, dict[str, Strength]] = {
            f"table {table.id}": {f"table {each.referenced_table}": Strength.REFERENCE for each in table.foreign_keys}
            for table in self.model.tables
        }
        known = {
            (each.schema.casefold(), each.name.casefold()): ("table" if isinstance(each, Table) else "view", each.id)
            for each in self.model.tables_and_views
        }
        for view in self.model.views:
            named = query_tables(view.query.text, self.dialect)
            found = (known.get(((schema or view.schema).casefold(), name.casefold())) for schema, name in named)
            needs[f"view {view.id}"] = dict.fromkeys((" ".join(each) for each in found if each), Strength.HARD)
        return arranged(needs)

    # -- what dialects write their own way ---------------------------------------------------------------------------

    @abstractmethod
    def quoted(self, name: str) -> str:
        """Return a name in quotes."""

    @abstractmethod
    def literal(self, text: str) -> str:
        """Return a string constant."""

    @abstractmethod
    def column(self, table: Table, column: Column) -> tuple[str, str, str]:
        """Return a column's name, type, and clauses."""

    @abstractmethod
    def keys(self, table: Table) -> list[str]:
        """Return the keys, checks and indexes that stand in CREATE TABLE."""

    def opening(self) -> list[str]:
        """Return what comes before everything."""
        return []

    def is_ready(self, key: ForeignKey, made: set[str]) -> bool:
        """Whether a foreign key can stand in CREATE TABLE."""
        return True

    def separate_indexes(self, table: Table) -> Sequence[Index]:
        """Return the indexes that have a statement of their own."""
        return table.indexes

    def options(self, table: Table) -> str:
        """Return what stands behind the columns."""
        return ""

    def statement(self, unread: Unread) -> str:
        """Return a statement that the model does not hold."""
        return unread.text.rstrip().rstrip(";") + ";"

    # -- what they share ---------------------------------------------------------------------------------------------

    def named(self, schema: str, name: str) -> str:
        """Return a name with its schema, unless that is the default one."""
        return (f"{self.quoted(schema)}." if schema not in {"", "main"} else "") + self.quoted(name)

    def list_of(self, names: Iterable[str]) -> str:
        """Return names in parentheses."""
        return "(" + ", ".join(self.quoted(name) for name in names) + ")"

    def constraint(self, name: str) -> str:
        """Return the words that name a constraint."""
        return f"CONSTRAINT {self.quoted(name)}" if name else ""

    def table(self, table: Table, foreign_keys: Sequence[ForeignKey]) -> str:
        """Return CREATE TABLE."""
        rows = aligned([self.column(table, each) for each in table.columns])
        keys = [*self.keys(table), *(self.foreign_key(table, each) for each in foreign_keys)]
        return (
            words(f"CREATE TABLE {self.named(table.schema, table.name)} {block(rows, keys)}", self.options(table)) + ";"
        )

    def foreign_key(self, table: Table, key: ForeignKey) -> str:
        """Return a foreign key."""
        target = self.model.tables_by_id[key.referenced_table]
        return words(
            self.constraint(self.constraint_name(table, key)),
            "FOREIGN KEY",
            self.list_of(key.columns),
            "REFERENCES",
            self.named(target.schema, target.name),
            self.list_of(key.referenced_columns),
            f"ON DELETE {key.on_delete.upper()}" if key.on_delete != "no action" else "",
            f"ON UPDATE {key.on_update.upper()}" if key.on_update != "no action" else "",
            "MATCH FULL" if key.match_full else "",
            "DEFERRABLE" if key.deferrable else "",
            "INITIALLY DEFERRED" if key.initially_deferred else "",
        )

    def constraint_name(self, table: Table, constraint: ForeignKey) -> str:
        """Return the name to write; empty where the engine gives the same."""
        return constraint.name

    def add_foreign_key(self, table: Table, key: ForeignKey) -> str:
        """Return the statement that adds a foreign key whose table comes later."""
        return f"ALTER TABLE {self.named(table.schema, table.name)} ADD {self.foreign_key(table, key)};"

    def part(self, part: IndexColumn) -> str:
        """Return one part of an index."""
        length = dict(part.operator_class_options).get("length", "")
        text = self.quoted(part.column) if part.column else enclosed(part.expression.text if part.expression else "")
        return words(
            text + (f"({length})" if length else ""),
            f"COLLATE {self.quoted(part.collation)}" if part.collation else "",
            "DESC" if part.descending else "",
        )

    def parts(self, index: Index) -> str:
        """Return the parts of an index in parentheses."""
        return "(" + ", ".join(self.part(each) for each in index.columns) + ")"

    def index(self, table: Table, index: Index) -> str:
        """Return CREATE INDEX."""
        return (
            words(
                "CREATE",
                "UNIQUE" if index.unique else "",
                f"INDEX {self.quoted(index.name)} ON {self.named(table.schema, table.name)}",
                self.parts(index),
                f"WHERE {index.predicate.text}" if index.predicate else "",
            )
            + ";"
        )

    def view(self, view: View) -> str:
        """Return CREATE VIEW."""
        names = tuple(column.name for column in view.columns)
        listed = self.list_of(names) if names and names != query_columns(view.query.text, self.dialect) else ""
        head = words("CREATE", self.view_words(view), "VIEW", self.named(view.schema, view.name), listed, "AS")
        check = dict(view.options).get("check_option", "")
        tail = f"\nWITH {check.upper()} CHECK OPTION" if check else ""
        return f"{head}\n{view.query.text}{tail};"

    def view_words(self, view: View) -> str:
        """Return what stands between CREATE and VIEW."""
        return ""

    def default(self, expression: Expression) -> str:
        """Return a DEFAULT clause's value: in parentheses, unless it is a constant."""
        text = expression.text
        return text if _SIMPLE.fullmatch(text) else enclosed(text)
