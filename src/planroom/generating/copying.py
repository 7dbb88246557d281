"""Made rows as PostgreSQL's COPY takes them: DuckDB writes the bytes of its binary format itself.

A number cast to BIT and then to BLOB is its bytes, the highest first, which is PostgreSQL's order; so a row is one
expression, and neither Arrow nor a row in Python stands between the two engines. What has no binary form here (ranges,
composite types, arrays ...) goes as COPY's text.

Source: PostgreSQL manual, "COPY", Binary Format; src/backend/utils/adt/*: the functions called ..._recv.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.generating.quoting import input_text, name
from planroom.model import qualified, quote_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planroom.generating.plan import ColumnPlan, TablePlan

__all__ = ["BINARY", "CopyPlan", "copy_plan", "framed"]

BINARY = "binary"
_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # signature, no flags, no extension
_END = b"\xff\xff"
_POSTGRES_EPOCH_US = 946_684_800_000_000  # 2000-01-01
_POSTGRES_EPOCH_DAY = 10_957


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """How a table's rows go over.

    Attributes:
        statement: PostgreSQL's COPY.
        query: DuckDB's SELECT of one column, a row a row: bytes, or a line of text.
        format: ``binary`` or ``text``.
        why: What keeps them from going as binary; empty when nothing does.
    """

    statement: str
    query: str
    format: str
    why: str = ""


def copy_plan(table: TablePlan) -> CopyPlan:
    """Return how the rows of a table are copied into the same table in PostgreSQL."""
    columns = [each for each in table.columns if each.how != "left to its default"]
    named = ", ".join(quote_identifier(each.name) for each in columns)
    into = f"COPY {qualified(table.schema, table.name)} ({named}) FROM STDIN"
    without = [each for each in columns if _encoder(each) is None]
    if without:
        line = " || chr(9) || ".join(_as_text(each) for each in columns)
        why = f"{without[0].name} is {without[0].type}"
        return CopyPlan(f"{into} WITH (FORMAT text)", f"SELECT {line} FROM {table.target}", "text", why)
    fields = " || ".join([_bytes(len(columns).to_bytes(2, "big")), *(_field(each) for each in columns)])
    return CopyPlan(f"{into} WITH (FORMAT binary)", f"SELECT {fields} FROM {table.target}", BINARY)


def framed(plan: CopyPlan, batches: Iterable[list[tuple[object, ...]]]) -> Iterator[bytes]:
    """Yield what COPY is sent, from batches of rows that the query gave."""
    if plan.format == BINARY:
        yield _HEAD
        for batch in batches:
            yield b"".join(row[0] for row in batch)  # type: ignore[misc]
        yield _END
    else:
        for batch in batches:
            yield ("\n".join(str(row[0]) for row in batch) + "\n").encode()


# -- binary ------------------------------------------------------------------------------------------------------------


def _bytes(value: bytes) -> str:
    return "'" + "".join(f"\\x{each:02X}" for each in value) + "'::BLOB"


def _long(sql: str) -> str:
    return f"CAST(CAST(CAST({sql} AS BIGINT) AS BIT) AS BLOB)"


def _int(sql: str) -> str:
    return f"CAST(CAST(CAST({sql} AS INTEGER) AS BIT) AS BLOB)"


def _short(sql: str) -> str:
    return f"CAST(CAST(CAST({sql} AS SMALLINT) AS BIT) AS BLOB)"


def _own_bits(sql: str) -> str:
    return f"CAST(CAST({sql} AS BIT) AS BLOB)"


def _fixed(size: int, encode: Callable[[str], str]) -> Callable[[str], str]:
    """Return an encoder with the length of its values, which is always the same, in front."""
    return lambda sql: f"{_bytes(size.to_bytes(4, 'big'))} || {encode(sql)}"


def _varying(encode: Callable[[str], str]) -> Callable[[str], str]:
    return lambda sql: f"{_int(f'octet_length({encode(sql)})')} || {encode(sql)}"


def _interval(sql: str) -> str:
    months = f"datepart('year', {sql}) * 12 + datepart('month', {sql})"
    micros = f"(datepart('hour', {sql}) * 60 + datepart('minute', {sql})) * 60000000 + datepart('microsecond', {sql})"
    return f"{_long(micros)} || {_int(f'datepart({chr(39)}day{chr(39)}, {sql})')} || {_int(months)}"


_ENCODERS: dict[str, Callable[[str], str]] = {
    "boolean": _fixed(1, lambda sql: f"CASE WHEN {sql} THEN {_bytes(bytes([1]))} ELSE {_bytes(bytes(1))} END"),
    "timestamp": _fixed(8, lambda sql: _long(f"epoch_us({sql}) - {_POSTGRES_EPOCH_US}")),
    "timestamptz": _fixed(8, lambda sql: _long(f"epoch_us({sql}) - {_POSTGRES_EPOCH_US}")),
    "date": _fixed(4, lambda sql: _int(f"{sql} - DATE '1970-01-01' - {_POSTGRES_EPOCH_DAY}")),
    "time": _fixed(8, lambda sql: _long(f"epoch_us({sql})")),
    "interval": _fixed(16, _interval),
    "uuid": _fixed(16, lambda sql: f"unhex(replace(CAST({sql} AS VARCHAR), '-', ''))"),
    "text": _varying(lambda sql: f"encode({sql})"),
    "enum": _varying(lambda sql: f"encode({sql})"),
    "bytes": _varying(lambda sql: sql),
}
_INTEGERS = {"SMALLINT": _fixed(2, _own_bits), "INTEGER": _fixed(4, _own_bits), "BIGINT": _fixed(8, _own_bits)}
_FLOATS = {"FLOAT": _fixed(4, _own_bits), "DOUBLE": _fixed(8, _own_bits)}


def _encoder(column: ColumnPlan) -> Callable[[str], str] | None:
    if column.type == "oid":
        return None
    if column.family == "integer":
        return _INTEGERS[column.stored]
    if column.family == "float":
        return _FLOATS[column.stored]
    if column.family == "decimal":
        digits, scale = (int(each) for each in column.stored[8:-1].split(","))
        return _numeric(digits, scale) if digits <= 18 else None
    if column.family == "json":
        version = _bytes(bytes([1])) + " || " if column.base == "jsonb" else ""
        return _varying(lambda sql: f"({version}encode(CAST({sql} AS VARCHAR)))")
    if column.base in {"char", "name"}:
        return None
    return _ENCODERS.get(column.family)


def _numeric(digits: int, scale: int) -> Callable[[str], str]:
    """Encode a decimal as digits to the base 10,000, so many of them always; the server strips the zeros."""
    after, before = -(-scale // 4), -(-(digits - scale) // 4)
    count = before + after
    shift = 10 ** (after * 4 - scale)

    def encode(sql: str) -> str:
        whole = f"abs(CAST({sql} * {10**scale} AS HUGEINT)) * {shift}"
        groups = [_short(f"({whole}) // {10000**power}::HUGEINT % 10000") for power in range(count - 1, -1, -1)]
        sign = f"CASE WHEN {sql} < 0 THEN {_bytes(bytes([0x40, 0]))} ELSE {_bytes(bytes(2))} END"
        head = _bytes(count.to_bytes(2, "big") + (before - 1).to_bytes(2, "big", signed=True))
        return " || ".join([head, sign, _bytes(scale.to_bytes(2, "big")), *groups])

    return _fixed(8 + 2 * count, encode)


def _field(column: ColumnPlan) -> str:
    encode = _encoder(column)
    value = encode(name(column.name)) if encode else ""
    return f"CASE WHEN {name(column.name)} IS NULL THEN {_bytes(bytes([255] * 4))} ELSE {value} END"


# -- text --------------------------------------------------------------------------------------------------------------


def _as_text(column: ColumnPlan) -> str:
    """Return SQL for a column as COPY's text format has it."""
    own = name(column.name)
    value = input_text(column.family, own)
    if column.family not in {"integer", "decimal", "float", "boolean", "date", "timestamp", "timestamptz", "uuid"}:
        for plain, escaped in (("'\\'", "'\\\\'"), ("chr(9)", "'\\t'"), ("chr(10)", "'\\n'"), ("chr(13)", "'\\r'")):
            value = f"replace({value}, {plain}, {escaped})"
    return f"coalesce({value}, '\\N')"
