"""A model as a module of Pydantic v2 classes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from planroom.formats._python.annotations import BUILTINS, PYTHON, imports, names_in
from planroom.formats._python.code import Call, Name, Value
from planroom.formats._python.identifiers import Scope, camel, constant, snake
from planroom.formats._python.layout import Layout, docstring
from planroom.formats._values.columns import ColumnValues, Values
from planroom.formats._values.kinds import Kind
from planroom.model import Enum, Model, Table, View

__all__ = ["module_of"]

_MODULE_NAMES = {
    "BaseModel",
    "ConfigDict",
    "Field",
    "dt",
    "enum",
    "Any",
    "Decimal",
    "UUID",
    "Literal",
    "Annotated",
    *BUILTINS,
}
_MODULE_NAMES |= {"SmallInt", "Int", "BigInt", "BY_SERVER"}
_OF_BASE_MODEL = frozenset(
    """model_config model_fields model_computed_fields model_extra model_fields_set model_construct model_copy
    model_json_schema model_parametrized_name model_post_init model_rebuild dict json parse_obj parse_raw parse_file
    from_orm construct copy schema schema_json validate update_forward_refs""".split()  # noqa: SIM905, RUF100
)
"""What a class of Pydantic's has by itself: a field of that name is called otherwise."""

_WHOLE = {15: "SmallInt", 31: "Int", 63: "BigInt"}
"""What the module calls whole numbers, by their bits besides the sign."""

_NUMBERS = {Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT}


def module_of(model: Model) -> str:
    """Return the source of a module for a model in PostgreSQL's dialect."""
    return _Module(model).text()


class _Module:
    """One module while it is written; `_used` gathers what is imported."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._values = Values(model)
        self._layout = Layout({})
        self._used: set[str] = set()
        self._tables = [each for each in model.tables_and_views if _has_rows(each)]
        scope = Scope(_MODULE_NAMES)
        self._classes = {each.id: scope.take(*_class_names(each)) for each in (*self._tables, *model.enums)}

    def text(self) -> str:
        """Return the whole module."""
        blocks = [*map(self._enum, self._model.enums), *map(self._class, self._tables)]  # first: they use names
        begin = ["\n".join(self._head()), "\n".join(self._beginning())]
        head = "\n\n".join(part for part in begin if part)
        return "\n\n\n".join([head, *("\n".join(block) for block in blocks)]) + "\n"

    def _beginning(self) -> Iterator[str]:
        """Yield what classes refer to: whole numbers by their size, and what stands for a value of the server's."""
        for bits, name in _WHOLE.items():
            if name in self._used:
                yield f"{name} = Annotated[int, Field(ge=-(2**{bits}), le=2**{bits} - 1)]"
        if "BY_SERVER" in self._used:
            yield "BY_SERVER: Any = None"

    def _head(self) -> Iterator[str]:
        self._used |= {"Annotated", "Field"} if self._used & set(_WHOLE.values()) else set()
        self._used |= {"Any"} if "BY_SERVER" in self._used else set()
        name = self._model.name
        yield from docstring(f"The rows of {name}." if name else "The rows of a database.", indent=0)
        yield from ("", "from __future__ import annotations", "")
        if standard := imports(self._used):
            yield from (*standard, "")
        yield "from pydantic import BaseModel, ConfigDict" + (", Field" if "Field" in self._used else "")

    def _enum(self, enum: Enum) -> list[str]:
        self._used.add("enum")
        scope = Scope()
        lines = [f"class {self._classes[enum.id]}(enum.StrEnum):"]
        lines += [*docstring(enum.comment.strip() or f"The labels of {enum.id}.", indent=4), ""]
        for label in enum.labels:
            lines += self._layout.assignment(scope.take(constant(label)), label, indent=4)
        return lines

    def _class(self, table: Table | View) -> list[str]:
        scope = Scope({*_MODULE_NAMES, *self._classes.values(), *_OF_BASE_MODEL})
        settings = Call(
            "ConfigDict", (), (("extra", "forbid"), ("validate_by_name", True), ("validate_by_alias", True))
        )
        lines = [f"class {self._classes[table.id]}(BaseModel):"]
        lines += [*docstring(table.comment.strip() or f"A row of {table.id}.", indent=4), ""]
        lines += self._layout.assignment("model_config", settings, indent=4)
        fields = [line for each in self._values.of(table) for line in self._field(each, scope)]
        return [*lines, *([""] if fields else []), *fields]

    def _field(self, each: ColumnValues, scope: Scope) -> list[str]:
        plain = snake(each.column.name)
        own = plain.startswith(("model_dump", "model_validate"))  # which Pydantic keeps for itself
        name = scope.take(*([] if own else [plain]), f"field_{plain}")
        nullable = self._values.is_nullable(each.column)
        annotation = self._annotation(each) + (" | None" if nullable else "")
        self._used |= names_in(annotation)
        keywords = [*self._default(each, nullable), *self._facts(each, name)]
        defaults = [value for key, value in keywords if key == "default"]
        if len(keywords) == len(defaults):
            return self._layout.annotated(name, annotation, defaults[0] if defaults else None, indent=4)
        self._used.add("Field")
        return self._layout.annotated(name, annotation, Call("Field", (), tuple(keywords)), indent=4)

    def _annotation(self, each: ColumnValues) -> str:
        inner = self._classes[each.enum] if each.enum else _WHOLE.get(each.bits or 0) or PYTHON.get(each.kind, "Any")
        choices = [value for value in each.claims.one_of if not isinstance(value, str) or each.kind is Kind.TEXT]
        if each.kind in {Kind.TEXT, Kind.INTEGER} and choices and all(map(_is_literal, choices)):
            self._used.add("Literal")
            inner = f"Literal[{', '.join(self._layout._flat(_literal(value)) for value in choices)}]"  # noqa: SLF001
        return f"list[{inner} | None]" if each.array else inner

    def _default(self, each: ColumnValues, nullable: bool) -> Iterator[tuple[str, Value]]:
        """Yield the default: None where NULL may stand, and what the server fills where it does."""
        if nullable:
            yield "default", Name("None")
        elif not each.required:
            self._used.add("BY_SERVER")
            yield "default", Name("BY_SERVER")

    def _facts(self, each: ColumnValues, name: str) -> Iterator[tuple[str, Value]]:
        """Yield the keywords of ``Field`` besides the default."""
        if name != each.column.name:
            yield "alias", each.column.name
        if not (each.claims.one_of and each.kind in {Kind.TEXT, Kind.INTEGER}):
            yield from _limits(each)
        if each.column.comment.strip():
            yield "description", each.column.comment


def _has_rows(each: Table | View) -> bool:
    if isinstance(each, View):
        return bool(each.columns) and all(column.type != column.type.UNKNOWN for column in each.columns)
    return not each.partition_of


def _class_names(each: Table | View | Enum) -> tuple[str, ...]:
    return camel(each.name), camel(f"{each.schema}_{each.name}")


def _limits(each: ColumnValues) -> Iterator[tuple[str, Value]]:
    if each.kind in _NUMBERS:
        yield from _bounds(each)
        if each.digits and not each.array:
            yield from (("max_digits", each.digits[0]), ("decimal_places", each.digits[1]))
    elif each.kind is Kind.TEXT:
        claims = each.claims
        pairs = (("min_length", claims.shortest), ("max_length", claims.longest), ("pattern", claims.pattern or None))
        yield from ((name, value) for name, value in pairs if value is not None)


def _bounds(each: ColumnValues) -> Iterator[tuple[str, Value]]:
    """Yield the bounds that the annotation, or the number of digits, does not say already."""
    claims, implied = each.claims, _implied(each)
    pairs = (("ge", claims.at_least), ("gt", claims.above), ("le", claims.at_most), ("lt", claims.below))
    for name, value in pairs:
        if value is None or abs(value) in implied:
            continue
        if each.kind is Kind.FLOAT:
            yield name, float(value)
        elif value == value.to_integral_value():
            yield name, int(value)
        else:
            yield name, Call("Decimal", (str(value),)) if each.kind is Kind.DECIMAL else float(value)


def _implied(each: ColumnValues) -> set[Decimal]:
    if each.bits:
        return {Decimal(2) ** each.bits, Decimal(2) ** each.bits - 1}
    return {Decimal(10) ** (each.digits[0] - each.digits[1])} if each.digits else set()


def _is_literal(value: str | Decimal) -> bool:
    return isinstance(value, str) or value == value.to_integral_value()


def _literal(value: str | Decimal) -> str | int:
    return value if isinstance(value, str) else int(value)
