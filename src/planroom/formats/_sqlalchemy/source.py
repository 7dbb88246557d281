"""A model as a Python module of declarative classes: its description, written down."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.formats._python.annotations import BUILTINS, PYTHON, imports, names_in
from planroom.formats._python.code import Call, Name, Value
from planroom.formats._python.identifiers import Scope, camel, constant, singular, snake
from planroom.formats._python.layout import Layout, docstring
from planroom.formats._sqlalchemy.describing import NAMING_CONVENTION, Description, TableCode
from planroom.formats._sqlalchemy.relationships import MappedTable, Relationship, relationships
from planroom.formats._sqlalchemy.types import schema_of
from planroom.formats._values.kinds import Kind, kind_of, range_element
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from planroom.model import Column, Enum, Model

__all__ = ["module_of"]

_ORM = ("DeclarativeBase", "Mapped", "mapped_column", "relationship")
_MODULE_NAMES = {"Base", "Verbatim", "commented", "labels", "UserDefinedType", "sa", "postgresql", "dt", "enum", *_ORM}
_MODULE_NAMES |= {"Any", "Decimal", "UUID", *BUILTINS}
_CLASS_NAMES = {"metadata", "registry", "type_annotation_map"}
_TOLD_BY_ANNOTATION = {
    "sa.Integer": "int", "sa.Boolean": "bool", "sa.Date": "dt.date", "sa.Uuid": "UUID", "sa.Numeric": "Decimal",
    "sa.String": "str", "sa.LargeBinary": "bytes", "sa.DateTime": "dt.datetime", "sa.Time": "dt.time",
    "sa.Interval": "dt.timedelta", "sa.Double": "float",
}  # fmt: skip
"""SQLAlchemy's types that it chooses for an annotation by itself, but for Double, which it calls Float."""


def module_of(model: Model) -> str:
    """Return the source of a module whose ``Base.metadata`` is that of `planroom.formats.sqlalchemy.to_metadata`."""
    return _Module(Description(model)).text()


class _Module:
    """One module while it is written.

    Names are given in the order in which things stand in the model, classes first; `_used` gathers what is imported.
    """

    def __init__(self, description: Description) -> None:
        self._description = description
        self._used: set[str] = set()
        scope = Scope(_MODULE_NAMES)
        keyed = [each for each in description.tables if each.keyed]
        names = _class_names([(each.table.schema, each.table.name) for each in keyed], scope)
        self._classes = dict(zip((each.table.id for each in keyed), names, strict=True))
        enums = description.model.enums
        self._enum_classes = {
            each.id: name
            for each, name in zip(enums, _class_names([(e.schema, e.name) for e in enums], scope), strict=True)
        }
        self._names: dict[object, str] = {("metadata",): "Base.metadata"}
        for key, call in (*description.types.definitions(), *description.sequences()):
            self._names[key] = scope.take(constant(_bare_name(call)))
        for each in description.tables:
            if not each.keyed:
                self._names["table", each.table.id] = scope.take(snake(each.table.name))
        self._layout = Layout(self._names)
        self._reserved = {*_MODULE_NAMES, *_CLASS_NAMES, *self._classes.values(), *self._names.values()}
        self._reserved |= set(self._enum_classes.values())

    def text(self) -> str:
        """Return the whole module."""
        body = [*self._definitions(), *self._tables(), *self._late_keys()]
        beginning = [*self._helpers(), "\n".join(self._base())]
        return "\n\n\n".join(["\n".join(self._head()), *beginning, *body]) + "\n"

    # -- the beginning ---------------------------------------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        name = self._description.model.name
        yield from docstring(f"The tables of {name}." if name else "The tables of a database.", indent=0)
        yield from ("", "from __future__ import annotations", "")
        if standard := imports(self._used):
            yield from (*standard, "")
        yield "import sqlalchemy as sa"
        if "postgresql" in self._used:
            yield "from sqlalchemy.dialects import postgresql"
        yield f"from sqlalchemy.orm import {', '.join(n for n in _ORM if n in self._used | {'DeclarativeBase'})}"
        if "Verbatim" in self._used:
            yield "from sqlalchemy.types import UserDefinedType"

    def _helpers(self) -> Iterator[str]:
        from planroom.formats._sqlalchemy import helpers

        for name in helpers.__all__:
            if name in self._used:
                source = inspect.getsource(getattr(helpers, name)).rstrip()
                self._used |= names_in(source)
                yield source

    def _base(self) -> Iterator[str]:
        convention = Call("sa.MetaData", (), (("naming_convention", NAMING_CONVENTION),))
        yield "class Base(DeclarativeBase):"
        yield from docstring("What has no name of its own is named as PostgreSQL names it.", indent=4)
        yield ""
        yield from self._layout.assignment("metadata", convention, indent=4)

    def _definitions(self) -> Iterator[str]:
        """Yield the classes of enums, then everything else that tables rest on, one after the other."""
        enums = {each.id: each for each in self._description.model.enums}
        for each in enums.values():
            yield "\n".join(self._enum_class(each))
        lines: list[str] = []
        for key, call in (*self._description.types.definitions(), *self._description.sequences()):
            lines += self._layout.assignment(self._names[key], self._seen(self._with_class(key, call)))
        if lines:
            yield "\n".join(lines)

    def _enum_class(self, enum: Enum) -> Iterator[str]:
        self._used |= {"enum", "labels"}
        yield f"class {self._enum_classes[enum.id]}(enum.StrEnum):"
        yield from docstring(enum.comment.strip() or f"The labels of {enum.id}.", indent=4)
        yield ""
        scope = Scope()
        for label in enum.labels:
            yield from self._layout.assignment(scope.take(constant(label)), label, indent=4)

    def _with_class(self, key: str, call: Call) -> Call:
        if key not in self._enum_classes:
            return call
        members = (("values_callable", Name("labels")),)
        return Call(call.function, (Name(self._enum_classes[key]),), members + call.keywords)

    # -- tables ----------------------------------------------------------------------------------------------------

    @cached_property
    def _mapped(self) -> Mapping[str, MappedTable]:
        found = {}
        for each in self._description.tables:
            if each.keyed:
                scope = Scope(self._reserved)
                attributes = {column.name: scope.take(snake(column.name)) for column in each.table.columns}
                found[each.table.id] = MappedTable(each.table, self._classes[each.table.id], attributes, scope)
        return found

    def _tables(self) -> Iterator[str]:
        related = relationships(self._mapped)
        for each in self._description.tables:
            if each.keyed:
                yield "\n".join(self._class(each, self._mapped[each.table.id], related.get(each.table.id, [])))
            else:
                yield "\n".join(self._layout.assignment(self._names["table", each.table.id], self._seen(each.call)))

    def _class(self, code: TableCode, mapped: MappedTable, related: Iterable[Relationship]) -> Iterator[str]:
        self._used |= {"Mapped"}
        yield f"class {mapped.name}(Base):"
        yield from self._layout.assignment("__tablename__", code.table.name, indent=4)
        if code.arguments or code.options:
            options = dict(code.options)
            arguments = (*code.arguments, options) if options else code.arguments
            value = self._seen(arguments if code.arguments else options)
            yield from self._layout.assignment("__table_args__", value, indent=4)
        yield ""
        for column, call in zip(code.table.columns, code.columns, strict=True):
            yield from self._attribute(mapped.attributes[column.name], column, call)
        if related:
            yield ""
        for each in related:
            self._used |= {"relationship"}
            made = Call("relationship", (), each.options)
            yield from self._layout.annotated(each.attribute, f"Mapped[{each.annotation}]", made, indent=4)

    def _attribute(self, attribute: str, column: Column, call: Call) -> list[str]:
        annotation = self._annotation(column.type)
        self._used |= names_in(annotation)
        name, data_type, *rest = call.arguments
        told = self._is_told(data_type, annotation, column, rest)
        arguments = (*([name] if name != attribute else []), *([] if told else [data_type]), *rest)
        options = tuple(pair for pair in call.keywords if pair[0] != "nullable")
        made = Call("mapped_column", arguments, options) if arguments or options else None
        self._used |= {"mapped_column"} if made else set()
        optional = " | None" if column.nullable else ""
        return self._layout.annotated(attribute, f"Mapped[{annotation}{optional}]", self._seen(made), indent=4)

    def _is_told(self, data_type: Value, annotation: str, column: Column, rest: Iterable[Call]) -> bool:
        """Whether SQLAlchemy finds the column's type by itself: from a foreign key's target, else the annotation."""
        if not isinstance(data_type, Name) or _TOLD_BY_ANNOTATION.get(data_type.text) != annotation:
            return False
        referenced = [each.arguments[0] for each in rest if each.function == "sa.ForeignKey"]
        return all(self._types_by_target[each] == column.type for each in referenced)

    @cached_property
    def _types_by_target(self) -> Mapping[str, DataType]:
        """The type of each column, by what a foreign key calls it."""
        return {
            ".".join(filter(None, (schema_of(table.schema), table.name, column.name))): column.type
            for table in self._description.model.tables
            for column in table.columns
        }

    def _annotation(self, data_type: DataType) -> str:
        """Return the Python type of a column's values."""
        base = self._description.types.base(data_type)
        if base.array:
            return f"list[{self._annotation(base.element)}]"
        if enum := self._description.types.enum(base):
            return self._enum_classes[enum.id]
        kind = kind_of(base)
        if kind in {Kind.RANGE, Kind.MULTIRANGE}:
            element = f"postgresql.Range[{PYTHON[kind_of(DataType(range_element(base.name)))]}]"
            return f"list[{element}]" if kind is Kind.MULTIRANGE else element
        return PYTHON[kind]

    def _late_keys(self) -> Iterator[str]:
        lines = [line for call in self._description.late_keys() for line in self._layout.statement(self._seen(call))]
        if lines:
            yield "\n".join(lines)

    def _seen(self, value: Value) -> Value:
        """Return a value, having noted what it uses."""
        waiting = [value]
        while waiting:
            match waiting.pop():
                case Call() as call:
                    self._used.add(call.function.partition(".")[0])
                    waiting += [*call.arguments, *(each for _, each in call.keywords)]
                case Name(text):
                    self._used.add(text.partition(".")[0])
                case tuple() | list() as items:
                    waiting += items
                case dict() as entries:
                    waiting += entries.values()
        return value


def _bare_name(call: Call) -> str:
    """Return the name of what a call makes: its first argument, unless those are an enum's labels."""
    return str(dict(call.keywords).get("name") or call.arguments[0])


def _class_names(named: list[tuple[str, str]], scope: Scope) -> list[str]:
    """Return a class name for each schema and name; the schema is in it where names repeat."""
    plain = [camel(singular(name)) for _, name in named]
    bearers = Counter(plain)
    return [
        scope.take(*([each] if bearers[each] == 1 else [camel(f"{schema}_{each}"), each]))
        for each, (schema, _) in zip(plain, named, strict=True)
    ]
