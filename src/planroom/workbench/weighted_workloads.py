"""Queries with how often they run, from whatever holds them: SQL files, pg_stat_statements, server logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.plans.workloads.server_logs import is_server_log, read_server_log
from planroom.plans.workloads.statement_statistics import is_statement_statistics, read_statement_statistics
from planroom.plans.workloads.weighing import weighed
from planroom.sqltext.query_files import NamedQuery
from planroom.sqltext.weighted_queries import WeightedQuery, merged
from planroom.workbench.files import read_text
from planroom.workbench.query_sources import queries_in
from planroom.workbench.sources import looks_like_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["weighted_queries"]

_RECORDS = frozenset({".csv", ".json", ".jsonl", ".log", ".ndjson"})


def weighted_queries(source: Any) -> tuple[WeightedQuery, ...]:
    """Return the statements of a workload with their calls; one that is broken costs itself alone.

    Where the calls are counted (pg_stat_statements, a log), queries that differ in constants alone are one. Queries of
    SQL files each count once, whatever they have in common.

    Args:
        source: A file or folder of SQL; an export of pg_stat_statements with the columns ``query`` and ``calls``, as
            CSV or JSON; a PostgreSQL log (stderr, csvlog or jsonlog); SQL text; a mapping of names to SQL; queries as
            this gives them; or a list of such.

    Raises:
        SourceError: A file cannot be read, or nothing in the source is a statement.
    """
    return tuple(_read(source))


def _read(source: Any) -> Iterator[WeightedQuery]:
    if isinstance(source, WeightedQuery):
        yield source
    elif isinstance(source, list | tuple):
        for each in source:
            yield from _read(each)
    elif isinstance(source, str | Path) and not (isinstance(source, str) and looks_like_sql(source)):
        yield from _of_path(Path(source))
    else:
        yield from _of_sql(source)


def _of_path(path: Path) -> Iterator[WeightedQuery]:
    if path.is_dir():
        records = sorted(each for each in path.rglob("*") if each.suffix.lower() in _RECORDS and each.is_file())
        yield from merged(query for each in records for query in _of_path(each))
        if not records or any(path.rglob("*.sql")):
            yield from _of_sql(path)
        return
    text = read_text(path) if path.suffix.lower() != ".sql" else ""
    if text and is_statement_statistics(text):
        yield from read_statement_statistics(text, str(path))
    elif text and is_server_log(text):
        yield from read_server_log(text, str(path))
    else:
        yield from _of_sql(path)


def _of_sql(source: Any) -> Iterator[WeightedQuery]:
    for each in queries_in(source, "postgres"):
        yield from _of_named(each)


def _of_named(query: NamedQuery) -> Iterator[WeightedQuery]:
    from planroom.sqltext.driver_placeholders import engine_placeholders

    sql, names = engine_placeholders(query.text)
    values = {at + 1: query.values[name] for at, name in enumerate(names) if name in query.values}
    yield from weighed(query.name, sql, query.location, values=values)
