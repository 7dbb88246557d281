"""PostgreSQL's server logs: the statements that log_statement and log_min_duration_statement wrote down.

All three forms are read: stderr with any log_line_prefix, csvlog and jsonlog. Messages must be in English
(``lc_messages = C``). A statement with bind parameters whose values are logged is read with the values.

Source: PostgreSQL manual, "Error Reporting and Logging"; ``exec_simple_query``, ``exec_execute_message`` and
``errdetail_params`` in ``tcop/postgres.c``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from planroom.findings import Location
from planroom.plans.workloads.weighing import weighed
from planroom.sqltext.weighted_queries import WeightedQuery, merged
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["is_server_log", "read_server_log"]

_SEVERITIES = (
    "LOG|DETAIL|ERROR|STATEMENT|HINT|CONTEXT|WARNING|FATAL|PANIC|NOTICE|INFO|QUERY|LOCATION|BACKTRACE|DEBUG[1-5]?"
)
_LINE = re.compile(rf"^(?P<prefix>[^\t].*?|)(?P<severity>{_SEVERITIES}):  (?P<message>.*)$")
# Parse and bind are steps of one call that is told at its execution; a fetch goes on with one that was told.
_STATEMENT = re.compile(r"(?:duration: [\d.]+ ms  )?(?:statement|execute (?!fetch from )[^:]+): (?P<sql>.*)", re.DOTALL)
_PARAMETERS = re.compile(r"parameters: ", re.IGNORECASE)
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*'(?:\.\.\.)?)(?:, |$)")
_CSV_SEVERITY, _CSV_MESSAGE, _CSV_DETAIL = 11, 13, 14  # of the columns of csvlog
_CSV_COLUMNS = 23  # of the oldest version that is in use


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    message: str
    detail: str = ""


def is_server_log(text: str) -> bool:
    """Whether a text looks like a server's log, in any of its forms."""
    head = text[:200_000]
    if head.lstrip()[:1] == "{":
        return '"error_severity"' in head
    return bool(re.search(r"(?:^|[^\w])LOG:  |,LOG,0", head))


def read_server_log(text: str, source: str = "<text>") -> tuple[WeightedQuery, ...]:
    """Return the queries of a log with how often each was logged; those that differ in constants alone are one.

    A statement that is no query, or cannot be read, is there with the reason; everything else in the log is left out.

    Args:
        text: The log: stderr, csvlog or jsonlog.
        source: Its path, for places and names.
    """
    found: list[WeightedQuery] = []
    for entry in _entries(text):
        statement = _STATEMENT.fullmatch(entry.message)
        if statement is not None:
            place = Location(source, entry.line, 1)
            found += weighed(f"{source}:{entry.line}", statement["sql"], place, values=_values(entry.detail))
    return merged(found)


def _entries(text: str) -> Iterable[_Entry]:
    if text.lstrip()[:1] == "{":
        return _of_json(text)
    return _of_csv(text) if re.search(r"^[^\n]*,LOG,0", text[:200_000], re.MULTILINE) else _of_lines(text)


def _of_lines(text: str) -> Iterator[_Entry]:
    """Yield the entries of a log as it is written to stderr: what goes on, goes on behind a tab."""
    entry: _Entry | None = None
    severity, at, lines = "", 0, list[str]()
    for number, line in enumerate([*text.splitlines(), "LOG:  "], start=1):
        found = _LINE.match(line)
        if found is None:
            lines.append(line.removeprefix("\t"))
            continue
        message = "\n".join(lines)
        if severity == "DETAIL" and entry is not None:
            entry = _Entry(entry.line, entry.message, message)
        elif severity:
            if entry is not None:
                yield entry
            entry = _Entry(at, message) if severity == "LOG" else None
        severity, at, lines = found["severity"], number, [found["message"]]
    if entry is not None:
        yield entry


def _of_csv(text: str) -> Iterator[_Entry]:
    csv.field_size_limit(2**31 - 1)  # a query may be longer than the 128 kB that are the default
    reader = csv.reader(io.StringIO(text, newline=""))
    begun = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            row = []
        if row is None:
            return
        if len(row) >= _CSV_COLUMNS and row[_CSV_SEVERITY] == "LOG":
            yield _Entry(begun, row[_CSV_MESSAGE], row[_CSV_DETAIL])
        begun = reader.line_num + 1


def _of_json(text: str) -> Iterator[_Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue  # a line that was cut off when the disk was full, or the log was rotated
        if isinstance(found, dict) and found.get("error_severity") == "LOG":
            yield _Entry(number, str(found.get("message") or ""), str(found.get("detail") or ""))


def _values(detail: str) -> dict[int, str]:
    """Return the logged values of parameters as literals; those that were cut are not known."""
    begins = _PARAMETERS.match(detail)
    if begins is None:
        return {}
    pairs = _PARAMETER.findall(detail[begins.end() :])
    return {int(number): value for number, value in pairs if not value.endswith("...")}
