"""The static SQL in the bodies of routines and DO blocks, judged by the rules about queries.

A routine runs later: it meets what all of the scripts leave. What it asks nobody to look at (PERFORM), or takes one row
of (INTO), is not held to what only matters to who reads all rows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.findings import Effect
from planroom.linting.base import Judged
from planroom.model import Unread
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_tables import QueryTables, names_made_in
from planroom.resolving.query_variables import with_parameters
from planroom.sqltext import holds_routines, parse_routine_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.ddl import Catalog
    from planroom.findings import Finding, Location
    from planroom.linting.queries import QueryRule
    from planroom.model import Model
    from planroom.sqltext import Query, RoutineQuery, Statement

__all__ = ["Code", "lint_bodies"]

_OF_ALL_ROWS = frozenset({"limit-without-order", "distinct-over-key", "union-without-all"})
_OF_COLUMNS = frozenset({"insert-without-columns", "insert-width", "star-kept"})
_TRANSITIONS = re.compile(r"\b(?:new|old)\s+table\s+(?:as\s+)?\"?([\w$]+)", re.IGNORECASE)


def lint_bodies(
    scripts: Sequence[tuple[str, str]],
    *,
    model: Model | None = None,
    rows: Mapping[str, float] | None = None,
    rules: Iterable[QueryRule] | None = None,
    made: frozenset[str] = frozenset(),
) -> Judged:
    """Return what the rules about queries find in the bodies of routines and DO blocks.

    Args:
        scripts: The source and the text of each.
        model: What the queries meet; without it only what a text shows by itself is judged.
        rows: Rows by table id, where they are known.
        rules: Which rules to apply; all by default.
        made: The names, in lower case, of tables that are made elsewhere.
    """
    asked = [each for each in scripts if holds_routines(each[1])]
    if not asked:
        return Judged()
    from planroom.linting.queries import QUERY_RULES

    applied = tuple(QUERY_RULES if rules is None else rules)
    made |= frozenset(name for _, text in scripts for name in names_made_in(text))
    made |= {found[1].lower() for _, text in scripts for found in _TRANSITIONS.finditer(text)}
    tables = QueryTables(model, "postgres", rows or {}, made) if model is not None else None
    found = [each for source, text in asked for each in parse_routine_queries(text, source)]
    findings = [one for each in found for one in _judged(each, tables, applied)]
    return Judged(tuple(findings), tuple(_unread(each) for each in found if each.statement.problem))


def _judged(asked: RoutineQuery, tables: QueryTables | None, rules: Sequence[QueryRule]) -> Iterator[Finding]:
    if asked.statement.query is None:
        return
    written = QueryInModel(asked.statement, asked.statement.query, tables)
    query = with_parameters(written, asked.found.variables, asked.found.prefers)
    looked_at = QueryInModel(asked.statement, query, tables)
    for rule in rules:
        if not _is_beside_the_point(asked, query, rule) and (not rule.kinds or query.kind in rule.kinds):
            yield from (each.without_edits() if asked.quoted else each for each in rule.check(looked_at))


def _is_beside_the_point(asked: RoutineQuery, query: Query, rule: QueryRule) -> bool:
    """Whether a rule is about what does not matter here: order where one row is taken, a whole row as it is."""
    if asked.in_the_making and rule.effect is Effect.FAILS:
        return True
    if asked.found.kind == "expression" and rule.effect is Effect.SLOW:
        return True
    if (asked.found.discards or asked.found.into) and rule.slug in _OF_ALL_ROWS:
        return True
    return rule.slug in _OF_COLUMNS and any(
        each.node.kind == "parameter" and each.node.text == "*" for scope in query.scopes for each in scope.projections
    )


def _unread(asked: RoutineQuery) -> Unread:
    statement = asked.statement
    word = (statement.text.split(maxsplit=1) or [""])[0].upper()[:20]
    return Unread(kind="query", what=word, reason=statement.problem, text=statement.text, location=statement.location)


class Code:
    """The routines and blocks of migrations, gathered while they are folded.

    Args:
        rows: Rows by table id, where they are known.
        known: What is there is known, so that columns can be looked up.
    """

    def __init__(self, rows: Mapping[str, float] | None = None, *, known: bool = True) -> None:
        self._rows = rows
        self._known = known
        self._routines: dict[Location, Statement] = {}
        self._made: set[str] = set()
        self._found: list[Finding] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules found, once all has been gathered."""
        return tuple(self._found)

    def follow(self, statement: Statement, catalog: Catalog) -> None:
        """Look at a statement of code after it has been folded."""
        if statement.kind == "CreateTrigStmt":
            transitions = (each["TriggerTransition"] for each in statement.tree.get("transitionRels", ()))
            self._made |= {str(each["name"]).lower() for each in transitions}
            return
        self._made |= set(names_made_in(statement.text))
        if statement.kind == "CreateFunctionStmt":
            self._routines[statement.location] = statement
            return
        self._found += self._judged([statement], catalog)

    def arrive(self, catalog: Catalog) -> None:
        """Judge the routines that are there in the end, with what is there then."""
        places = {routine.origin for routine in catalog.routines.values()}
        self._found += self._judged([each for place, each in self._routines.items() if place in places], catalog)

    def _judged(self, statements: Sequence[Statement], catalog: Catalog) -> list[Finding]:
        scripts = [(each.location.source, _in_place(each)) for each in statements]
        scripts = [each for each in scripts if holds_routines(each[1])]
        if not scripts:
            return []
        model = catalog.part(frozenset(_names(scripts))) if self._known else None
        made = frozenset(self._made)
        return list(lint_bodies(scripts, model=model, rows=self._rows, made=made).findings)


def _in_place(statement: Statement) -> str:
    """Return a script that holds a statement alone, where it stands."""
    place = statement.location
    return "\n" * (place.line - 1) + " " * (place.column - 1) + statement.text


def _names(scripts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the relations that the queries name, as (schema, name); the schema is empty where it is not written."""
    for source, text in scripts:
        for each in parse_routine_queries(text, source):
            query = each.statement.query
            sources = [one for scope in query.scopes for one in scope.sources] if query is not None else []
            sources += [query.target] if query is not None and query.target is not None else []
            for one in sources:
                if one.kind == "table" and one.table:
                    yield (one.table[-2] if len(one.table) > 1 else "", one.table[-1])
