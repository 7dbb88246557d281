"""Judging queries, each with what a model tells of the tables that it names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Set as AbstractSet
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit
from planroom.linting.base import Judged, LintRule, Subject
from planroom.linting.bodies import lint_bodies
from planroom.linting.query_edits import readable
from planroom.model import Unread
from planroom.registry import Registry
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_tables import QueryTables, names_made_in
from planroom.sqltext import (
    Query,
    QueryStatement,
    broken_statements,
    executions_of_body,
    may_be_template,
    parse_queries,
)
from planroom.sqltext.templates import names_put_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.findings import Finding, Severity
    from planroom.linting.query_edits import Place
    from planroom.model import Model
    from planroom.sqltext import Node

__all__ = ["QUERY_RULES", "QueryRule", "lint_queries"]


class QueryRule(LintRule, ABC):
    """A rule about one query; its examples are queries on the tables of ``before``.

    Attributes:
        rows: Rows by table id with which the examples are judged.
        kinds: The kinds of statement that it looks at, such as ``select``; empty for all but routines.
    """

    subject: ClassVar[Subject] = Subject.QUERIES
    rows: ClassVar[Mapping[str, float]] = MappingProxyType({})
    kinds: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield what is wrong with a query."""

    def at(
        self, query: QueryInModel, node: Node, message: str, *, subject: str = "", severity: Severity | None = None,
        **facts: object,
    ) -> Finding:  # fmt: skip
        """Return a finding of this rule at a part of a query."""
        found = self.finding(message, subject=subject, location=query.statement.at(node), **facts)
        return found if severity is None else replace(found, severity=severity)

    def mended(self, query: QueryInModel, found: Finding, edits: Sequence[Place]) -> Finding:
        """Return a finding with edits, where the query can be read with them in it."""
        if not edits or not readable(query, edits):
            return found
        return found.with_edits([Edit(query.statement.place(start, end), text) for start, end, text in edits])


QUERY_RULES: Registry[QueryRule] = Registry(
    "rule",
    "planroom.linting.rules.queries",
    QueryRule,  # type: ignore[type-abstract]
    listing="planroom rules",
)


def lint_queries(
    scripts: Sequence[tuple[str, str]],
    *,
    model: Model | None = None,
    dialect: str = "postgres",
    rows: Mapping[str, float] | None = None,
    rules: Iterable[QueryRule] | None = None,
    bodies: bool = True,
    made: AbstractSet[str] = frozenset(),
) -> Judged:
    """Return what the rules find in the queries of scripts, and in the routines of a model, sorted by place.

    Args:
        scripts: The source and the text of each.
        model: The tables that the queries use; without it only what a text shows by itself is judged.
        dialect: The queries' dialect, as sqlglot names it.
        rows: Rows by table id, where they are known, beside what annotations say.
        rules: Which rules to apply; all by default.
        bodies: Look at the queries in the bodies of the scripts' routines too.
        made: The names, in lower case, of tables that are there beside the model's and those that the scripts make.
    """
    applied = tuple(QUERY_RULES if rules is None else rules)
    made = frozenset(made).union(*(names_made_in(text) for _, text in scripts))
    made = made.union(*(names_put_in(text) for _, text in scripts if may_be_template(text)))
    tables = QueryTables(model, dialect, rows or {}, made) if model is not None else None
    findings: list[Finding] = []
    unread: list[Unread] = []
    for source, text in scripts:
        refused = _refused(text, source) if dialect == "postgres" else {}
        unread += refused.values()
        for statement in parse_queries(text, source, dialect):
            if statement.offset in refused:
                continue
            if statement.query is None:
                unread.append(_unread(statement))
            else:
                findings += _judged(QueryInModel(statement, statement.query, tables, dialect), applied)
    for statement in _routines(model, [text for _, text in scripts]):
        if statement.query is not None:
            findings += _judged(QueryInModel(statement, statement.query, tables, "postgres"), applied)
    if bodies and dialect == "postgres":
        within = lint_bodies(scripts, model=model, rows=rows, rules=applied)
        findings += within.findings
        unread += within.unread
    findings.sort(key=lambda each: (each.location, each.code, each.message))
    return Judged(tuple(findings), tuple(unread))


def _refused(text: str, source: str) -> dict[int, Unread]:
    """Return the statements that the server's own parser refuses, by where they begin; sqlglot takes more than it."""
    return {
        each.offset: Unread(
            kind="broken", what=_first_word(each.text), reason=each.problem, text=each.text, location=each.location
        )
        for each in broken_statements(text, source, templates=True)
    }


def _first_word(text: str) -> str:
    return (text.split(maxsplit=1) or [""])[0].upper()[:20]


def _judged(query: QueryInModel, rules: Iterable[QueryRule]) -> Iterator[Finding]:
    for rule in rules:
        if query.query.kind in rule.kinds or (not rule.kinds and query.query.kind != "routine"):
            yield from rule.check(query)


def _unread(statement: QueryStatement) -> Unread:
    kind = "broken" if statement.broken else "query"
    return Unread(
        kind=kind,
        what=_first_word(statement.text),
        reason=statement.problem,
        text=statement.text,
        location=statement.location,
    )


def _routines(model: Model | None, texts: Sequence[str]) -> Iterator[QueryStatement]:
    """Yield the PL/pgSQL routines of a model that are not in the scripts themselves."""
    for routine in model.routines if model is not None else ():
        if routine.language == "plpgsql" and not any(routine.body in text for text in texts):
            types = {each.name: each.type.name.partition(" ")[0] for each in routine.arguments if each.name}
            query = Query("routine", executions=executions_of_body(routine.body, parameters=types))
            yield QueryStatement(routine.body, routine.origin, 0, query)
