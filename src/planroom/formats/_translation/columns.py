"""Columns in another dialect: types, defaults, identity, generated values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from planroom.ddl.naming import truncated
from planroom.formats._translation.abilities import ABILITIES
from planroom.formats._translation.expressions import in_dialect, made
from planroom.formats._translation.naming import Places
from planroom.formats._translation.noting import Notes
from planroom.model import Check, Column, Domain, Enum, Generated, Identity, Model, Table, qualified
from planroom.sqltext import MAX_IDENTIFIER_BYTES, DataType, Expression
from planroom.sqltext.dialect_expressions import expression_columns
from planroom.sqltext.dialect_types import read_type, write_type

__all__ = ["Columns"]

_NEXTVAL = re.compile(r"nextval\('(?P<name>(?:[^']|'')*)'(?:::regclass)?\)", re.IGNORECASE)
_ON_UPDATE = re.compile(r"(?P<default>.*?)\s*\bON UPDATE (?P<value>.*)", re.DOTALL | re.IGNORECASE)
_NOW = re.compile(r"(?:current_timestamp|now|localtimestamp)(?:\(\d?\))?", re.IGNORECASE)
_PRECISION = re.compile(r"\((\d)\)")
_TEXT_KEY = "varchar(255)"  # InnoDB indexes 3,072 bytes: 768 characters of four bytes, shared by the columns of a key
_NUMBERS_FOR_BOOLEANS = {"mysql": DataType("tinyint(1)"), "tsql": DataType("bit")}
_TEXTS = frozenset({"text", "character", "character varying"})
_LONG = frozenset({"longtext", "mediumtext", "text", "tinytext"})


class Columns:
    """The columns of one model in another dialect.

    Attributes:
        written: The ids of the tables whose columns were translated.
        replaced_sequences: The ids of sequences for which identity stands.
    """

    def __init__(self, model: Model, to: str, places: Places, notes: Notes) -> None:
        self._model = model
        self._to = to
        self._target = ABILITIES[to]
        self._places = places
        self._notes = notes
        self._enums = {(each.schema, each.name): each for each in model.enums}
        self._domains = {(each.schema, each.name): each for each in model.domains}
        self._composites = {(each.schema, each.name) for each in model.composite_types}
        self._composites |= {(each.schema, each.name) for each in model.range_types}
        self._own: dict[tuple[str, str], Enum] = {}
        self.written: set[str] = set()
        self.replaced_sequences: set[str] = set()

    @cached_property
    def own_types(self) -> frozenset[str]:
        """The names of the types that the model defines, with and without their schema, folded."""
        found = [*self._enums, *self._domains]
        return frozenset(name for schema, own in found for name in (own.casefold(), qualified(schema, own).casefold()))

    @cached_property
    def _type_names(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Where each enum stands and what it is called: a table's name is taken, as the server cuts it."""
        taken = {self._as_cut(*self._places.of(each.schema, each.name)) for each in self._model.tables_and_views}
        found = {}
        for key in self._enums:
            schema, name = self._places.of(*key)
            endings = ("", "_enum", *(f"_{number}" for number in range(2, len(taken) + 3)))
            names = (truncated(name, MAX_IDENTIFIER_BYTES - len(end)) + end for end in endings)
            found[key] = schema, next(each for each in names if self._as_cut(schema, each) not in taken)
            taken.add(self._as_cut(*found[key]))
        return found

    def _as_cut(self, schema: str, name: str) -> tuple[str, str]:
        return schema, truncated(name).casefold()

    @cached_property
    def all_booleans(self) -> frozenset[str]:
        """The columns that are numbers in the model and booleans there."""
        return frozenset(name for table in self._model.tables for name in self.booleans(table))

    def booleans(self, table: Table) -> frozenset[str]:
        """The same of one table."""
        number = _NUMBERS_FOR_BOOLEANS.get(self._model.dialect)
        if number is None or write_type(number, model_dialect=self._model.dialect, to=self._to).text != "boolean":
            return frozenset()
        return frozenset(each.name for each in table.columns if each.type == number)

    @cached_property
    def texts(self) -> frozenset[str]:
        """The columns that are texts in some table, where the other dialect is strict and this is not."""
        if self._to not in {"postgres", "duckdb"} or self._model.dialect in {"postgres", "duckdb"}:
            return frozenset()
        columns = [each for table in self._model.tables for each in table.columns]
        return frozenset(each.name for each in columns if each.type.name in _TEXTS)

    def enums(self) -> Iterable[Enum]:
        """Return the enums of the other dialect: where types have names there, each enum that a column has."""
        return list(self._own.values())

    # -- one column --------------------------------------------------------------------------------------------------

    def translated(self, table: Table, column: Column, keyed: frozenset[str]) -> tuple[Column, list[Check]]:
        """Return a column, and the checks that stand for what its type does no longer."""
        place = qualified(table.schema, table.name, column.name)
        kind, checks = self._type(table, column, place, indexed=column.name in keyed)
        identity, default = self._identity(table, column, place)
        changed = replace(
            column,
            type=kind,
            identity=identity,
            default=self._default(table, default, column, kind, place) if default else None,
            generated=self._generated(table, column, place),
            nullable=column.nullable and self._nullable(column.type) and not identity,
            not_null_name="",
            not_null_inherited=True,
            not_null_validated=True,
            collation="",
            storage="",
            compression="",
            statistics_target=None,
            inherited=False,
            comment=column.comment if self._target.comments else "",
        )
        if column.collation:
            self._notes.add(
                "property-left-out", place, f"the collation {column.collation} of {place} is left out", column.origin,
                why="Collations have other names, and other orders, in every product.",
            )  # fmt: skip
        if identity and self._to == "sqlite":
            changed = replace(changed, type=DataType("integer"))
        return changed, checks

    def _nullable(self, kind: DataType) -> bool:
        domain = self._domains.get((kind.schema, kind.name))
        return domain is None or (domain.nullable and self._nullable(domain.type))

    # -- types -------------------------------------------------------------------------------------------------------

    def _type(self, table: Table, column: Column, place: str, *, indexed: bool) -> tuple[DataType, list[Check]]:
        kind = column.type
        own = (kind.schema, kind.name)
        if own in self._domains:
            return self._domain(table, column, place, self._domains[own], indexed=indexed)
        if own in self._enums and not kind.array:
            return self._enum(table, column, place, self._enums[own])
        if own in self._composites or own in self._enums:
            kind = DataType("text", array=kind.array)
            self._note_type(
                place, column, self._text(), "values are kept as text, without the type's parts", alters=False
            )
        mapped = write_type(kind, model_dialect=self._model.dialect, to=self._to)
        if indexed and self._to == "mysql" and mapped.text in _LONG:
            self._note_type(
                place, column, _TEXT_KEY, "MySQL indexes no longer text: longer ones are refused", alters=True
            )
            return read_type(_TEXT_KEY, self._to), []
        if mapped.lost and own not in self._composites:
            self._note_type(place, column, mapped.text, mapped.lost, alters=mapped.alters)
        return read_type(mapped.text, self._to), []

    def _text(self) -> str:
        return write_type(DataType("text"), model_dialect="postgres", to=self._to).text

    def _note_type(self, place: str, column: Column, text: str, lost: str, *, alters: bool) -> None:
        slug = "type-changes-values" if alters else "type-checks-less"
        self._notes.add(
            slug, place, f"{place}: {column.type.short} becomes {text}: {lost}", column.origin,
            why=f"{self._target.product} has no type that means the same.",
        )  # fmt: skip

    def _enum(self, table: Table, column: Column, place: str, enum: Enum) -> tuple[DataType, list[Check]]:
        """Return what stands for an enum: one of the column's own, one of the schema, or a text with a check."""
        if self._to == "mysql":
            schema, name = self._places.of(table.schema, table.name)
            made_enum = Enum(schema=schema, name=f"{name}_{column.name}", labels=enum.labels, origin=enum.origin)
        elif self._target.enums:
            schema, name = self._type_names[enum.schema, enum.name]
            made_enum = replace(enum, schema=schema, name=name)
        else:
            labels = ", ".join("'" + label.replace("'", "''") + "'" for label in enum.labels)
            text = f'"{column.name.replace(chr(34), chr(34) * 2)}" IN ({labels})'
            self._notes.add(
                "object-changed", place, f"{place}: the enum {enum.name} becomes a text with a check", column.origin
            )
            return read_type("text", self._to), [
                Check(name=f"{table.name}_{column.name}_enum", expression=made(text, self._to))
            ]
        self._own[made_enum.schema, made_enum.name] = made_enum
        return DataType(made_enum.name, schema=made_enum.schema), []

    def _domain(
        self, table: Table, column: Column, place: str, domain: Domain, *, indexed: bool
    ) -> tuple[DataType, list[Check]]:
        """Return the type behind a domain, and its checks about the column."""
        inner = replace(column, type=replace(domain.type, array=domain.type.array or column.type.array))
        kind, checks = self._type(table, inner, place, indexed=indexed)
        if column.type.array:
            return kind, checks
        from planroom.sqltext.transpiling import with_value

        for check in domain.checks:
            text = with_value(check.expression.text, self._model.dialect, column.name)
            expression, reason = in_dialect(
                Expression(text, text), self._model.dialect, self._to, own_types=self.own_types
            )
            if expression is None:
                self._notes.add(
                    "expression-left-out", place, f"the check {check.name} of {domain.id}: {reason}", column.origin
                )
            else:
                checks.append(Check(name=f"{column.name}_{check.name}", expression=expression))
        return kind, checks

    # -- values ------------------------------------------------------------------------------------------------------

    def _identity(self, table: Table, column: Column, place: str) -> tuple[Identity | None, Expression | None]:
        """Return a column's identity in the other dialect, and the default that is left."""
        identity, default = column.identity, column.default
        found = _NEXTVAL.fullmatch(default.text) if default and self._model.dialect == "postgres" else None
        if found and not self._target.sequences:
            identity, default = Identity(always=False), None
            self.replaced_sequences |= {
                each.id
                for each in self._model.sequences
                if found["name"].replace('"', "") in {each.name, f"{each.schema}.{each.name}"}
            }
        if identity is None and self._numbers_itself(table, column):
            identity = Identity(always=False)
        if identity is None:
            return None, default
        if self._target.identity_needs_key and not self._may_count(table, column):
            self._notes.add("object-left-out", place, f"{place} no longer numbers itself", column.origin,
                            why=f"{self._target.product} numbers one column, and that must be the key.")  # fmt: skip
            return None, default
        if self._to in {"mysql", "sqlite"}:
            if identity.always or identity.sequence != Identity(always=False).sequence:
                self._notes.add(
                    "property-left-out",
                    place,
                    f"{place}: ALWAYS and the sequence's options are left out",
                    column.origin,
                )
            return Identity(always=False), default
        return replace(identity, sequence_name=""), default

    def counts(self, table: Table, column: Column) -> bool:
        """Whether a column numbers itself in MySQL."""
        serial = column.default is not None and bool(_NEXTVAL.fullmatch(column.default.text))
        return bool(column.identity or serial or self._numbers_itself(table, column)) and self._may_count(table, column)

    def _numbers_itself(self, table: Table, column: Column) -> bool:
        """Whether SQLite fills the column because it is the row's number."""
        key = table.primary_key
        alone = bool(key) and key.columns == (column.name,) if key else False
        return (
            self._model.dialect == "sqlite"
            and alone
            and column.type == DataType("integer")
            and ("without_rowid" not in dict(table.storage))
        )

    def _may_count(self, table: Table, column: Column) -> bool:
        counting = [
            each.name
            for each in table.columns
            if each.identity or (each.default and _NEXTVAL.fullmatch(each.default.text))
        ]
        keys = [key.columns for key in table.keys]
        if self._to == "sqlite":
            return (
                bool(table.primary_key) and table.primary_key.columns == (column.name,) if table.primary_key else False
            )
        return counting[:1] in ([column.name], []) and any(each[:1] == (column.name,) for each in keys)

    def _default(
        self, table: Table, default: Expression, column: Column, kind: DataType, place: str
    ) -> Expression | None:
        found = _ON_UPDATE.fullmatch(default.text) if self._model.dialect == "mysql" else None
        if found:
            message = f"{place} is no longer set when its row changes (ON UPDATE)"
            self._notes.add("object-left-out", place, message, column.origin, why="It takes a trigger elsewhere.")
            if found["default"].upper() == "NULL":
                return None
            default = Expression(found["default"], found["default"])
        bare = default.text.strip("'()")
        if column.name in self.booleans(table) and bare in {"0", "1"}:
            return made("true" if bare == "1" else "false", self._to)
        if column.type.array and self._to in {"mysql", "sqlite"} and (elements := _elements(default.text)) is not None:
            return made(elements, self._to)
        expression, reason = in_dialect(default, self._model.dialect, self._to, own_types=self.own_types)
        if expression is None:
            self._notes.add(
                "expression-left-out", place, f"the default of {place} is left out: {reason}", column.origin
            )
        if expression and self._to == "mysql" and _NOW.fullmatch(expression.text):
            precision = _PRECISION.search(kind.name)
            return made(f"CURRENT_TIMESTAMP{precision[0] if precision else ''}", "mysql")
        return expression

    def _generated(self, table: Table, column: Column, place: str) -> Generated | None:
        if column.generated is None:
            return None
        if self._to == "mysql" and any(
            each.name in expression_columns(column.generated.expression.text, self._model.dialect)
            and self.counts(table, each)
            for each in table.columns
        ):
            message = f"{place} is no longer computed: MySQL computes nothing from a column that counts"
            self._notes.add("expression-left-out", place, message, column.origin)
            return None
        expression, reason = in_dialect(
            column.generated.expression,
            self._model.dialect,
            self._to,
            own_types=self.own_types,
            booleans=self.booleans(table),
            texts=self.texts,
        )
        if expression is None:
            self._notes.add("expression-left-out", place, f"{place} is no longer computed: {reason}", column.origin)
            return None
        stored = column.generated.stored
        if stored and not self._target.stored:
            self._notes.add(
                "property-left-out", place, f"{place} is computed when it is read, not stored", column.origin
            )
        return Generated(expression, stored and self._target.stored)


_ARRAY = re.compile(r"'\{(?P<inside>[\w ,.-]*)\}'::[\w \".()\[\]]+|ARRAY\[\](?:::[\w \".()\[\]]+)?", re.IGNORECASE)


def _elements(text: str) -> str | None:
    """Return a constant array as a JSON text constant; None for anything but plain words."""
    found = _ARRAY.fullmatch(text)
    if not found:
        return None
    words = [word.strip() for word in (found["inside"] or "").split(",") if word.strip()]
    return "'[" + ", ".join(f'"{word}"' for word in words) + "]'"
