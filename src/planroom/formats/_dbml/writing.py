"""A model as a DBML text, and what of it DBML cannot hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.ddl.columns import sequence_default
from planroom.ddl.naming import columns_part, default_name, index_column_names
from planroom.findings import Effect, Finding, Severity
from planroom.formats._dbml.drafts import alone, part_name
from planroom.formats._dbml.meanings import DIALECTS, Meanings
from planroom.formats._dbml.quoting import note, quoted, quoted_all, string, type_text
from planroom.formats._dbml.settings import COLUMN, TABLE, is_color
from planroom.model import Annotations, Column, ForeignKey, Index, IndexColumn, Model, SequenceOptions, Table, qualified
from planroom.model.names import DEFAULT_SCHEMA
from planroom.model.relations import Cardinality, relation_of
from planroom.model.types import Sequence
from planroom.sqltext import DataType, Expression

if TYPE_CHECKING:
    from planroom.model import Enum, PrimaryKey, Unique

__all__ = ["Writer"]

_PRODUCTS = {
    "postgres": "PostgreSQL", "mysql": "MySQL", "tsql": "SQL Server", "oracle": "Oracle", "sqlite": "SQLite",
    "snowflake": "Snowflake", "bigquery": "BigQuery", "redshift": "Redshift", "duckdb": "DuckDB",
}  # fmt: skip
_SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_INDENT = "  "
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LITERAL = re.compile(r"'(?:[^'\\]|'')*'")
_OWN_SETTING = re.compile(r"[a-z_][a-z0-9_]*")

Reading = Callable[[str], Expression]
"""What a text of SQL means where it stands."""


class Writer:
    """Writes one model.

    Attributes:
        losses: What was changed or left out, as far as `DbmlFormat.loses` does not say it of every model.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._postgres = model.dialect == "postgres"
        self._meanings = Meanings(model.dialect, model.enums)
        self._enums = {each.name for each in model.enums if each.schema == DEFAULT_SCHEMA and each.labels}
        self._tables = {each.id: each for each in model.tables if not each.partition_of and each.columns}
        self._ends: set[frozenset[tuple[str, tuple[str, ...]]]] = set()
        self.losses: list[Finding] = []

    def text(self) -> str:
        """Return the model as DBML."""
        blocks = [self._project(), *map(self._enum, self._model.enums)]
        references: list[str] = []
        for table in self._tables.values():
            inline, others = self._foreign_keys(table)
            blocks.append(self._table(table, inline))
            references += others
        blocks += ["\n".join(references), *self._groups()]
        for table in self._model.tables:
            if not table.columns:
                self._lost(table.id, "it has no column, and DBML has no table without one")
        return "\n\n".join(block for block in blocks if block) + "\n"

    def _lost(self, subject: str, why: str) -> None:
        self.losses.append(
            Finding(
                code="DBML010",
                slug="not-in-dbml",
                severity=Severity.WARNING,
                effect=Effect.ADVICE,
                message=f"{subject} is left out, or not as it was: {why}",
                subject=subject,
                why=why,
            )
        )

    # -- the project and its enums -------------------------------------------------------------------------------------

    def _project(self) -> str:
        product = _PRODUCTS.get(self._model.dialect, self._model.dialect)
        if product.lower() not in DIALECTS:
            self._lost("the dialect", f"DBML has no database type for {self._model.dialect}")
        name = f"{quoted(self._model.name)} " if self._model.name else ""
        return f"Project {name}{{\n{_INDENT}database_type: {string(product)}\n}}"

    def _enum(self, enum: Enum) -> str:
        if not enum.labels:
            self._lost(enum.id, "it has no label, and DBML has no enum without one")
            return ""
        labels = "".join(f"{_INDENT}{quoted(label)}\n" for label in enum.labels)
        return f"Enum {quoted_all(enum.schema, enum.name)} {{\n{labels}}}"

    # -- tables --------------------------------------------------------------------------------------------------------

    def _table(self, table: Table, references: Mapping[str, list[str]]) -> str:
        settings = self._notes(table.id, table.annotations, TABLE, without="context")
        header = f"Table {quoted_all(table.schema, table.name)}{_listed(settings)} {{"
        lines = [header, *self._columns(table, references)]
        lines += _block("indexes", [*self._keys(table), *self._indexes(table)])
        lines += _block("checks", self._checks(table))
        if table.comment:
            lines += ["", f"{_INDENT}Note: {note(table.comment, _INDENT)}"]
        return "\n".join([*lines, "}"])

    def _columns(self, table: Table, references: Mapping[str, list[str]]) -> Iterator[str]:
        keyed = table.primary_key.columns if table.primary_key and self._is_inline_key(table) else ()
        primary = set(table.primary_key.columns) if table.primary_key else set()
        unique = {each.columns[0] for each in table.unique_constraints if self._is_inline_unique(table, each)}
        for column in table.columns:
            serial = self._serial(table, column)
            settings = [
                *(["pk"] if column.name in keyed else []),
                *(["increment"] if column.identity else []),
                *(["not null"] if not (column.nullable or column.identity or serial or column.name in primary) else []),
                *(["unique"] if column.name in unique else []),
                *([] if serial else self._default(table, column)),
                *references.get(column.name, []),
                *([f"note: {note(column.comment, _INDENT)}"] if column.comment else []),
                *self._notes(f"{table.id}.{column.name}", column.annotations, COLUMN),
            ]
            yield f"{_INDENT}{quoted(column.name)} {serial or self._type(column.type)}{_listed(settings)}"

    def _type(self, kind: DataType) -> str:
        return type_text(kind, postgres=self._postgres, enums=self._enums)

    @cached_property
    def _sequences(self) -> Mapping[str, Sequence]:
        """The sequences that go with a column and are otherwise plain, by the column's id."""
        return {
            each.owned_by: each
            for each in self._model.sequences
            if each.owned_by and each.options == SequenceOptions() and not (each.unlogged or each.comment)
        }

    def _serial(self, table: Table, column: Column) -> str:
        """Return the type that makes the column and its sequence; empty where none does."""
        sequence = self._sequences.get(qualified(table.schema, table.name, column.name)) if column.default else None
        kind = _SERIALS.get(column.type.name, "")
        if sequence is None or not self._postgres or not kind or column.nullable or column.type.array:
            return ""
        same = (sequence.schema, sequence.type) == (table.schema, column.type)
        drawn = column.default == sequence_default(sequence.schema, sequence.name, column.type)
        own = self._is_default(table, sequence.name, default_name(table.name, column.name, "seq"))
        return kind if same and drawn and own and kind not in self._enums else ""

    def _default(self, table: Table, column: Column) -> list[str]:
        if column.default is None:
            return []
        subject = f"the default of {qualified(table.schema, table.name, column.name)}"
        text = self._written(column.default, subject, lambda text: self._meanings.literal(text, column.type))
        if text is None:
            return []
        return [f"default: {_constant(text)}"]

    def _notes(self, subject: str, notes: Annotations, known: Mapping[str, str], *, without: str = "") -> list[str]:
        """Return annotations as settings of the author's own."""
        if not notes:
            return []
        own = {each.name: getattr(notes, each.name) for each in fields(notes) if each.name not in ("other", without)}
        settings = [f"{name}: {string(_number(value))}" for name, value in own.items() if value not in (None, "")]
        for name, value in notes.other:
            if name == "headercolor" and name in known and is_color(value):
                settings.append(f"{name}: {value}")
            elif _OWN_SETTING.fullmatch(name) and name not in known and name not in own and name != without:
                settings.append(f"{name}: {string(value)}")
            else:
                self._lost(subject, f"DBML has no setting of one's own that is called {name!r}")
        return settings

    # -- keys, indexes, checks -----------------------------------------------------------------------------------------

    @cached_property
    def _bearers(self) -> Counter[tuple[str, str]]:
        """How many things of a schema bear a name: a default name is left out where no other could take it."""
        found: Counter[tuple[str, str]] = Counter((each.schema, each.name) for each in self._model.sequences)
        for table in self._model.tables:
            named = (*table.keys, *table.indexes, *table.checks, *table.foreign_keys)
            found.update((table.schema, each.name) for each in named)
            found[table.schema, table.name] += 1
        return found

    def _is_default(self, table: Table, name: str, usual: str) -> bool:
        return name == usual and self._bearers[table.schema, name] == 1

    def _is_inline_key(self, table: Table) -> bool:
        """Whether the primary key can stand beside its columns."""
        key = table.primary_key
        if key is None or key.comment or not self._is_default(table, key.name, default_name(table.name, "", "pkey")):
            return False
        return key.columns == tuple(each.name for each in table.columns if each.name in key.columns)

    def _is_inline_unique(self, table: Table, key: Unique) -> bool:
        """Whether a unique constraint can stand beside its column."""
        return len(key.columns) == 1 and not key.comment and not self._key_name(table, key, "key")

    def _key_name(self, table: Table, key: PrimaryKey | Unique, label: str) -> str:
        """Return the name of a key; empty where reading finds it by itself."""
        addition = columns_part(index_column_names(key.columns)) if label == "key" else ""
        repeats = label == "key" and table.primary_key is not None and table.primary_key.columns == key.columns
        usual = self._is_default(table, key.name, default_name(table.name, addition, label))
        return "" if usual and not repeats else key.name

    def _keys(self, table: Table) -> Iterator[str]:
        key = table.primary_key
        if key and not self._is_inline_key(table):
            yield _key_line(key, ["pk", *_name(self._key_name(table, key, "pkey"))])
        for each in table.unique_constraints:
            if not self._is_inline_unique(table, each):
                yield _key_line(each, ["unique", *_name(self._key_name(table, each, "key"))])

    def _indexes(self, table: Table) -> Iterator[str]:
        types = {column.name: column.type for column in table.columns}
        for index in table.indexes:
            if index.predicate is not None:
                continue
            parts = [self._part(index, part, types) for part in index.columns]
            if None in parts:
                continue
            names = index_column_names([part_name(part) for part in index.columns])
            usual = default_name(table.name, columns_part(names), "idx")
            settings = [
                *(["unique"] if index.unique else []),
                *([f"type: {quoted(index.method)}"] if index.unique or index.method != "btree" else []),
                *_name("" if self._is_default(table, index.name, usual) else index.name),
                *([f"note: {note(index.comment, _INDENT * 2)}"] if index.comment else []),
            ]
            yield _tuple([part for part in parts if part]) + _listed(settings)

    def _part(self, index: Index, part: IndexColumn, types: Mapping[str, DataType]) -> str | None:
        """Return one part of an index as it is written; None where it cannot be."""
        if part.expression is None:
            return quoted(part.column)
        text = self._written(part.expression, f"index {index.name}", lambda text: self._meanings.condition(text, types))
        return None if text is None else f"`{text}`"

    def _checks(self, table: Table) -> Iterator[str]:
        types = {column.name: column.type for column in table.columns}
        for check in table.checks:
            text = self._written(
                check.expression,
                f"check {check.name} of {table.id}",
                lambda text: self._meanings.condition(text, types),
            )
            if text is not None:
                usual = default_name(table.name, alone(text, types), "check")
                name = "" if self._is_default(table, check.name, usual) else check.name
                yield f"`{text}`{_listed(_name(name))}"

    def _written(self, expression: Expression, subject: str, read: Reading) -> str | None:
        """Return the text of an expression that reads back as the same; None where DBML can write none."""
        texts = [text for text in dict.fromkeys((expression.text, expression.canonical)) if "`" not in text]
        for text in texts:
            if read(text) == expression:
                return text
        if not texts:
            self._lost(subject, "it has a backtick in it, and expressions stand between backticks")
            return None
        self._lost(subject, "what it means depends on names that DBML does not hold")
        return texts[0]

    # -- references ----------------------------------------------------------------------------------------------------

    def _foreign_keys(self, table: Table) -> tuple[Mapping[str, list[str]], list[str]]:
        """Return what stands beside columns, by their names, and what stands on its own."""
        inline: dict[str, list[str]] = {}
        others: list[str] = []
        for key in table.foreign_keys:
            parent = self._tables.get(key.referenced_table)
            reason = self._obstacle(table, key, parent)
            if parent is None or reason:
                self._lost(f"foreign key {key.name} of {table.id}", reason)
                continue
            one = relation_of(table, key).child_cardinality is Cardinality.ZERO_OR_ONE
            usual = default_name(table.name, columns_part(key.columns), "fkey")
            name = "" if self._is_default(table, key.name, usual) else key.name
            settings = _actions(key)
            target = _endpoint(parent, key.referenced_columns)
            if not name and not settings and len(key.columns) == 1:
                inline.setdefault(key.columns[0], []).append(f"ref: {'-' if one else '>'} {target}")
            else:
                own = _endpoint(table, key.columns)
                ends = f"{target} - {own}" if one else f"{own} > {target}"
                others.append(f"Ref{' ' + quoted(name) if name else ''}: {ends}{_listed(settings)}")
        return inline, others

    def _obstacle(self, table: Table, key: ForeignKey, parent: Table | None) -> str:
        """Return why a foreign key cannot be written; empty when it can."""
        if parent is None:
            return f"{key.referenced_table} is not in the text"
        columns = {*parent.columns_by_name}
        if not columns.issuperset(key.referenced_columns) or not table.columns_by_name.keys() >= {*key.columns}:
            return "one of its columns is not there"
        ends = frozenset([(table.id, key.columns), (parent.id, key.referenced_columns)])
        if len(ends) == 1:
            return "it leads to its own columns"
        if ends in self._ends:
            return "DBML relates the same two ends once only"
        self._ends.add(ends)
        return ""

    def _groups(self) -> Iterator[str]:
        """Yield the contexts, as groups of tables."""
        members: dict[str, list[str]] = {}
        for table in self._tables.values():
            if table.annotations.context:
                name = quoted_all(table.schema, table.name)
                members.setdefault(table.annotations.context, []).append(f"{_INDENT}{name}\n")
        for context, names in sorted(members.items()):
            yield f"TableGroup {quoted(context)} {{\n{''.join(names)}}}"


# -- pieces of text ----------------------------------------------------------------------------------------------------


def _listed(settings: Iterable[str]) -> str:
    found = ", ".join(settings)
    return f" [{found}]" if found else ""


def _block(word: str, lines: Iterable[str]) -> list[str]:
    inner = [_INDENT * 2 + line for line in lines]
    return ["", f"{_INDENT}{word} {{", *inner, f"{_INDENT}}}"] if inner else []


def _name(name: str) -> list[str]:
    return [f"name: {string(name)}"] if name else []


def _tuple(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


def _key_line(key: PrimaryKey | Unique, settings: list[str]) -> str:
    remark = [f"note: {note(key.comment, _INDENT * 2)}"] if key.comment else []
    return _tuple([quoted(column) for column in key.columns]) + _listed([*settings, *remark])


def _endpoint(table: Table, columns: tuple[str, ...]) -> str:
    owner = quoted_all(table.schema, table.name)
    own = [quoted(column) for column in columns]
    return f"{owner}.{own[0]}" if len(own) == 1 else f"{owner}.({', '.join(own)})"


def _actions(key: ForeignKey) -> list[str]:
    named = (("delete", key.on_delete), ("update", key.on_update))
    return [f"{name}: {action}" for name, action in named if action != "no action"]


def _constant(text: str) -> str:
    """Return a default as DBML writes constants, and everything else between backticks."""
    if _NUMBER.fullmatch(text) or text in ("true", "false"):
        return text
    return string(text[1:-1].replace("''", "'")) if _LITERAL.fullmatch(text) else f"`{text}`"


def _number(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)
