r"""Exports of pg_stat_statements, as CSV or JSON: queries without their constants, and how often each ran.

\copy (SELECT query, calls FROM pg_stat_statements) TO 'workload.csv' CSV HEADER
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError
from planroom.findings import Location
from planroom.plans.workloads.weighing import weighed
from planroom.sqltext.weighted_queries import WeightedQuery, merged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["is_statement_statistics", "read_statement_statistics"]

_NEEDED = ("query", "calls")


def is_statement_statistics(text: str) -> bool:
    """Whether a text has the columns ``query`` and ``calls``: in its first line, or in its first object."""
    head = text.lstrip("\ufeff \t\r\n")
    if head[:1] in {"[", "{"}:
        return all(f'"{name}"' in head[:100_000] for name in _NEEDED)
    names = {each.strip().strip('"').lower() for each in head.partition("\n")[0].split(_delimiter(head))}
    return names.issuperset(_NEEDED)


def read_statement_statistics(text: str, source: str = "<text>") -> tuple[WeightedQuery, ...]:
    """Return the queries of an export with their calls; those that differ in constants alone are one.

    Other columns are left alone; a statement that is no query, or cannot be read, is there with the reason.

    Args:
        text: CSV with a header, a JSON array of objects, or an object a line; each has ``query`` and ``calls``.
        source: Its path, for places and names.

    Raises:
        SourceError: It has no such columns, or is no CSV or JSON.
    """
    rows = _json_rows(text, source) if text.lstrip("\ufeff \t\r\n")[:1] in {"[", "{"} else _csv_rows(text, source)
    found: list[WeightedQuery] = []
    for line, row in rows:
        calls = _number(row.get("calls"), source, line)
        found += weighed(f"{source}:{line}", str(row.get("query") or ""), Location(source, line, 1), calls=calls)
    return merged(found)


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t|", key=head.count)


def _csv_rows(text: str, source: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    csv.field_size_limit(2**31 - 1)  # a query may be longer than the 128 kB that are the default
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text))
    try:
        header = [each.strip().lower() for each in next(reader, [])]
        if not set(_NEEDED) <= set(header):
            raise _columns_missing(source, header)
        begun = reader.line_num + 1
        for row in reader:
            if row:
                yield begun, dict(zip(header, row, strict=False))
            begun = reader.line_num + 1
    except csv.Error as error:
        raise SourceError("This is no CSV.", where=f"{source}:{reader.line_num}", why=f"{error}.") from None


def _json_rows(text: str, source: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield objects with the line on which each begins; those of an array have the array's first line and on."""
    decoder, position = json.JSONDecoder(), 0
    text = text.removeprefix("\ufeff")
    line, counted = 1, 0
    while True:
        while position < len(text) and text[position] in " \t\r\n,[]":
            position += 1
        if position >= len(text):
            return
        line += text.count("\n", counted, position)
        counted = position
        try:
            row, position = decoder.raw_decode(text, position)
        except (json.JSONDecodeError, RecursionError) as error:
            raise SourceError("This is no JSON.", where=f"{source}:{line}", why=f"{error}.") from None
        if not isinstance(row, dict) or not set(_NEEDED) <= {str(key).lower() for key in row}:
            raise _columns_missing(f"{source}:{line}", list(row) if isinstance(row, dict) else [])
        yield line, {str(key).lower(): value for key, value in row.items()}


def _columns_missing(where: str, found: list[str]) -> SourceError:
    return SourceError(
        "This is no export of pg_stat_statements.",
        where=where,
        why=f"it needs the columns query and calls, and has {', '.join(found[:8]) or 'none'}.",
        fix="SELECT query, calls FROM pg_stat_statements, as CSV with a header or as JSON.",
    )


def _number(value: object, source: str, line: int) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise SourceError(
            f"{str(value)[:40]!r} is no number of calls.", where=f"{source}:{line}", fix="export calls as it is."
        )
    return number
