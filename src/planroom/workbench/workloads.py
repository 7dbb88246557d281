"""Many queries, planned on one engine."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.display import Displayable, Table, card, details, html_table, preformatted, text_table
from planroom.errors import PlanroomError, SourceError, UnknownNameError
from planroom.findings import Location
from planroom.plans.comparing.measures import MEASURES
from planroom.plans.comparing.naming import listed, product
from planroom.plans.comparing.text import on_each_line
from planroom.plans.workloads.planned import PlannedQuery
from planroom.plans.workloads.table import grouped, in_order, overview, unplanned
from planroom.workbench.asking import engine_on
from planroom.workbench.explaining import explain
from planroom.workbench.plan_statistics import Statistics, statistics_of
from planroom.workbench.query_sources import queries_in, ready
from planroom.workbench.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planroom.engines import Engine
    from planroom.plans.checking import PlanCheck
    from planroom.plans.plan import Plan
    from planroom.sqltext.query_files import NamedQuery

__all__ = ["Workload", "workload"]

_TIMEOUT_S = 30.0


@dataclass(frozen=True, repr=False)
class Workload(Displayable):
    """Queries and the plans that one engine has for them.

    Attributes:
        queries: In the order of their files.
        engine: The kind of engine, with its version.
        by: What they are sorted by: ``cost``, ``rows``, ``buffers`` or ``time``.
        skipped: How many statements are no queries.
    """

    queries: tuple[PlannedQuery, ...]
    engine: str = ""
    by: str = "cost"
    skipped: int = 0

    def __getitem__(self, name: str) -> Plan:
        """Return the plan of a query by its name.

        Raises:
            UnknownNameError: No query bears this name.
            SourceError: The query has no plan; the message says why.
        """
        known = {each.name: each for each in self.queries}
        if name not in known:
            raise UnknownNameError.of("query", name, known)
        plan = known[name].plan
        if plan is None:
            raise SourceError(f"The query {name!r} has no plan.", why=known[name].reason)
        return plan

    def sorted(self, by: str) -> Workload:
        """Return the same, sorted by another measure.

        Raises:
            UnknownNameError: There is no such measure.
        """
        return replace(self, by=_measure(by))

    def check(self, path: str | Path, *, tolerance: float = 0.2) -> PlanCheck:
        """Return how these plans differ from those that were accepted; see `planroom.workbench.plan_snapshots`.

        Raises:
            SourceError: There is no such file, or it cannot be read.
        """
        from planroom.workbench.plan_snapshots import checked

        return checked(self, Path(path), tolerance=tolerance)

    def accept(self, path: str | Path, *, names: Iterable[str] = (), tolerance: float = 0.2) -> PlanCheck:
        """Write these plans down as right, and return what changed; what did not change stays as it was written.

        Args:
            path: The file; it is made where there is none, and written whole or not at all.
            names: Only these queries; all by default, and then those that are gone are taken out.
            tolerance: By which share a cost may differ from the one that was written and stay.

        Raises:
            SourceError: The file cannot be read or written.
            UnknownNameError: There is no such query.
        """
        from planroom.workbench.plan_snapshots import accepted

        return accepted(self, Path(path), names=tuple(names), tolerance=tolerance)

    @property
    def verdict(self) -> str:
        """How many queries there are, how many have no plan, and what the dearest is."""
        without = sum(each.plan is None for each in self.queries)
        groups = len(grouped(self.queries, self.by))
        parts = [f"{len(self.queries)} quer{'y' if len(self.queries) == 1 else 'ies'} on {self.engine or 'no engine'}"]
        parts += [f"{groups} different"] if groups + without < len(self.queries) else []
        parts += [f"{without} not planned"] if without else []
        parts += [f"{self.skipped} other statement{'s' * (self.skipped != 1)}"] if self.skipped else []
        return " · ".join(parts)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The queries with a plan, the dearest first, and those without; a table that would be empty is left out."""
        found = (overview(self.queries, self.by), unplanned(self.queries))
        return tuple(table for table in found if table.rows)

    def __str__(self) -> str:
        texts = (text_table(each.header, each.rows, numeric=each.numeric) for each in self.tables)
        return "\n\n".join([on_each_line(self.verdict), *texts])

    def __repr__(self) -> str:
        return f"<Workload: {self.verdict}>"

    def _html(self) -> str:
        parts = [html_table(each.header, each.rows, numeric=each.numeric) for each in self.tables]
        dearest = in_order(self.queries, self.by)[:1]
        parts += [details(f"{each.name}: the plan", preformatted(str(each.plan))) for each in dearest if each.plan]
        return card(self.verdict, *parts)


def workload(
    queries: Any,
    on: Any,
    *,
    analyze: bool = False,
    by: str = "cost",
    settings: Mapping[str, object] | None = None,
    allow_functions: bool = False,
    timeout_s: float = _TIMEOUT_S,
    progress: Callable[[str], None] | None = None,
) -> Workload:
    """Return the plans of many queries on one engine, as one table; one that fails costs itself alone.

    A comment ``-- name: x`` before a statement names it. Parameters may be written as ``$1``, ``:x``, ``%(x)s``,
    ``%s``, ``?`` or ``@x``; a comment ``-- param: x = 'literal'`` gives one a value. Without values, PostgreSQL
    gives the plan for any values; DuckDB has none, and the table says so. When it is interrupted, nothing is returned.

    Args:
        queries: A folder, a file, SQL text, or a list of such; or a mapping of names to SQL.
        on: What `explain` takes: an engine, a database's URL or file, or a schema.
        analyze: Whether to run each query; see `explain`.
        by: What to sort by: ``cost``, ``rows``, ``buffers`` or ``time``.
        settings: The engine's settings for these plans.
        allow_functions: Whether ``analyze`` may run volatile functions on a database that you named.
        timeout_s: Seconds for each query.
        progress: Called with the name of each query before it is planned, and with an empty one at the end.

    Raises:
        SourceError: There are no queries, or a file cannot be read.
        UnknownNameError: There is no such measure.
        ServerUnavailableError: The engine cannot be reached.
    """
    _measure(by)
    with engine_on(on) as engine:
        found = list(queries_in(queries, engine.name))
        wanted = [each for each in found if each.is_query]
        if not wanted:
            raise SourceError(
                "There are no queries to plan.",
                why=f"{len(found)} statements were read, and none is one." if found else "no statement was read.",
                fix="name a file or folder of .sql files with SELECT, INSERT, UPDATE, DELETE or MERGE.",
            )
        statistics = statistics_of(engine)
        ask = {"analyze": analyze, "settings": settings, "allow_functions": allow_functions, "timeout_s": timeout_s}
        planned = tuple(_planned(each, engine, statistics, ask, progress) for each in wanted)
        if progress:
            progress("")
        chosen = by if by != "cost" or engine.name != "duckdb" else "rows"
        return Workload(planned, f"{product(engine.name)} {engine.version}", chosen, len(found) - len(wanted))


def _measure(by: str) -> str:
    if by not in MEASURES:
        raise UnknownNameError.of("measure of a plan", by, MEASURES)
    return by


# -- plans -------------------------------------------------------------------------------------------------------------


def _planned(
    query: NamedQuery,
    engine: Engine,
    statistics: Statistics,
    ask: Mapping[str, Any],
    progress: Callable[[str], None] | None,
) -> PlannedQuery:
    if progress:
        progress(query.name)
    asked = ready(query)
    result = PlannedQuery(query.name, query.text, query.location, parameters=asked.names)
    if asked.missing and (ask["analyze"] or engine.name != "postgres"):
        return replace(result, reason=_no_values(asked.missing, engine.name))
    if not asked.missing:
        result = replace(result, values=asked.values)
    try:
        plan = explain(asked.sql, engine, generic=bool(asked.missing), **ask)
    except PlanroomError as error:
        return replace(result, reason=_reason(error), location=_place(error, query.location))
    known, indexes = statistics.of(plan)
    return replace(result, plan=plan, statistics=known, indexes=indexes)


def _no_values(missing: Sequence[str], engine: str) -> str:
    why = "it is to be run" if engine == "postgres" else f"{product(engine)} plans for given values alone"
    have = "has no value" if len(missing) == 1 else "have no values"
    return f"{listed(missing)} {have}, and {why}: -- param: {missing[0]} = ... gives one"


def _reason(error: PlanroomError) -> str:
    return without_secrets(f"{error.what} {error.why}".rstrip())


def _place(error: PlanroomError, start: Location) -> Location:
    """Return where in the file an error is that an engine found in a statement."""
    found = re.fullmatch(r"sql:(\d+):(\d+)", error.where)
    if found is None:
        return start
    line, column = int(found[1]), int(found[2])
    return Location(start.source, start.line + line - 1, column if line > 1 else start.column + column - 1)
