"""Data types between PostgreSQL's names, in which models speak, and DuckDB's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from planroom.model import quote_identifier
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from planroom.model import Model

__all__ = ["Types", "is_key_type", "parsed", "quoted"]

_TO_DUCKDB: Mapping[str, str] = {
    "bigint": "BIGINT", "integer": "INTEGER", "smallint": "SMALLINT", "boolean": "BOOLEAN", "uuid": "UUID",
    "double precision": "DOUBLE", "real": "FLOAT", "date": "DATE", "bytea": "BLOB", "interval": "INTERVAL",
    "timestamp with time zone": "TIMESTAMP WITH TIME ZONE", "timestamp without time zone": "TIMESTAMP",
    "time without time zone": "TIME", "time with time zone": "TIME WITH TIME ZONE", "json": "JSON", "jsonb": "JSON",
    "bit": "BIT", "bit varying": "BIT", "money": "DECIMAL(19,2)", "oid": "UINTEGER",
}  # fmt: skip

_FROM_DUCKDB: Mapping[str, str] = {
    "VARCHAR": "text", "DOUBLE": "double precision", "FLOAT": "real", "BLOB": "bytea", "DECIMAL": "numeric",
    "TIMESTAMP": "timestamp without time zone", "TIME": "time without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone", "TIME WITH TIME ZONE": "time with time zone",
}  # fmt: skip

_BACK = {name: duckdb for duckdb, name in _FROM_DUCKDB.items()}
_SIMPLE = re.compile(r"[A-Z_][A-Z0-9_]*(?: WITH TIME ZONE)?")
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_MAX_DECIMAL_DIGITS = 38
_RESERVED = frozenset("qualify pivot unpivot summarize describe show lambda asof anti semi positional glob at".split())


def quoted(*names: str) -> str:
    """Return names joined by dots, each quoted where DuckDB asks for it."""
    return ".".join(f'"{name}"' if name in _RESERVED else quote_identifier(name) for name in names)


def parsed(text: str) -> DataType:
    """Return the data type that DuckDB prints; nested types keep DuckDB's own spelling as their name."""
    if text.endswith("[]"):
        element = parsed(text[:-2])
        return (
            DataType(text[:-2], array=True) if element.array else DataType(element.name, element.modifiers, array=True)
        )
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        return DataType("numeric", decimal.groups())
    return DataType(_FROM_DUCKDB.get(text, text.lower() if _SIMPLE.fullmatch(text) else text))


class Types:
    """The types of one model as DuckDB writes them."""

    def __init__(self, model: Model) -> None:
        self._native = model.dialect == "duckdb"
        self._enums = {(each.schema, each.name) for each in model.enums}
        self._domains = {(each.schema, each.name): each.type for each in model.domains}
        self._composites = {(each.schema, each.name): each.fields for each in model.composite_types}

    def written(self, data_type: DataType) -> str:
        """Return the type; one that DuckDB has not becomes VARCHAR."""
        if data_type.array:
            return self.written(data_type.element) + "[]"
        own = (data_type.schema, data_type.name)
        if own in self._enums:
            return quoted(*own)
        if own in self._domains:
            return self.written(self._domains[own])
        if own in self._composites:
            fields = ", ".join(f"{quoted(each.name)} {self.written(each.type)}" for each in self._composites[own])
            return f"STRUCT({fields})"
        return self._as_printed(data_type) if self._native else _built_in(data_type)

    def _as_printed(self, data_type: DataType) -> str:
        if data_type.name == "numeric" and data_type.modifiers:
            return f"DECIMAL({','.join(data_type.modifiers)})"
        return _BACK.get(data_type.name, data_type.name)


def _built_in(data_type: DataType) -> str:
    if data_type.name == "numeric":
        digits = data_type.modifiers[0] if data_type.modifiers else ""
        fits = digits.isdigit() and int(digits) <= _MAX_DECIMAL_DIGITS and "-" not in "".join(data_type.modifiers)
        scale = data_type.modifiers[1] if len(data_type.modifiers) > 1 else "0"
        return f"DECIMAL({digits},{scale})" if fits and int(scale) <= int(digits) else "DOUBLE"
    return _TO_DUCKDB.get(data_type.name, "VARCHAR")


def is_key_type(written: str) -> bool:
    """Whether DuckDB indexes values of the type. Source: its error "Invalid type for index key"."""
    return not written.endswith("]") and not written.startswith(("STRUCT", "MAP", "UNION", "INTERVAL", "BIT"))
