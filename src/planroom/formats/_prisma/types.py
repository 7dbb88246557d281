"""Prisma's types as those that its migrations write, and its defaults as SQL.

Source: Prisma's documentation, "Schema reference" (the tables of default type mappings), and what its migrations write.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.sqltext import DataType, Expression, parse_expression, parse_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.formats._prisma.syntax import Attribute, Field, Value

__all__ = ["DIALECTS", "SCALARS", "Types"]

SCALARS = ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes")

_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "postgresql": (
        "text", "boolean", "integer", "bigint", "double precision", "decimal(65,30)", "timestamp(3)", "jsonb", "bytea",
    ),
    "cockroachdb": ("string", "bool", "int4", "int8", "float8", "decimal(65,30)", "timestamp(3)", "jsonb", "bytes"),
    "mysql": (
        "varchar(191)", "boolean", "integer", "bigint", "double", "decimal(65,30)", "datetime(3)", "json", "longblob",
    ),
    "sqlite": ("text", "boolean", "integer", "bigint", "real", "decimal", "datetime", "jsonb", "blob"),
    "sqlserver": (
        "nvarchar(1000)", "bit", "int", "bigint", "float(53)", "decimal(32,16)", "datetime2", "nvarchar(max)",
        "varbinary(max)",
    ),
    "mongodb": tuple(each.lower() for each in SCALARS),
}  # fmt: skip
"""The type of each scalar, in the order of ``SCALARS``, by provider."""

DIALECTS = {
    "postgresql": "postgres", "postgres": "postgres", "cockroachdb": "postgres", "mysql": "mysql", "sqlite": "sqlite",
    "sqlserver": "tsql", "mongodb": "mongodb",
}  # fmt: skip
"""Dialects by provider."""

_NATIVE = {"DoublePrecision": "double precision"}

_WRITTEN = re.compile(r"(.+?)(?:\(([^()]*)\))?", re.DOTALL)
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.0+|(\.\d+))?(Z|[+-]\d\d:\d\d)")


class Types:
    """Types and defaults for one provider."""

    def __init__(self, provider: str) -> None:
        provider = "postgresql" if provider not in _DEFAULTS else provider
        self._scalars = dict(zip(SCALARS, _DEFAULTS[provider], strict=True))
        self._postgres = DIALECTS[provider] == "postgres"
        self._parsed: dict[str, DataType] = {}

    def scalar(self, field: Field) -> DataType | None:
        """Return the type of a field of a scalar type, or of one that Prisma does not know; None for any other."""
        native = next((each for each in field.attributes if "." in each.name), None)
        array = field.arity == "[]"
        if field.unsupported:
            return self._named(field.type, array=array)
        if field.type not in self._scalars:
            return None
        return self._named(_native(native) if native else self._scalars[field.type], array=array)

    def _named(self, text: str, *, array: bool) -> DataType:
        key = text + "[]" * array
        found = self._parsed.get(key)
        if found is None:
            found = self._parsed[key] = self._parse(text, array=array)
        return found

    def _parse(self, text: str, *, array: bool) -> DataType:
        if self._postgres:
            try:
                return parse_type(text + "[]" * array)
            except SyntaxProblem:
                pass
        found = _WRITTEN.fullmatch(text)
        arguments = found[2] if found else None
        modifiers = tuple(part.strip() for part in arguments.split(",")) if arguments else ()
        return DataType(found[1] if found else text, modifiers, array=array)

    def expression(self, text: str, target: DataType) -> Expression:
        """Return an expression of the dialect."""
        if self._postgres:
            try:
                return parse_expression(text, target=target)
            except SyntaxProblem:
                pass
        return Expression(text, text)

    def default(self, field: Field, target: DataType, labels: Mapping[str, str]) -> Expression | None:
        """Return the DEFAULT that the database has.

        Args:
            field: The field.
            target: Its type.
            labels: What the database calls the values of its enum.
        """
        attribute = field.attribute("default")
        value = attribute.value("value", first=True) if attribute else None
        if value is None:
            return None
        text = self._sql(value, field, labels)
        if text is None:
            return None
        if value.kind == "list" and self._postgres:
            text = f"{text}::{target}"
        return self.expression(text, target)

    def _sql(self, value: Value, field: Field, labels: Mapping[str, str]) -> str | None:
        """Return a default in SQL; None where the database has none."""
        match value.kind:
            case "call":
                return _called(value)
            case "list":
                items = [self._sql(item, field, labels) or "NULL" for item in value.items]
                return f"ARRAY[{', '.join(items)}]"
            case "word" if value.text in ("true", "false"):
                return value.text
            case "word":
                return _quoted(labels.get(value.text, value.text))
            case "string":
                return _quoted(_constant(field.type, value.text))
        return value.text


def _native(attribute: Attribute) -> str:
    """Return the database's type that ``@db.Name(...)`` names."""
    name = attribute.name.rpartition(".")[2]
    arguments = ",".join(argument.value.text for argument in attribute.arguments)
    return _NATIVE.get(name, name.lower()) + (f"({arguments})" if arguments else "")


def _called(value: Value) -> str | None:
    """Return what a function stands for in SQL; None where the client calls it, or it is no default of its own."""
    if value.text == "now":
        return "CURRENT_TIMESTAMP"
    if value.text == "dbgenerated":
        return value.arguments[0].value.text if value.arguments else None
    return None


def _constant(kind: str, text: str) -> str:
    """Return a constant as the database takes it: bytes in hexadecimal, a time without its T."""
    if kind == "Bytes":
        try:
            return "\\x" + base64.b64decode(text, validate=True).hex()
        except (binascii.Error, ValueError):
            return text
    found = _TIMESTAMP.fullmatch(text) if kind == "DateTime" else None
    if found:
        return f"{found[1]} {found[2]}{found[3] or ''} {'+00:00' if found[4] == 'Z' else found[4]}"
    return text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
