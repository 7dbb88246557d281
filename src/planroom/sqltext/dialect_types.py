"""Data types of every dialect: read into `DataType`, and written in another dialect with what that loses.

A type that PostgreSQL has with the very same meaning bears PostgreSQL's full name (``character varying(20)``,
``integer``); any other keeps its own spelling, lower case, as its name (``int unsigned``, ``datetime(6)``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from planroom.errors import SyntaxProblem
from planroom.sqltext.identifiers import must_be_quoted
from planroom.sqltext.names import BUILTIN_TYPE_NAMES, parse_type
from planroom.sqltext.type_mappings import MAPPINGS, OTHERWISE, Mapped
from planroom.sqltext.types import DataType

__all__ = ["Mapped", "enum_labels", "read_type", "write_type"]

_TYPE = re.compile(r"(?P<name>[^()]*?)\s*(?:\((?P<modifiers>.*)\))?\s*(?P<rest>[^()]*)", re.DOTALL)
_LABEL = re.compile(r"'((?:[^'\\]|''|\\.)*)'", re.DOTALL)
_ENUM = re.compile(r"\s*enum\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}

_TEXTS = {
    "varchar": "character varying", "character varying": "character varying", "char": "character",
    "character": "character",
}  # fmt: skip

_SAME: Mapping[str, Mapping[str, str]] = {
    "mysql": _TEXTS | {
        "int": "integer", "integer": "integer", "int4": "integer", "bigint": "bigint", "int8": "bigint",
        "smallint": "smallint", "int2": "smallint", "decimal": "numeric", "numeric": "numeric", "dec": "numeric",
        "fixed": "numeric", "float": "real", "float4": "real", "double": "double precision",
        "double precision": "double precision", "real": "double precision", "float8": "double precision",
        "date": "date", "bit": "bit", "text": "text", "nvarchar": "character varying", "nchar": "character",
        "uuid": "uuid",
    },
    "sqlite": _TEXTS | {
        "nvarchar": "character varying", "nchar": "character", "text": "text", "blob": "bytea", "numeric": "numeric",
        "decimal": "numeric", "real": "double precision", "double": "double precision", "float": "double precision",
        "double precision": "double precision",
    },
    "duckdb": {
        "varchar": "text", "text": "text", "string": "text", "char": "text", "bpchar": "text", "nvarchar": "text",
        "integer": "integer", "int": "integer", "int4": "integer", "int32": "integer", "signed": "integer",
        "bigint": "bigint", "int8": "bigint", "int64": "bigint", "long": "bigint", "oid": "bigint",
        "smallint": "smallint", "int2": "smallint", "int16": "smallint", "short": "smallint",
        "double": "double precision", "float8": "double precision", "double precision": "double precision",
        "float": "real", "real": "real", "float4": "real", "decimal": "numeric", "numeric": "numeric", "dec": "numeric",
        "blob": "bytea", "bytea": "bytea", "binary": "bytea", "varbinary": "bytea", "boolean": "boolean",
        "bool": "boolean", "logical": "boolean", "uuid": "uuid", "guid": "uuid", "date": "date", "json": "json",
        "interval": "interval", "bit": "bit", "bitstring": "bit", "time": "time without time zone",
        "time without time zone": "time without time zone", "time with time zone": "time with time zone",
        "timetz": "time with time zone", "timestamp": "timestamp without time zone",
        "datetime": "timestamp without time zone", "timestamp without time zone": "timestamp without time zone",
        "timestamp_us": "timestamp without time zone", "timestamp with time zone": "timestamp with time zone",
        "timestamptz": "timestamp with time zone",
    },
}  # fmt: skip
"""PostgreSQL's full names by the names of a dialect that mean the same."""

_OWN: Mapping[str, Mapping[str, str]] = {
    "mysql": {
        "bool": "tinyint(1)", "boolean": "tinyint(1)", "int1": "tinyint", "middleint": "mediumint", "int3": "mediumint",
        "long": "mediumtext", "long varchar": "mediumtext", "serial": "bigint unsigned",
        "long varbinary": "mediumblob",
    },
    "sqlite": {"bool": "boolean"},
    "duckdb": {
        "int1": "tinyint", "uint8": "utinyint", "uint16": "usmallint", "uint32": "uinteger", "uint64": "ubigint",
        "int128": "hugeint", "uint128": "uhugeint", "datetime_s": "timestamp_s", "varint": "bignum",
    },
}  # fmt: skip
"""Names of a dialect that mean another of its own."""

_MYSQL_INTEGERS = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint"})
_DEFAULT_MODIFIERS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("mysql", "numeric"): ("10", "0"), ("duckdb", "numeric"): ("18", "3"), ("mysql", "bit"): ("1",),
    ("mysql", "character"): ("1",), ("mysql", "binary"): ("1",),
}  # fmt: skip
_UNTOLD = {("mysql", "datetime", "0"), ("mysql", "timestamp", "0"), ("mysql", "time", "0"), ("mysql", "year", "4")}
"""Modifiers that are the default."""

_MAX_SINGLE_DIGITS = 24  # MySQL's FLOAT(p): single precision up to here
_MAX_DIGITS = {"mysql": (65, 30), "duckdb": (38, 38), "sqlite": (15, 15)}
"""The most digits, and of those decimals, that a number keeps; SQLite keeps what a double holds."""

_MAX_LENGTHS = {"varchar": 16_383, "char": 255, "bit": 64}
"""Of MySQL's types: 65,535 bytes a row and four a character; 255 characters; 64 bits."""

_ZEROFILL = "zerofill"


def read_type(text: str, dialect: str) -> DataType:
    """Return the data type that a text means in a dialect; a text that is no known type keeps its spelling.

    Args:
        text: The type as the dialect's DDL or catalog writes it, without the column's other clauses.
        dialect: ``postgres``, ``mysql``, ``sqlite``, ``duckdb``, or any that sqlglot knows.

    Example:
        >>> str(read_type("VARCHAR(20)", "mysql")), read_type("INT(10) UNSIGNED", "mysql").name
        ('character varying(20)', 'int unsigned')
    """
    if dialect == "postgres":
        return _read_postgres(text)
    return _read(_single_blanks(text), "mysql" if dialect == "mariadb" else dialect)


def write_type(kind: DataType, *, model_dialect: str, to: str) -> Mapped:
    """Return a type as another dialect writes it, and what that loses.

    A type that the model itself defines (an enum, a domain) is none of the dialect's: it is for the caller.

    Args:
        kind: The type, as a model of ``model_dialect`` holds it.
        model_dialect: The model's dialect.
        to: The dialect wanted.

    Example:
        >>> write_type(DataType("int unsigned"), model_dialect="mysql", to="postgres").text
        'bigint'
    """
    if model_dialect == to:
        return Mapped(_native(kind, to))
    if kind.array:
        return _array(kind, model_dialect, to)
    direct = _mapped(kind, model_dialect, to)
    if direct:
        return direct
    if "postgres" in {model_dialect, to}:
        return _otherwise(kind, model_dialect, to)
    middle = write_type(kind, model_dialect=model_dialect, to="postgres")
    last = write_type(read_type(middle.text, "postgres"), model_dialect="postgres", to=to)
    lost = "; ".join(dict.fromkeys(each for each in (middle.lost, last.lost) if each))
    return Mapped(last.text, lost, middle.alters or last.alters)


def enum_labels(text: str) -> tuple[str, ...] | None:
    """Return the labels of a type that is spelled ``enum('a','b')``; None for any other."""
    found = _ENUM.fullmatch(text)
    return tuple(_unescaped(label) for label in _LABEL.findall(found[1])) if found else None


def _unescaped(label: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]) if found[1] else "'", label)


def _single_blanks(text: str) -> str:
    """Return a type's text with single blanks, but for those in the labels of an enum."""
    return _BLANKS.sub(lambda found: found[0] if found[0].strip() else " ", text).strip()


_BLANKS = re.compile(r"'[^'\\]*(?:(?:''|\\.)[^'\\]*)*'|\s+", re.DOTALL)


# -- reading -----------------------------------------------------------------------------------------------------------


def _read_postgres(text: str) -> DataType:
    try:
        return parse_type(text)
    except SyntaxProblem:
        return DataType(text)


@lru_cache(maxsize=4096)
def _read(text: str, dialect: str) -> DataType:
    if dialect not in _SAME:
        return _read_other(text, dialect)
    if dialect == "duckdb" and text.endswith("]"):
        return _read_list(text)
    found = _TYPE.fullmatch(text)
    if dialect == "duckdb" and found and found["name"].lower() in {"struct", "map", "union", "row"}:
        return DataType(_nested(found["name"].upper().replace("ROW", "STRUCT"), found["modifiers"] or ""))
    if not found or found["name"].lower() in {"enum", "set"}:
        return DataType(text.replace(found["name"], found["name"].lower(), 1) if found else text)
    words, modifiers = _words_and_modifiers(found, dialect)
    signs = [word for word in words if word in {"unsigned", _ZEROFILL}]
    name = " ".join(word for word in words if word not in {"unsigned", _ZEROFILL, "signed", "national"})
    if dialect == "duckdb" and name not in _SAME["duckdb"] and not re.fullmatch(r"\w+", name):
        return DataType(text)
    return _known(_OWN[dialect].get(name, name), modifiers, " ".join(signs), dialect)


def _words_and_modifiers(found: re.Match[str], dialect: str) -> tuple[list[str], tuple[str, ...]]:
    words = [*found["name"].lower().split(), *found["rest"].lower().split()]
    modifiers = tuple(part.strip() for part in (found["modifiers"] or "").split(",") if part.strip())
    if dialect == "mysql" and _ZEROFILL in words and "unsigned" not in words:
        words.insert(words.index(_ZEROFILL), "unsigned")
    return words, modifiers


def _known(name: str, modifiers: tuple[str, ...], signs: str, dialect: str) -> DataType:
    name, modifiers = _plain(name, modifiers, signs, dialect)
    same = _SAME[dialect].get(name)
    if same is None or signs or (same.startswith(("real", "double")) and modifiers):
        return _own(name, modifiers, signs)
    modifiers = modifiers or _DEFAULT_MODIFIERS.get((dialect, same), ())
    if same == "numeric" and len(modifiers) == 1:
        modifiers += ("0",)
    if dialect == "duckdb" and same != "numeric":
        modifiers = ()  # DuckDB reads and forgets them
    return DataType(same, modifiers)


def _plain(name: str, modifiers: tuple[str, ...], signs: str, dialect: str) -> tuple[str, tuple[str, ...]]:
    """Return a name and its modifiers without what says nothing."""
    if dialect != "mysql":
        return name, modifiers
    name = _MYSQL_NAMES.get(name, name)
    if name in _MYSQL_INTEGERS and _ZEROFILL not in signs and ((name, modifiers) != ("tinyint", ("1",)) or signs):
        return name, ()  # a width of display: MySQL 8 drops it
    if name == "float" and len(modifiers) == 1:
        return "float" if int(modifiers[0]) <= _MAX_SINGLE_DIGITS else "double", ()
    if name == "decimal" and signs:
        modifiers = (modifiers or ("10",)) if len(modifiers) == 2 else (*(modifiers or ("10",)), "0")
    if modifiers and (dialect, name, modifiers[0]) in _UNTOLD:
        return name, ()
    return name, modifiers or _DEFAULT_MODIFIERS.get((dialect, name), ())


_MYSQL_NAMES = {
    "integer": "int", "int4": "int", "int8": "bigint", "int2": "smallint", "numeric": "decimal", "dec": "decimal",
    "fixed": "decimal", "real": "double", "double precision": "double", "float8": "double", "float4": "float",
    "char varying": "varchar", "char byte": "binary",
}  # fmt: skip


def _own(name: str, modifiers: tuple[str, ...], rest: str = "") -> DataType:
    return DataType(name + (f"({','.join(modifiers)})" if modifiers else "") + (f" {rest}" if rest else ""))


def _read_list(text: str) -> DataType:
    """Return a DuckDB list or array; of nested ones, and those of a fixed length, the spelling is kept."""
    element = _read(text[:-2], "duckdb") if text.endswith("[]") else DataType(text, array=True)
    return (
        DataType(element.name, element.modifiers, array=True)
        if not element.array
        else DataType(text.removesuffix("[]"), array=True)
        if text.endswith("[]")
        else DataType(text)
    )


def _nested(name: str, inside: str) -> str:
    """Return a nested DuckDB type as DuckDB prints it: the full names of types, quotes only where they are needed."""
    items = [item.strip() for item in _ITEM.findall(inside) if item.strip()]
    if name == "MAP":
        return f"MAP({', '.join(_printed(item) for item in items)})"
    fields = (_FIELD.fullmatch(item) for item in items)
    said = ", ".join(f"{_field_name(each[1])} {_printed(each[2])}" for each in fields if each)
    return f"{name}({said})"


def _printed(text: str) -> str:
    kind = _read(" ".join(text.split()), "duckdb")
    native = _native(kind, "duckdb")
    return native.upper() if _LOWER.fullmatch(native) else native


def _field_name(written: str) -> str:
    bare = written[1:-1].replace('""', '"') if written.startswith('"') else written
    plain = _SIMPLE.fullmatch(bare) and not must_be_quoted(bare) and bare not in _KEYWORDS
    return bare if plain else '"' + bare.replace('"', '""') + '"'


_ITEM = re.compile(r"(?:[^,()\"]|\"(?:[^\"]|\"\")*\"|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+")
_FIELD = re.compile(r"(\"(?:[^\"]|\"\")*\"|\S+)\s+(.+)", re.DOTALL)
_SIMPLE = re.compile(r"[a-z_][a-z0-9_]*")
_LOWER = re.compile(r"[a-z0-9_ (),]+(?:\[\])?")
_KEYWORDS = frozenset(
    """anti asof at by describe glob lambda pivot pivot_longer pivot_wider positional qualify semi show summarize unpack
    unpivot""".split()
)
"""What DuckDB 2 takes for no field's name beside PostgreSQL's own, read from ``duckdb_keywords()``."""


# -- other dialects, through sqlglot -----------------------------------------------------------------------------------

_COMMON = {
    "VARCHAR": "character varying", "NVARCHAR": "character varying", "CHAR": "character", "NCHAR": "character",
    "INT": "integer", "BIGINT": "bigint", "SMALLINT": "smallint", "DECIMAL": "numeric", "DOUBLE": "double precision",
    "BOOLEAN": "boolean", "UUID": "uuid", "TEXT": "text", "DATE": "date",
}  # fmt: skip
"""PostgreSQL's full names by sqlglot's."""

_DIFFERENT = {("oracle", "DATE"), ("tsql", "TEXT"), ("clickhouse", "DATE")}
"""What bears the name and means something else: Oracle's DATE has a time of day."""


def _read_other(text: str, dialect: str) -> DataType:
    kind = _parsed(text, dialect)
    same = _COMMON.get(kind.this.name) if kind is not None and (dialect, kind.this.name) not in _DIFFERENT else None
    if kind is None or same is None:
        return DataType(text.lower())
    modifiers = tuple(each.name or each.sql() for each in kind.expressions)
    if not all(each.isdigit() for each in modifiers):
        return DataType(text.lower())
    return DataType(same, (*modifiers, "0") if same == "numeric" and len(modifiers) == 1 else modifiers)


def _parsed(text: str, dialect: str) -> Any:
    """Return sqlglot's tree of a type; None where it knows none."""
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        kind = exp.DataType.build(text, dialect=dialect)
    except (SqlglotError, ValueError, RecursionError):
        return None
    return kind if isinstance(kind.this, exp.DType) and kind.this != exp.DType.USERDEFINED else None


# -- writing -----------------------------------------------------------------------------------------------------------


@cache
def _names(dialect: str) -> Mapping[str, str]:
    """The dialect's own names by PostgreSQL's."""
    found: dict[str, str] = {}
    for own, same in _SAME.get(dialect, {}).items():
        found.setdefault(same, own)
    return found


def _native(kind: DataType, dialect: str) -> str:
    """Return a type of the dialect's own model."""
    if dialect == "postgres":
        return str(kind)
    name = _names(dialect).get(kind.name)
    if kind.array:
        return _native(kind.element, dialect) + "[]"
    if name is None:
        return kind.name
    return name + (f"({','.join(kind.modifiers)})" if kind.modifiers else "")


def _mapped(kind: DataType, source: str, to: str) -> Mapped | None:
    table = MAPPINGS.get((source, to), {})
    name, modifiers, rest = kind.name, kind.modifiers, ""
    found = _TYPE.fullmatch(kind.name)
    if found and not modifiers and found["modifiers"]:
        name, rest = found["name"], f" {found['rest']}" if found["rest"] else ""
        modifiers = tuple(part.strip() for part in found["modifiers"].split(","))
    counted = {0: "", 1: "(n)", 2: "(p,s)"}.get(len(modifiers), "")
    rest = rest.removesuffix(f" {_ZEROFILL}")
    for key in (kind.name, f"{name}{counted}{rest}", f"{name}{rest}"):
        if key in table and not (key == kind.name and kind.modifiers):
            return _fitting(table[key], modifiers, to)
    return None


def _fitting(row: Mapped, modifiers: tuple[str, ...], to: str) -> Mapped:
    """Return a row with its modifiers filled in, or, where they are too large for the dialect, what holds the most."""
    text = row.text.format(*modifiers) if "{" in row.text else row.text
    name = row.text.partition("(")[0]
    if "{0},{1}" in row.text and to in _MAX_DIGITS:
        return _fitting_number(Mapped(text, row.lost, row.alters), modifiers, to)
    if to == "mysql" and modifiers and int(modifiers[0]) > _MAX_LENGTHS.get(name, int(modifiers[0])):
        lost = "bits beyond 64 are lost" if name == "bit" else "the length is no longer checked"
        return Mapped("bit(64)" if name == "bit" else "longtext", lost, name == "bit")
    return Mapped(text, row.lost, row.alters)


def _fitting_number(mapped: Mapped, modifiers: tuple[str, ...], to: str) -> Mapped:
    digits, scale = (int(each) for each in modifiers)
    most_digits, most_scale = _MAX_DIGITS[to]
    if digits <= most_digits and 0 <= scale <= min(most_scale, digits):
        return mapped
    lost = f"numbers of more than {_MAX_DIGITS['sqlite'][0]} digits become approximate"
    text = {"sqlite": mapped.text, "duckdb": "double"}.get(to, "double")
    return Mapped(text, lost, alters=True)


def _array(kind: DataType, source: str, to: str) -> Mapped:
    if {source, to} <= {"postgres", "duckdb"}:
        element = write_type(kind.element, model_dialect=source, to=to)
        return Mapped(f"{element.text}[]", element.lost, element.alters)
    lost = "elements are kept as JSON, and no longer checked"
    return Mapped({"mysql": "json"}.get(to, "text"), lost)


def _otherwise(kind: DataType, source: str, to: str) -> Mapped:
    """Return what a type without a row becomes: itself where PostgreSQL has it too, or text."""
    if to == "postgres" and kind.name in BUILTIN_TYPE_NAMES:
        return Mapped(str(kind))
    return OTHERWISE.get(to) or Mapped(kind.short, f"it is written as {source} has it", alters=True)
