"""How a type of one dialect is written in another, and what that loses: tables to be read as tables.

A row is a dialect's type, what it becomes, and what is lost. ``{0}`` and ``{1}`` are the type's modifiers. PostgreSQL
stands in the middle: a pair of dialects without a table of its own goes through PostgreSQL's.

Sources: the chapters on data types of the PostgreSQL, MySQL and DuckDB manuals; sqlite.org/datatype3.html (a declared
type with INT in it is an integer, so that ``interval`` and ``point`` would be).
"""

from __future__ import annotations

from collections.abc import Mapping

from planroom.values import dataclass

__all__ = ["MAPPINGS", "OTHERWISE", "Mapped"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a type becomes.

    Attributes:
        text: The type in the other dialect.
        lost: What the other type does not do, or does otherwise; empty where nothing is lost.
        alters: Values may come back otherwise than they went in, or not go in at all.
    """

    text: str
    lost: str = ""
    alters: bool = False


def _same(*names: str) -> dict[str, Mapped]:
    return {name: Mapped(name) for name in names}


def _looser(text: str, lost: str) -> Mapped:
    """Every value survives; what the type refused or could do besides is lost."""
    return Mapped(text, lost)


def _alters(text: str, lost: str) -> Mapped:
    return Mapped(text, lost, alters=True)


_UNCHECKED = "values are kept as text, and no longer checked"
_ZONE = "the time zone is lost: write UTC"
_YEARS = "years outside 1 to 9999, and infinity, cannot be stored"
_OPERATORS = "values are kept as text, without the type's operators"
_JSON = "it cannot be indexed as a whole"

_POSTGRES_TO_MYSQL = _same("smallint", "bigint", "json") | {
    "integer": Mapped("int"),
    "numeric": _alters("decimal(65,30)", "numbers of more than 35 digits, or 30 decimals, cannot be stored"),
    "numeric(p,s)": Mapped("decimal({0},{1})"),
    "real": _alters("float", "NaN and infinity cannot be stored"),
    "double precision": _alters("double", "NaN and infinity cannot be stored"),
    "boolean": _looser("tinyint(1)", "numbers other than 0 and 1 are no longer refused"),
    "text": Mapped("longtext"),
    "character varying": Mapped("longtext"),
    "character varying(n)": Mapped("varchar({0})"),
    "character": Mapped("char(1)"),
    "character(n)": Mapped("char({0})"),
    "bytea": Mapped("longblob"),
    "uuid": _looser("char(36)", _UNCHECKED),
    "jsonb": _looser("json", _JSON),
    "date": _alters("date", _YEARS),
    "timestamp without time zone": _alters("datetime(6)", _YEARS),
    "timestamp without time zone(n)": _alters("datetime({0})", _YEARS),
    "timestamp with time zone": _alters("datetime(6)", f"{_ZONE}; {_YEARS}"),
    "timestamp with time zone(n)": _alters("datetime({0})", f"{_ZONE}; {_YEARS}"),
    "time without time zone": Mapped("time(6)"),
    "time without time zone(n)": Mapped("time({0})"),
    "time with time zone": _alters("time(6)", _ZONE),
    "time with time zone(n)": _alters("time({0})", _ZONE),
    "interval": _looser("varchar(64)", _OPERATORS),
    "money": _looser("decimal(19,2)", "the currency is not shown"),
    "bit": Mapped("bit(1)"),
    "bit(n)": Mapped("bit({0})"),
    "bit varying": _looser("longtext", _OPERATORS),
    "bit varying(n)": _looser("varchar({0})", _OPERATORS),
    "inet": _looser("varchar(43)", _OPERATORS),
    "cidr": _looser("varchar(43)", _OPERATORS),
    "macaddr": _looser("char(17)", _UNCHECKED),
    "macaddr8": _looser("char(23)", _UNCHECKED),
    "oid": Mapped("int unsigned"),
    "name": Mapped("varchar(63)"),
    "citext": _looser("longtext", "it is told apart by the collation, not by the type"),
}

_POSTGRES_TO_SQLITE = _same("smallint", "bigint", "text", "boolean", "date") | {
    "integer": Mapped("int"),  # INTEGER alone would make a key of one column the row's number
    "numeric": _alters("numeric", "numbers of more than 15 digits become approximate"),
    "numeric(p,s)": Mapped("numeric({0},{1})"),
    "real": Mapped("real"),
    "double precision": Mapped("real"),
    "character varying": Mapped("text"),
    "character varying(n)": Mapped("varchar({0})"),
    "character": Mapped("char(1)"),
    "character(n)": Mapped("char({0})"),
    "bytea": Mapped("blob"),
    "uuid": _looser("text", _UNCHECKED),
    "json": _looser("text", _UNCHECKED),
    "jsonb": _looser("text", f"{_UNCHECKED}; {_JSON}"),
    "timestamp without time zone": Mapped("timestamp"),
    "timestamp without time zone(n)": Mapped("timestamp"),
    "timestamp with time zone": _looser("text", "times are texts: compared as such, zones are not converted"),
    "timestamp with time zone(n)": _looser("text", "times are texts: compared as such, zones are not converted"),
    "time without time zone": Mapped("time"),
    "time without time zone(n)": Mapped("time"),
    "time with time zone": _looser("text", "times are texts: compared as such, zones are not converted"),
    "time with time zone(n)": _looser("text", "times are texts: compared as such, zones are not converted"),
    "money": _alters("numeric(19,2)", "numbers of more than 15 digits become approximate"),
    "oid": Mapped("bigint"),
    "name": Mapped("text"),
    "citext": _looser("text", "it is told apart by the collation, not by the type"),
}

_POSTGRES_TO_DUCKDB = _same("smallint", "integer", "bigint", "boolean", "uuid", "date", "interval", "json") | {
    "numeric": _alters("double", "numbers of more than 15 digits become approximate"),
    "numeric(p,s)": Mapped("decimal({0},{1})"),
    "real": Mapped("float"),
    "double precision": Mapped("double"),
    "text": Mapped("varchar"),
    "character varying": Mapped("varchar"),
    "character varying(n)": _looser("varchar", "the length is no longer checked"),
    "character": _looser("varchar", "the length is no longer checked, nor is it padded"),
    "character(n)": _looser("varchar", "the length is no longer checked, nor is it padded"),
    "bytea": Mapped("blob"),
    "jsonb": _looser("json", _JSON),
    "timestamp without time zone": Mapped("timestamp"),
    "timestamp without time zone(n)": _looser("timestamp", "microseconds are kept, not rounded"),
    "timestamp with time zone": Mapped("timestamp with time zone"),
    "timestamp with time zone(n)": _looser("timestamp with time zone", "microseconds are kept, not rounded"),
    "time without time zone": Mapped("time"),
    "time without time zone(n)": _looser("time", "microseconds are kept, not rounded"),
    "time with time zone": Mapped("time with time zone"),
    "time with time zone(n)": _looser("time with time zone", "microseconds are kept, not rounded"),
    "interval(n)": _looser("interval", "fields and precision are no longer checked"),
    "money": _looser("decimal(19,2)", "the currency is not shown"),
    "bit": _looser("bit", "the length is no longer checked"),
    "bit(n)": _looser("bit", "the length is no longer checked"),
    "bit varying": Mapped("bit"),
    "bit varying(n)": _looser("bit", "the length is no longer checked"),
    "oid": Mapped("uinteger"),
    "name": Mapped("varchar"),
}

_WIDER = "{} is no longer refused"
_SIGN = "negative numbers are no longer refused"

_MYSQL_TO_POSTGRES = _same("smallint", "integer", "bigint", "real", "double precision", "date", "bit", "text") | {
    "tinyint": _looser("smallint", "a number beyond -128 and 127 is no longer refused"),
    "tinyint(1)": _alters("boolean", "numbers other than 0 and 1 become true"),
    "mediumint": _looser("integer", "a number beyond 24 bits is no longer refused"),
    "tinyint unsigned": _looser("smallint", _SIGN),
    "smallint unsigned": _looser("integer", _SIGN),
    "mediumint unsigned": _looser("integer", _SIGN),
    "int unsigned": _looser("bigint", _SIGN),
    "bigint unsigned": _looser("numeric(20,0)", f"{_SIGN}; arithmetic is slower"),
    "decimal(p,s) unsigned": _looser("numeric({0},{1})", _SIGN),
    "float(p,s)": _looser("real", "the number of digits is no longer checked"),
    "double(p,s)": _looser("double precision", "the number of digits is no longer checked"),
    "float unsigned": _looser("real", _SIGN),
    "double unsigned": _looser("double precision", _SIGN),
    "year": _looser("smallint", "a number that is no year is no longer refused"),
    "datetime": _alters("timestamp(0) without time zone", "the zero date 0000-00-00 cannot be stored"),
    "datetime(n)": _alters("timestamp({0}) without time zone", "the zero date 0000-00-00 cannot be stored"),
    "timestamp": _alters("timestamp(0) with time zone", "the zero date 0000-00-00 cannot be stored"),
    "timestamp(n)": _alters("timestamp({0}) with time zone", "the zero date 0000-00-00 cannot be stored"),
    "time": _looser("interval second(0)", "a time of day and a span of time are told apart no longer"),
    "time(n)": _looser("interval second({0})", "a time of day and a span of time are told apart no longer"),
    "json": _alters("jsonb", "numbers beyond doubles come out otherwise"),
    "tinytext": _looser("text", "the length is no longer checked"),
    "mediumtext": Mapped("text"),
    "longtext": _alters("text", "texts of more than 1 GB cannot be stored"),
    "tinyblob": _looser("bytea", "the length is no longer checked"),
    "blob": Mapped("bytea"),
    "mediumblob": Mapped("bytea"),
    "longblob": _alters("bytea", "values of more than 1 GB cannot be stored"),
    "binary": _looser("bytea", "the length is no longer checked, nor is it padded"),
    "binary(n)": _looser("bytea", "the length is no longer checked, nor is it padded"),
    "varbinary(n)": _looser("bytea", "the length is no longer checked"),
    "inet6": Mapped("inet"),
    "inet4": Mapped("inet"),
    "uuid": Mapped("uuid"),
}

_SQLITE_TO_POSTGRES = _same("text", "boolean", "date", "bytea", "double precision", "numeric", "uuid", "json") | {
    "integer": Mapped("bigint"),
    "int": Mapped("bigint"),
    "bigint": Mapped("bigint"),
    "smallint": Mapped("bigint"),
    "tinyint": Mapped("bigint"),
    "mediumint": Mapped("bigint"),
    "int2": Mapped("bigint"),
    "int8": Mapped("bigint"),
    "timestamp": Mapped("timestamp without time zone"),
    "datetime": Mapped("timestamp without time zone"),
    "time": Mapped("time without time zone"),
    "clob": Mapped("text"),
    "any": _alters("text", "values of several types become texts"),
    "": _alters("text", "values of several types become texts"),
}

_DUCKDB_TO_POSTGRES = _same(
    "smallint", "integer", "bigint", "boolean", "uuid", "date", "interval", "json", "text", "real", "double precision",
    "bytea", "timestamp without time zone", "timestamp with time zone", "time without time zone",
    "time with time zone",
) | {
    "tinyint": _looser("smallint", "a number beyond -128 and 127 is no longer refused"),
    "utinyint": _looser("smallint", _SIGN),
    "usmallint": _looser("integer", _SIGN),
    "uinteger": _looser("bigint", _SIGN),
    "ubigint": _looser("numeric(20,0)", f"{_SIGN}; arithmetic is slower"),
    "hugeint": _looser("numeric(39,0)", "arithmetic is slower"),
    "uhugeint": _looser("numeric(39,0)", f"{_SIGN}; arithmetic is slower"),
    "bignum": Mapped("numeric"),
    "bit": Mapped("bit varying"),
    "timestamp_s": Mapped("timestamp(0) without time zone"),
    "timestamp_ms": Mapped("timestamp(3) without time zone"),
    "timestamp_ns": _alters("timestamp without time zone", "nanoseconds are rounded to microseconds"),
    "time_ns": _alters("time without time zone", "nanoseconds are rounded to microseconds"),
}  # fmt: skip

_TSQL_TO_POSTGRES = {
    "bit": Mapped("boolean"),
    "tinyint": _looser("smallint", _SIGN),
    "varchar(n)": Mapped("text"),  # (max): any other length is PostgreSQL's too
    "nvarchar(n)": Mapped("text"),
    "ntext": Mapped("text"),
    "varbinary": Mapped("bytea"),
    "image": Mapped("bytea"),
    "binary": _looser("bytea", "the length is no longer checked, nor is it padded"),
    "rowversion": _looser("bytea", "it no longer changes by itself"),
    "timestamp": _looser("bytea", "it no longer changes by itself"),
    "float": Mapped("double precision"),
    "money": Mapped("numeric(19,4)"),
    "smallmoney": Mapped("numeric(10,4)"),
    "datetime": Mapped("timestamp(3) without time zone"),
    "smalldatetime": Mapped("timestamp(0) without time zone"),
    "datetime2": _alters("timestamp without time zone", "tenths of a microsecond are rounded"),
    "datetimeoffset": _alters("timestamp with time zone", "the offset is lost, the moment is kept"),
}

_ORACLE_TO_POSTGRES = {
    "date": Mapped("timestamp(0) without time zone"),  # Oracle's has a time of day
    "number": Mapped("numeric"),
    "timestamp": Mapped("timestamp without time zone"),
    "blob": Mapped("bytea"),
    "raw": _looser("bytea", "the length is no longer checked"),
    "clob": Mapped("text"),
    "nclob": Mapped("text"),
    "binary_float": Mapped("real"),
    "binary_double": Mapped("double precision"),
}

_MYSQL_TO_DUCKDB = {
    "tinyint": Mapped("tinyint"),
    "tinyint unsigned": Mapped("utinyint"),
    "smallint unsigned": Mapped("usmallint"),
    "mediumint unsigned": _looser("uinteger", "a number beyond 24 bits is no longer refused"),
    "int unsigned": Mapped("uinteger"),
    "bigint unsigned": Mapped("ubigint"),
}

_DUCKDB_TO_MYSQL = {
    "tinyint": Mapped("tinyint"),
    "utinyint": Mapped("tinyint unsigned"),
    "usmallint": Mapped("smallint unsigned"),
    "uinteger": Mapped("int unsigned"),
    "ubigint": Mapped("bigint unsigned"),
}

_SQLITE_TO_DUCKDB = {"numeric": _alters("double", "whole numbers beyond 15 digits become approximate")}

MAPPINGS: Mapping[tuple[str, str], Mapping[str, Mapped]] = {
    ("postgres", "mysql"): _POSTGRES_TO_MYSQL,
    ("postgres", "sqlite"): _POSTGRES_TO_SQLITE,
    ("postgres", "duckdb"): _POSTGRES_TO_DUCKDB,
    ("mysql", "postgres"): _MYSQL_TO_POSTGRES,
    ("sqlite", "postgres"): _SQLITE_TO_POSTGRES,
    ("duckdb", "postgres"): _DUCKDB_TO_POSTGRES,
    ("tsql", "postgres"): _TSQL_TO_POSTGRES,
    ("oracle", "postgres"): _ORACLE_TO_POSTGRES,
    ("mysql", "duckdb"): _MYSQL_TO_DUCKDB,
    ("duckdb", "mysql"): _DUCKDB_TO_MYSQL,
    ("sqlite", "duckdb"): _SQLITE_TO_DUCKDB,
}
"""What each type becomes, by dialect and dialect."""

OTHERWISE: Mapping[str, Mapped] = {
    "postgres": _looser("text", _OPERATORS),
    "mysql": _looser("longtext", _OPERATORS),
    "sqlite": _looser("text", _OPERATORS),
    "duckdb": _looser("varchar", _OPERATORS),
}
"""What a type becomes that has no row, by the dialect that is written."""
