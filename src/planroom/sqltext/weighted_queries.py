"""Queries with how often they run: what a workload is made of, whatever it was read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace

from planroom.findings import Location
from planroom.sqltext.identity import query_fingerprint
from planroom.values import dataclass

__all__ = ["WeightedQuery", "merged"]


@dataclass(frozen=True, slots=True)
class WeightedQuery:
    """A query and how often it runs.

    Attributes:
        name: What it is called: a name that was given, or its place.
        sql: The statement, with ``$1``, ``$2`` ... where its source has no constants.
        calls: How often it runs, in the time that the source covers; 1 where the source does not count.
        location: Where it stands.
        reason: Why it is no query that can be planned; empty for one that is.
        generic: Its values are not known, so that its plan is the one for any values.
    """

    name: str
    sql: str
    calls: float = 1.0
    location: Location = field(default_factory=Location)
    reason: str = ""
    generic: bool = False


def merged(queries: Iterable[WeightedQuery]) -> tuple[WeightedQuery, ...]:
    """Return the queries with those as one that differ in constants alone: the first, with the calls of all.

    What is no query is kept, once for each reason.

    Example:
        >>> twice = [WeightedQuery("a", "select 1 from t"), WeightedQuery("b", "select 2 from t", calls=3)]
        >>> [(each.name, each.calls) for each in merged(twice)]
        [('a', 4.0)]
    """
    found: dict[tuple[str, str], WeightedQuery] = {}
    for each in queries:
        key = query_fingerprint(each.sql), each.reason
        first = found.get(key)
        found[key] = each if first is None else replace(first, calls=first.calls + each.calls)
    return tuple(found.values())
