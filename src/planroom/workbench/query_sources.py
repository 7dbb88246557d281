"""The queries of a workload, whatever holds them, each ready to be asked for its plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError
from planroom.sqltext.driver_placeholders import bound_values, engine_placeholders
from planroom.sqltext.query_files import NamedQuery, named_queries
from planroom.workbench.files import documents_in
from planroom.workbench.sources import looks_like_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["ReadyQuery", "queries_in", "ready"]


@dataclass(frozen=True, slots=True)
class ReadyQuery:
    """A query as an engine takes it.

    Attributes:
        sql: The statement, with ``$1`` ... for its placeholders, or with their values where all are known.
        names: The names of its placeholders.
        values: Which literals stand for them; empty where one is missing.
        missing: The names of those without a value.
    """

    sql: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    missing: tuple[str, ...]


def ready(query: NamedQuery) -> ReadyQuery:
    """Return a query with the values that its comments give its placeholders."""
    sql, names = engine_placeholders(query.text)
    values = {at + 1: query.values[name] for at, name in enumerate(names) if name in query.values}
    missing = tuple(name for at, name in enumerate(names) if at + 1 not in values)
    if missing:
        return ReadyQuery(sql, tuple(names), (), missing)
    return ReadyQuery(bound_values(sql, values), tuple(names), tuple(values[at + 1] for at in range(len(names))), ())


def queries_in(queries: Any, dialect: str) -> Iterator[NamedQuery]:
    """Yield the statements of a folder, a file, SQL text, a list of such, or a mapping of names to SQL.

    Raises:
        SourceError: It is none of these, or a file cannot be read.
    """
    return _unique(_read(queries, dialect))


def _read(queries: Any, dialect: str) -> Iterator[NamedQuery]:
    """Yield the statements of whatever holds them."""
    if hasattr(queries, "items"):
        for name, text in queries.items():
            for at, each in enumerate(named_queries(str(text), str(name), dialect=dialect)):
                yield replace(each, name=str(name) if not at else f"{name}:{at + 1}")
    elif isinstance(queries, (list, tuple, set, frozenset)):
        for each in queries:
            yield from _read(each, dialect)
    elif isinstance(queries, str) and looks_like_sql(queries):
        yield from named_queries(queries, dialect=dialect)
    elif isinstance(queries, (str, Path)):
        for document in documents_in(Path(queries), "postgres"):
            found = named_queries(document.text, document.source, dialect=dialect)
            yield from _called(found, document.source, Path(queries))
    else:
        raise SourceError(
            f"A {type(queries).__name__} holds no queries.", fix="give a folder, a file, SQL text, or a list of such."
        )


def _called(found: Sequence[NamedQuery], source: str, folder: Path) -> Iterator[NamedQuery]:
    """Yield the queries of a file; what no comment names is called like it, from the folder on, without suffix."""
    path = PurePath(source)
    inside = path.is_relative_to(folder) and path != folder
    name = (path.relative_to(folder) if inside else PurePath(path.name)).with_suffix("")
    for each in found:
        if each.name == f"{source}:{each.location.line}":
            yield replace(each, name=name.as_posix() if len(found) == 1 else f"{name.as_posix()}:{each.location.line}")
        else:
            yield each


def _unique(queries: Iterable[NamedQuery]) -> Iterator[NamedQuery]:
    """Yield the queries with names that are theirs alone."""
    seen: dict[str, int] = {}
    for each in queries:
        seen[each.name] = seen.get(each.name, 0) + 1
        yield each if seen[each.name] == 1 else replace(each, name=f"{each.name} ({seen[each.name]})")
