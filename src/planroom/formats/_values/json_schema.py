"""A model as one JSON Schema. Source: the JSON Schema specification, 2020-12, Core and Validation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from planroom.formats._values.claims import Claims
from planroom.formats._values.columns import ColumnValues, Values
from planroom.formats._values.kinds import Kind
from planroom.model import Model, Table, View
from planroom.model.codec import encode

__all__ = ["DIALECT", "document"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.INTEGER: {"type": "integer"}, Kind.DECIMAL: {"type": "number"}, Kind.FLOAT: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"}, Kind.TEXT: {"type": "string"}, Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.DATE: {"type": "string", "format": "date"}, Kind.TIME: {"type": "string"},
    Kind.ZONED_TIME: {"type": "string"}, Kind.TIMESTAMP: {"type": "string"},
    Kind.ZONED_TIMESTAMP: {"type": "string", "format": "date-time"}, Kind.INTERVAL: {"type": "string"},
    Kind.BYTES: {"type": "string", "pattern": r"^\\x([0-9a-f]{2})*$"}, Kind.RANGE: {"type": "string"},
    Kind.MULTIRANGE: {"type": "string"}, Kind.JSON: {}, Kind.OTHER: {},
}  # fmt: skip


def document(model: Model) -> str:
    """Return a model in PostgreSQL's dialect as a JSON Schema document that ends with a newline."""
    values = Values(model)
    rows = {each.id: _row(each, values) for each in model.tables_and_views if _is_written(each)}
    enums = {each.id: {"title": each.name, "enum": list(each.labels), **_said(each.comment)} for each in model.enums}
    whole = {
        "$schema": DIALECT,
        "$id": f"urn:planroom:{quote(model.name or 'model', safe='')}",
        "title": model.name or "model",
        "$defs": {name: {**rows, **enums}[name] for name in sorted({**rows, **enums})},
    }
    return json.dumps(whole, ensure_ascii=True, indent=2) + "\n"


def _is_written(each: Table | View) -> bool:
    """Whether an object has rows of a known shape: a partition's are its parent's."""
    if isinstance(each, View):
        return bool(each.columns) and all(column.type != column.type.UNKNOWN for column in each.columns)
    return not each.partition_of


def _said(comment: str) -> dict[str, str]:
    return {"description": comment} if comment else {}


def _row(table: Table | View, values: Values) -> dict[str, Any]:
    columns = list(values.of(table))
    required = [each.column.name for each in columns if each.required]
    notes = {**encode(table.annotations), **_references(table)}
    return {
        "title": table.name,
        **_said(table.comment),
        "type": "object",
        "properties": {each.column.name: _property(each, values) for each in columns},
        **({"required": required} if required else {}),
        "additionalProperties": False,
        **({"x-planroom": notes} if notes else {}),
    }


def _references(table: Table | View) -> dict[str, Any]:
    keys = table.foreign_keys if isinstance(table, Table) else ()
    found = [
        {"columns": list(key.columns), "table": key.referenced_table, "to": list(key.referenced_columns)}
        for key in keys
    ]
    return {"references": found} if found else {}


def _property(each: ColumnValues, values: Values) -> dict[str, Any]:
    column = each.column
    written = {"$ref": f"#/$defs/{_pointer(each.enum)}"} if each.enum else {**_TYPES[each.kind], **dict(_claimed(each))}
    if each.array:
        written = {"type": "array", "items": _or_null(written)}
    if values.is_nullable(column):
        written = _or_null(written)
    facts = {
        **({"readOnly": True} if column.generated or (column.identity and column.identity.always) else {}),
        **({"x-planroom": encode(column.annotations)} if column.annotations else {}),
    }
    return {**written, **_said(column.comment), **facts}


def _pointer(name: str) -> str:
    """Return a name as part of a reference: a JSON pointer in a fragment of a URI."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="")


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if not schema:
        return schema
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _claimed(each: ColumnValues) -> Iterator[tuple[str, Any]]:
    claims = each.claims
    if each.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT}:
        yield from _bounds(claims)
    if each.kind is Kind.TEXT:
        yield from _texts(claims)
    if claims.one_of and each.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT, Kind.TEXT}:
        yield "enum", [_number(value) if isinstance(value, Decimal) else value for value in claims.one_of]


def _bounds(claims: Claims) -> Iterator[tuple[str, Any]]:
    pairs = (
        ("minimum", claims.at_least), ("exclusiveMinimum", claims.above),
        ("maximum", claims.at_most), ("exclusiveMaximum", claims.below),
    )  # fmt: skip
    yield from ((name, _number(value)) for name, value in pairs if value is not None)


def _texts(claims: Claims) -> Iterator[tuple[str, Any]]:
    pairs = (("minLength", claims.shortest), ("maxLength", claims.longest), ("pattern", claims.pattern or None))
    yield from ((name, value) for name, value in pairs if value is not None)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
