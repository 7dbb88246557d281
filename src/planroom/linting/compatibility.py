"""The queries of an application beside a migration: which of them fail once a step of it has run.

While a migration is rolled out, the version of the application that runs knows the design from before. A query is
judged again by the rules about what fails whenever a step touches a relation that it names.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.model import qualified
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_tables import QueryTables
from planroom.sqltext import parse_queries
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planroom.ddl import Catalog
    from planroom.findings import Finding, Location
    from planroom.linting.effects import Key
    from planroom.linting.migrations import Step
    from planroom.linting.queries import QueryRule
    from planroom.sqltext import Query

__all__ = ["Application", "Broken", "Rollout", "failing_rules"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A query that fails, and why.

    Attributes:
        query: Where it stands.
        reason: What is wrong with it now, in the words of the rule about queries.
    """

    query: Location
    reason: str

    def __str__(self) -> str:
        return f"{self.query}: {self.reason}"


class Application:
    """The queries of an application, and which of them the design as it is does not answer.

    Args:
        scripts: The source and the text of each.
        dialect: As sqlglot names it.
    """

    def __init__(self, scripts: Iterable[tuple[str, str]], dialect: str = "postgres") -> None:
        self._dialect = dialect
        self._queries = [
            (statement, statement.query)
            for source, text in scripts
            for statement in parse_queries(text, source, dialect)
            if statement.query is not None and statement.query.kind != "routine"
        ]
        self._names = [_names(query) for _, query in self._queries]
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for at, names in enumerate(self._names):
            for name in sorted({name for _, name in names}):
                self._by_name[name].append(at)
        self._problems: list[tuple[str, ...]] = [()] * len(self._queries)

    @cached_property
    def names(self) -> frozenset[tuple[str, str]]:
        """The relations that the queries name, as (schema, name); the schema is empty where it is not written."""
        return frozenset().union(*self._names)

    def __len__(self) -> int:
        return len(self._queries)

    @cached_property
    def _rules(self) -> tuple[QueryRule, ...]:
        return failing_rules()

    def meet(self, catalog: Catalog) -> None:
        """Take note of what fails already, before anything has run."""
        for at in range(len(self._queries)):
            self._problems[at] = self._judged(at, catalog)

    def after(
        self, catalog: Catalog, touched: Iterable[tuple[str, str]]
    ) -> tuple[tuple[Broken, ...], tuple[Location, ...]]:
        """Return the queries that fail now and did not before, and those that are answered again.

        Args:
            catalog: What there is now.
            touched: The relations (schema, name) that may have changed, with their old and new names.
        """
        broken, mended = [], []
        for at in sorted({at for _, name in touched for at in self._by_name.get(name, ())}):
            before, now = self._problems[at], self._judged(at, catalog)
            self._problems[at] = now
            place = self._queries[at][0].location
            if now and not before:
                broken.append(Broken(place, now[0]))
            elif before and not now:
                mended.append(place)
        return tuple(broken), tuple(mended)

    def _judged(self, at: int, catalog: Catalog) -> tuple[str, ...]:
        """Return what is wrong with a query on what there is; only the relations that it names are looked at."""
        statement, query = self._queries[at]
        tables = QueryTables(catalog.part(self._names[at]), self._dialect, {})
        looked_at = QueryInModel(statement, query, tables, self._dialect)
        rules = (rule for rule in self._rules if not rule.kinds or query.kind in rule.kinds)
        return (*self._missing(at, catalog), *(found.message for rule in rules for found in rule.check(looked_at)))

    def _missing(self, at: int, catalog: Catalog) -> Iterator[str]:
        """Yield what is said of a relation that is not there, of the system's too: those never come or go."""
        there = {each.name for each in catalog.part(self._names[at]).tables_and_views}
        for schema, name in sorted(self._names[at]):
            if name not in there:
                yield f"there is no table or view {qualified(schema, name)}"


class Rollout:
    """What a migration does to an application, step by step; a file counts as rolled out as one.

    Args:
        application: The queries.
        catalog: What is there before the first step.
    """

    def __init__(self, application: Application, catalog: Catalog) -> None:
        from planroom.linting.rules.migrations.query_broken import QueryBroken

        self._rule = QueryBroken()
        self._application = application
        self._broken: dict[Location, tuple[Step, Broken]] = {}
        application.meet(catalog)

    def follow(self, step: Step, catalog: Catalog, found: Sequence[Finding]) -> Iterator[Finding]:
        """Yield what the rules found in a step; what can only break queries is a note where it breaks none.

        Args:
            step: The step, in the state before it.
            catalog: The state after it.
            found: What the rules found.
        """
        broken: tuple[Broken, ...] = ()
        if step.statement.kind in self._rule.statements:
            broken, mended = self._application.after(catalog, _touched(step, catalog, self._application))
            self._broken |= {each.query: (step, each) for each in broken}
            for place in mended:
                self._broken.pop(place, None)
        yield from found if broken else map(self._quiet, found)

    def _quiet(self, finding: Finding) -> Finding:
        if finding.effect is not Effect.BREAKS_QUERIES or finding.severity is Severity.NOTE:
            return finding
        message = f"{finding.message}; none of the {len(self._application)} queries given does"
        return replace(finding, severity=Severity.NOTE, message=message)

    def arrive(self) -> Iterator[Finding]:
        """Yield what the file that ends here breaks, a finding for each step."""
        steps: dict[int, tuple[Step, list[Broken]]] = {}
        for step, broken in self._broken.values():
            steps.setdefault(id(step), (step, []))[1].append(broken)
        self._broken.clear()
        for step, each in steps.values():
            yield self._rule.of(step, each)


def _touched(step: Step, catalog: Catalog, application: Application) -> Iterable[Key]:
    if step.statement.kind == "AlterEnumStmt":
        return application.names
    return {*step.effects.locks, *catalog.appeared, *catalog.vanished}


def _names(query: Query) -> frozenset[tuple[str, str]]:
    """Return the relations that a query names, as (schema, name); the schema is empty where it is not written."""
    sources = [source for scope in query.scopes for source in scope.sources]
    sources += [query.target] if query.target is not None else []
    tables = [source.table for source in sources if source.kind == "table" and source.table]
    return frozenset((table[-2] if len(table) > 1 else "", table[-1]) for table in tables)


def failing_rules() -> tuple[QueryRule, ...]:
    """Return the rules about queries that the server would not run."""
    from planroom.linting.queries import QUERY_RULES

    return tuple(rule for rule in QUERY_RULES if rule.effect is Effect.FAILS and rule.slug != "unknown-table")
