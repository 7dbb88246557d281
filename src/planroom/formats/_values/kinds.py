"""The kinds of value that data types hold."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.sqltext import DataType

__all__ = ["Kind", "kind_of", "range_element"]


class Kind(enum.Enum):
    """A kind of value, whatever its bounds."""

    INTEGER = enum.auto()
    DECIMAL = enum.auto()
    FLOAT = enum.auto()
    BOOLEAN = enum.auto()
    TEXT = enum.auto()
    UUID = enum.auto()
    DATE = enum.auto()
    TIME = enum.auto()
    ZONED_TIME = enum.auto()
    TIMESTAMP = enum.auto()
    ZONED_TIMESTAMP = enum.auto()
    INTERVAL = enum.auto()
    BYTES = enum.auto()
    JSON = enum.auto()
    RANGE = enum.auto()
    MULTIRANGE = enum.auto()
    OTHER = enum.auto()
    """A type that planroom does not look into."""


_KINDS = {
    "smallint": Kind.INTEGER, "integer": Kind.INTEGER, "bigint": Kind.INTEGER, "oid": Kind.INTEGER,
    "numeric": Kind.DECIMAL, "real": Kind.FLOAT, "double precision": Kind.FLOAT, "boolean": Kind.BOOLEAN,
    "text": Kind.TEXT, "character varying": Kind.TEXT, "character": Kind.TEXT, "citext": Kind.TEXT, "name": Kind.TEXT,
    "uuid": Kind.UUID, "date": Kind.DATE, "time without time zone": Kind.TIME, "time with time zone": Kind.ZONED_TIME,
    "timestamp without time zone": Kind.TIMESTAMP, "timestamp with time zone": Kind.ZONED_TIMESTAMP,
    "interval": Kind.INTERVAL, "bytea": Kind.BYTES, "json": Kind.JSON, "jsonb": Kind.JSON,
}  # fmt: skip
_RANGES = {
    "int4": "integer", "int8": "bigint", "num": "numeric", "date": "date", "ts": "timestamp without time zone",
    "tstz": "timestamp with time zone",
}  # fmt: skip


def kind_of(data_type: DataType) -> Kind:
    """Return the kind of value of a built-in type's elements; OTHER for any type that a schema defines."""
    if data_type.schema:
        return Kind.OTHER
    if range_element(data_type.name):
        return Kind.MULTIRANGE if data_type.name.endswith("multirange") else Kind.RANGE
    return _KINDS.get(data_type.name, Kind.OTHER)


def range_element(name: str) -> str:
    """Return the type that a built-in range or multirange ranges over; empty for any other type."""
    for suffix in ("multirange", "range"):
        if name.endswith(suffix):
            return _RANGES.get(name.removesuffix(suffix), "")
    return ""
