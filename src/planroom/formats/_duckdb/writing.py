"""A model as DuckDB DDL: what DuckDB has not is left out, and listed at the top of the script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from planroom.formats._duckdb.types import Types, is_key_type, quoted
from planroom.formats._postgres.clauses import aligned, block, literal, words
from planroom.formats._postgres.order import Strength, arranged
from planroom.formats._postgres.references import Names
from planroom.model import (
    Column,
    Enum,
    ForeignKey,
    Index,
    Model,
    PrimaryKey,
    Sequence,
    SequenceOptions,
    Table,
    Unique,
    View,
)
from planroom.sqltext import Expression
from planroom.sqltext.transpiling import transpile

__all__ = ["script"]

_NEXTVAL = re.compile(r"nextval\('((?:[^']|'')*)'(?:::regclass)?\)", re.IGNORECASE)


def script(model: Model) -> str:
    """Return the model as a script that runs in DuckDB 2."""
    return _Script(model).text()


@dataclass
class _Script:
    """One script in the making; ``left_out`` grows while it is written."""

    model: Model
    left_out: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def text(self) -> str:
        blocks = [block for block in self._blocks() if block]
        heading = [
            "-- Left out, because DuckDB has no such thing:",
            *(f"--   {_one_line(each)}" for each in self.left_out),
        ]
        return "\n\n".join(["\n".join(heading)] * bool(self.left_out) + ["\n".join(each) for each in blocks]) + "\n"

    def _blocks(self) -> list[list[str]]:
        model = self.model
        self._list_what_duckdb_lacks()
        blocks = [[f"CREATE SCHEMA IF NOT EXISTS {quoted(name)};" for name in self._schemas]]
        blocks += [self._enum(each) for each in model.enums]
        blocks += [self._sequence(each) for each in model.sequences]
        for key in self._order:
            kind, _, name = key.partition(" ")
            if kind == "table":
                blocks += self._table(model.tables_by_id[name])
            else:
                blocks.append(self._view(model.views_by_id[name]))
        return blocks

    @cached_property
    def _schemas(self) -> list[str]:
        model = self.model
        objects = (model.tables, model.views, model.enums, model.sequences)
        used = {each.schema for found in objects for each in found}
        return sorted((used | {each.name for each in model.schemas}) - {"main", ""})

    def _list_what_duckdb_lacks(self) -> None:
        model = self.model
        self.left_out += [f"extension {each.name}" for each in model.extensions if each.name != "plpgsql"]
        self.left_out += [f"{each.kind} {each.signature}" for each in model.routines]
        self.left_out += [f"range type {each.id}" for each in model.range_types]
        self.left_out += [f"domain {each.id}: its checks, NOT NULL and default" for each in model.domains]

    def _claim(self, kind: str, *names: str) -> bool:
        """Take a name; DuckDB tells names apart without regard to case."""
        name = f"{kind} {quoted(*names)}".casefold()
        if name in self.taken:
            self.left_out.append(f"{kind} {quoted(*names)}: another has this name, but for its case")
            return False
        self.taken.add(name)
        return True

    # -- types and sequences -------------------------------------------------------------------------------------

    @cached_property
    def _types(self) -> Types:
        return Types(self.model)

    def _enum(self, enum: Enum) -> list[str]:
        name = quoted(enum.schema, enum.name)
        labels = ", ".join(literal(label) for label in enum.labels)
        return [f"CREATE TYPE {name} AS ENUM ({labels});", *_comment("TYPE", name, enum.comment)]

    def _sequence(self, sequence: Sequence) -> list[str]:
        name = quoted(sequence.schema, sequence.name)
        self._claim("sequence", sequence.schema, sequence.name)
        return [_create_sequence(name, sequence.options), *_comment("SEQUENCE", name, sequence.comment)]

    # -- order ---------------------------------------------------------------------------------------------------

    @cached_property
    def _order(self) -> list[str]:
        """Tables before those that refer to them, views after what they name."""
        names = Names(self.model)
        needs: dict[str, dict[str, Strength]] = {
            f"table {table.id}": {f"table {each.referenced_table}": Strength.REFERENCE for each in table.foreign_keys}
            for table in self.model.tables
        }
        for view in self.model.views:
            needs[f"view {view.id}"] = dict.fromkeys(names.of_query(view.query.text), Strength.HARD)
        return arranged(needs)

    # -- tables --------------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> list[list[str]]:
        if table.partition_of or not table.columns:
            self.left_out.append(
                f"partition {table.id}" if table.partition_of else f"table {table.id}: it has no columns"
            )
            return []
        if not self._claim("table", table.schema, table.name):
            return []
        self._list_of_table(table)
        columns = [column for column in table.columns if self._claim("column", table.schema, table.name, column.name)]
        name = quoted(table.schema, table.name)
        rows = [self._column(table, column) for column in columns]
        refusals = [*self._keys(table), *self._checks(table), *self._foreign_keys(table)]
        self._made[table.id] = name
        return [
            [
                _create_sequence(self._identity_sequence(table, each), each.identity.sequence)
                for each in columns
                if each.identity
            ],
            [
                f"CREATE TABLE {name} {block(aligned(rows), refusals)};",
                *_comment("TABLE", name, table.comment),
                *(line for each in columns for line in _comment("COLUMN", f"{name}.{quoted(each.name)}", each.comment)),
            ],
            *(self._index(table, index) for index in table.indexes),
        ]

    @cached_property
    def _made(self) -> dict[str, str]:
        """The tables and views written so far, by id."""
        return {}

    def _list_of_table(self, table: Table) -> None:
        own = table.id
        self.left_out += [f"exclusion constraint {each.name} on {own}" for each in table.exclusions]
        self.left_out += [f"trigger {each.name} on {own}" for each in table.triggers]
        self.left_out += [f"policy {each.name} on {own}" for each in table.policies]
        self.left_out += [f"statistics {each.name} on {own}" for each in table.statistics]
        self.left_out += [f"partitioning of {own}"] if table.partitioning else []
        self.left_out += [f"inheritance of {own}"] if table.inherits else []
        self.left_out += [f"row-level security of {own}"] if table.row_security else []

    def _column(self, table: Table, column: Column) -> tuple[str, str, str]:
        rest = self._value(table, column)
        not_null = "" if column.nullable or "GENERATED" in rest else "NOT NULL"
        return quoted(column.name), self._types.written(column.type), words(rest, not_null)

    def _value(self, table: Table, column: Column) -> str:
        if column.identity:
            return f"DEFAULT nextval({literal(self._identity_sequence(table, column))})"
        place = f"{table.id}.{quoted(column.name)}"
        if column.generated:
            text = self._translated(column.generated.expression, f"expression of {place}")
            return f"GENERATED ALWAYS AS ({text})" if text else ""
        if column.default is None:
            return ""
        sequence = _NEXTVAL.fullmatch(column.default.text)
        text = (
            self._nextval(sequence[1], place) if sequence else self._translated(column.default, f"default of {place}")
        )
        return f"DEFAULT {_operand(text)}" if text else ""

    def _identity_sequence(self, table: Table, column: Column) -> str:
        return quoted(table.schema, f"{table.name}_{column.name}_seq")

    def _nextval(self, written: str, place: str) -> str:
        named = written.replace("''", "'")
        known = {each.id: each for each in self.model.sequences} | {each.name: each for each in self.model.sequences}
        if named not in known:
            self.left_out.append(f"default of {place}: it calls a sequence that the model has not")
            return ""
        return f"nextval({literal(quoted(known[named].schema, known[named].name))})"

    def _translated(self, expression: Expression, place: str) -> str:
        """Return an expression as DuckDB writes it; empty, and listed, when there is a doubt."""
        if self.model.dialect == "duckdb":
            return expression.text
        text, doubts = transpile(expression.text, "postgres", "duckdb")
        enums = {f"it casts to {each.id}" for each in self.model.enums}
        left = [doubt for doubt in doubts if doubt not in enums]
        if left:
            self.left_out.append(f"{place}: {left[0]}")
            return ""
        return text

    # -- constraints ---------------------------------------------------------------------------------------------

    def _can_be_key(self, table: Table, columns: Iterable[str]) -> bool:
        found = [table.columns_by_name[name] for name in columns if name in table.columns_by_name]
        return all(not each.generated and is_key_type(self._types.written(each.type)) for each in found)

    def _written_keys(self, table: Table) -> list[PrimaryKey | Unique]:
        return [key for key in table.keys if not key.without_overlaps and self._can_be_key(table, key.columns)]

    def _keys(self, table: Table) -> Iterator[str]:
        for key in table.keys:
            if key not in self._written_keys(table):
                self.left_out.append(f"key {key.name} of {table.id}: DuckDB does not index columns of this kind")
                continue
            kind = "PRIMARY KEY" if isinstance(key, PrimaryKey) else "UNIQUE"
            yield f"{kind} {_columns(key.columns)}"
            lost = [key.deferrable, bool(key.include), isinstance(key, Unique) and key.nulls_not_distinct]
            said = [what for what, is_lost in zip(_KEY_EXTRAS, lost, strict=True) if is_lost]
            self.left_out += [f"{', '.join(said)} of key {key.name} of {table.id}"] if said else []

    def _checks(self, table: Table) -> Iterator[str]:
        for check in table.checks:
            text = self._translated(check.expression, f"check {check.name} of {table.id}") if check.enforced else ""
            if not check.enforced:
                self.left_out.append(f"check {check.name} of {table.id}: it is not enforced")
            if text:
                yield f"CONSTRAINT {quoted(check.name)} CHECK ({text})"

    def _foreign_keys(self, table: Table) -> Iterator[str]:
        for key in table.foreign_keys:
            reason = self._why_no_foreign_key(table, key)
            if reason:
                self.left_out.append(f"foreign key {key.name} of {table.id}: {reason}")
                continue
            target = self.model.tables_by_id[key.referenced_table]
            yield (
                f"FOREIGN KEY {_columns(key.columns)} REFERENCES {quoted(target.schema, target.name)} "
                f"{_columns(key.referenced_columns)}"
            )
            actions = {key.on_delete, key.on_update} - {"no action", "restrict"}
            if actions or key.deferrable:
                self.left_out.append(f"actions and deferral of foreign key {key.name} of {table.id}")

    def _why_no_foreign_key(self, table: Table, key: ForeignKey) -> str:
        target = self.model.tables_by_id.get(key.referenced_table)
        if target is None or (target.id not in self._made and target.id != table.id):
            return "the table it refers to comes later, or is left out"
        if target.schema != table.schema:
            return "it refers to another schema"
        if not any(each.columns == key.referenced_columns for each in self._written_keys(target)):
            return "DuckDB has no key on the columns that it refers to"
        pairs = zip(key.columns, key.referenced_columns, strict=True)
        kinds = [(table.columns_by_name[own].type, target.columns_by_name[other].type) for own, other in pairs]
        if any(self._types.written(own) != self._types.written(other) for own, other in kinds):
            return "its columns have other types than those that they refer to"
        if not self._can_be_key(table, key.columns):
            return "DuckDB does not index columns of this kind"
        return "" if key.enforced else "it is not enforced"

    def _index(self, table: Table, index: Index) -> list[str]:
        plain = [part.column for part in index.columns if part.column]
        expressions = [part.expression for part in index.columns if part.expression]
        reason = (
            "it is partial" if index.predicate
            else f"DuckDB has no {index.method}" if index.method != "btree"
            else "DuckDB does not index columns of this kind" if not self._can_be_key(table, plain)
            else ""
        )  # fmt: skip
        parts = [quoted(name) for name in plain]
        if not reason:
            parts += [f"({text})" for each in expressions if (text := self._translated(each, f"index {index.name}"))]
        if not reason and len(parts) < len(index.columns):
            return []
        if reason or not self._claim("index", table.schema, index.name):
            self.left_out += [f"index {index.name} on {table.id}: {reason}"] if reason else []
            return []
        unique = "UNIQUE " if index.unique else ""
        name = quoted(table.schema, index.name)
        create = f"CREATE {unique}INDEX {quoted(index.name)} ON {self._made[table.id]} ({', '.join(parts)});"
        return [create, *_comment("INDEX", name, index.comment)]

    # -- views ---------------------------------------------------------------------------------------------------

    def _view(self, view: View) -> list[str]:
        text = self._translated(view.query, f"view {view.id}")
        missing = [key for key in Names(self.model).of_query(view.query.text) if self._is_missing(key)]
        if not text or missing:
            self.left_out += [f"view {view.id}: it needs {missing[0]}"] if text else []
            return []
        if not self._claim("table", view.schema, view.name):
            return []
        name = quoted(view.schema, view.name)
        self._made[view.id] = name
        if view.materialised:
            self.left_out.append(f"that {view.id} is materialised, and its indexes")
        columns = _columns(column.name for column in view.columns) if view.columns else ""
        head = words("CREATE VIEW", name, columns, "AS")
        columns_said = (
            line for each in view.columns for line in _comment("COLUMN", f"{name}.{quoted(each.name)}", each.comment)
        )
        return [f"{head}\n{text.rstrip(';')};", *_comment("VIEW", name, view.comment), *columns_said]

    def _is_missing(self, key: str) -> bool:
        kind, _, name = key.partition(" ")
        return kind == "routine" or (kind in {"table", "view"} and name not in self._made)


_KEY_EXTRAS = ("deferral", "INCLUDE", "NULLS NOT DISTINCT")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _columns(names: Iterable[str]) -> str:
    return "(" + ", ".join(quoted(name) for name in names) + ")"


def _operand(text: str) -> str:
    """Return an expression in parentheses, unless it is a constant or a call."""
    return text if re.fullmatch(r"[\w.]+|'(?:[^']|'')*'|\w+\(('(?:[^']|'')*')?\)", text) else f"({text})"


def _create_sequence(name: str, options: SequenceOptions) -> str:
    clauses = words(
        f"START WITH {options.start}" if options.start is not None else "",
        f"INCREMENT BY {options.increment}" if options.increment != 1 else "",
        f"MINVALUE {options.minimum}" if options.minimum is not None else "",
        f"MAXVALUE {options.maximum}" if options.maximum is not None else "",
        "CYCLE" if options.cycle else "",
    )
    return words("CREATE SEQUENCE", name, clauses) + ";"


def _comment(kind: str, name: str, text: str) -> list[str]:
    return [f"COMMENT ON {kind} {name} IS {literal(text)};"] if text else []
