"""Reading a query for what it asks of its tables."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.advice.indexing.demands import Demand, KeyPart, Restricted
from planroom.advice.indexing.homes import Home, Reading
from planroom.advice.indexing.parts import Parts
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_tables import QueryTables
from planroom.sqltext import Node, parse_queries, shape, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planroom.model import Model, Table
    from planroom.sqltext import Names, Scope

__all__ = ["demands_of"]

_RANGES = frozenset({"<", "<=", ">", ">="})
_PATTERNS = frozenset({"regexp_like", "regexp_i_like", "regexp_ilike"})
_WILD = re.compile(r"[%_]")
_OPERATOR_CLASSES = {"character": "bpchar_pattern_ops"}


def demands_of(number: int, sql: str, model: Model, names: Names) -> tuple[Demand, ...]:
    """Return what a query asks of each of its tables; nothing where it cannot be read.

    Args:
        number: The query's number, which the demands bear.
        sql: The query.
        model: The design that it is asked of.
        names: What names in expressions mean there.
    """
    tables = QueryTables(model, "postgres", {})
    drafts: dict[tuple[Home, int], _Draft] = {}
    for statement in parse_queries(sql):
        if statement.query is not None and statement.query.scopes:
            _Gathering(Reading(QueryInModel(statement, statement.query, tables)), model, names, drafts).run()
    return tuple(_demand(number, draft, drafts[home, 0]) for (home, _), draft in drafts.items())


class _Draft:
    """What is known so far of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.parts: dict[str, list[KeyPart]] = defaultdict(list)
        self.restricted: list[Restricted] = []
        self.used: set[str] = set()
        self.all_used = False
        self.limited = False
        self.written = False


def _demand(number: int, draft: _Draft, whole: _Draft) -> Demand:
    parts = {name: tuple(dict.fromkeys(found)) for name, found in draft.parts.items()}
    return Demand(
        query=number,
        table=draft.table,
        restricted=tuple(dict.fromkeys(draft.restricted)),
        used=None if whole.all_used else frozenset(whole.used),
        limited=draft.limited,
        written=whole.written,
        **parts,
    )


class _Gathering:
    """Walks through the scopes of a query, and of the views that it reads."""

    def __init__(self, reading: Reading, model: Model, names: Names, drafts: dict[tuple[Home, int], _Draft]) -> None:
        self.reading = reading
        self.drafts = drafts
        self.parts = Parts(reading, model, names)
        self.arm = 0

    def run(self) -> None:
        """Enter what the query asks into the drafts."""
        for home, table in self.reading.tables:
            self.drafts[home, 0] = _Draft(table)
        for view in self.reading.views.values():
            _Gathering(view, self.parts.model, self.parts.names, self.drafts).run()
        query = self.reading.query.query
        if query.target is not None and (Home(self.reading.path, 0, 0), 0) in self.drafts:
            self.drafts[Home(self.reading.path, 0, 0), 0].written = query.kind in {"update", "delete", "merge"}
        for scope in self.reading.query.scopes:
            for predicate in scope.predicates:
                if predicate.place != "having":
                    self._condition(scope, predicate.node)
            self._joined_by_name(scope)
            self._sorted(scope)
            self._grouped(scope)
            self._used(scope)

    def _draft(self, home: Home) -> _Draft:
        if (home, self.arm) not in self.drafts:
            self.drafts[home, self.arm] = _Draft(self.drafts[home, 0].table)
        return self.drafts[home, self.arm]

    def _add(self, role: str, found: Iterable[tuple[Home, KeyPart]]) -> None:
        for home, part in found:
            self._draft(home).parts[role].append(part)

    def _restrict(self, scope: Scope, side: Node, form: str, constant: Node | None = None) -> None:
        if side.kind == "column" and (constant is None or constant.kind in {"string", "number"}):
            value = Restricted(
                "", form, constant.text if constant else "", bool(constant and constant.kind == "string")
            )
            for found in self.reading.homes(scope, side):
                self._draft(found.home).restricted.append(replace(value, name=found.name))

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _condition(self, scope: Scope, node: Node) -> None:
        if node.kind == "or" and not self.arm:
            self._alternatives(scope, node)
        elif node.kind == "compare" and len(node.args) == 2:
            self._comparison(scope, node.text, *node.args)
        elif node.kind in {"in", "between", "like", "is"}:
            {"in": self._in, "between": self._between, "like": self._like, "is": self._is}[node.kind](scope, node)
        elif node.kind == "column":
            self._flag(scope, node, "true")
        elif node.kind == "not":
            self._negated(scope, node.args[0])
        elif node.kind in {"call", "operator"}:
            self._called(scope, node)

    def _alternatives(self, scope: Scope, node: Node) -> None:
        """Take what all alternatives say as said; the rest of each asks for an index of its own (a bitmap OR)."""
        arms = [list(arm.args) if arm.kind == "and" else [arm] for arm in node.args]
        shapes = [{shape(each) for each in arm} for arm in arms]
        common = set.intersection(*shapes)
        for each in arms[0]:
            if shape(each) in common:
                self._condition(scope, each)
        first = max((arm for _, arm in self.drafts), default=0) + 1
        for self.arm, arm in enumerate(arms, first):
            for each in arm:
                if shape(each) not in common:
                    self._condition(scope, each)
        self.arm = 0
        reached = [{home for home, number in self.drafts if number == first + at} for at in range(len(arms))]
        everywhere = set.intersection(*reached)
        for home, number in [key for key in self.drafts if key[1] >= first and key[0] not in everywhere]:
            del self.drafts[home, number]

    def _comparison(self, scope: Scope, operator: str, left: Node, right: Node) -> None:
        if left.kind == right.kind == "tuple":
            pairs = list(zip(left.args, right.args, strict=False))
            for one, other in pairs if operator == "=" else pairs[:1]:
                self._comparison(scope, operator if operator == "=" else operator[:1] + "=", one, other)
            return
        for side, other in ((left, right), (right, left)):
            for home, part in self.parts.of(scope, side):
                role = self._role(scope, operator, other, home)
                self._add(role, [(home, part)] if role else [])
            if operator == "=" and other.kind in {"string", "number"}:
                self._restrict(scope, side, "equal", other)

    def _role(self, scope: Scope, operator: str, other: Node, home: Home) -> str:
        """Return what a comparison asks of one of its sides; empty for nothing that an index serves."""
        several = other.kind == "quantified" or (other.kind == "subquery" and bool(other.text))
        if several:
            return "among" if operator == "=" and other.text == "any" and self.parts.is_constant(other) else ""
        if self.parts.is_constant(other):
            return "equal" if operator == "=" else "ranged" if operator in _RANGES else ""
        return "joined" if operator == "=" and self.parts.is_of_others(scope, other, home) else ""

    def _in(self, scope: Scope, node: Node) -> None:
        side, *values = node.args
        if node.scope >= 0:
            self._add("joined", self.parts.of(scope, side))
            inner = self.reading.output(node.scope, 0)
            self._add("joined", ((each.home, self.parts.bare(each)) for each in inner))
        elif all(self.parts.is_constant(each) for each in values):
            self._add("among", self.parts.of(scope, side))

    def _between(self, scope: Scope, node: Node) -> None:
        side, *values = node.args
        if all(self.parts.is_constant(each) for each in values):
            self._add("ranged", self.parts.of(scope, side))

    def _like(self, scope: Scope, node: Node) -> None:
        side, *values = node.args
        strings = [each.text for value in values for each in walk(value) if each.kind == "string"]
        begins = bool(strings) and not _WILD.match(strings[0]) and node.text == "like"
        self._text(scope, side, "ranged" if begins else "matched")

    def _text(self, scope: Scope, side: Node, role: str) -> None:
        for home, part in self.parts.of(scope, side):
            if role == "ranged":
                chosen = _OPERATOR_CLASSES.get(part.type, "text_pattern_ops")
                part = replace(part, column=replace(part.column, operator_class=chosen))
            self._add(role, [(home, part)])

    def _is(self, scope: Scope, node: Node) -> None:
        side, other = node.args[0], node.args[-1]
        if other.kind == "null":
            self._add("equal", self.parts.of(scope, side))
            self._restrict(scope, side, "null")
        elif other.kind == "boolean":
            self._flag(scope, side, other.text)

    def _flag(self, scope: Scope, side: Node, form: str) -> None:
        self._add("equal", self.parts.of(scope, side))
        self._restrict(scope, side, form)

    def _negated(self, scope: Scope, node: Node) -> None:
        if node.kind == "column":
            self._flag(scope, node, "false")
        elif node.kind == "is" and node.args[-1].kind == "null":
            self._restrict(scope, node.args[0], "not null")

    def _called(self, scope: Scope, node: Node) -> None:
        if node.text in _PATTERNS or node.text == "starts_with":
            self._text(scope, node.args[0], "ranged" if node.text == "starts_with" else "matched")
            return
        for side in node.args:
            others = [each for each in node.args if each is not side]
            for home, part in self.parts.of(scope, side):
                if all(self.parts.is_constant(each) or self.parts.is_of_others(scope, each, home) for each in others):
                    self._add("contained", [(home, part)])

    def _joined_by_name(self, scope: Scope) -> None:
        for number, source in enumerate(scope.sources):
            for name in source.using:
                for each in scope.sources[: number + 1]:
                    self._add("joined", self.parts.of(scope, Node("column", name, qualifier=(each.name,))))

    # -- order and groups ----------------------------------------------------------------------------------------------

    def _sorted(self, scope: Scope) -> None:
        wanted: list[tuple[Home, KeyPart]] = []
        for ordered in scope.order_by:
            found = list(self.parts.of(scope, self._meant(scope, ordered.args[0])))[:1]
            if not found or (wanted and found[0][0] != wanted[0][0]):
                break
            home, part = found[0]
            down, first = "descending" in ordered.marks, "nulls_first" in ordered.marks
            wanted.append((home, replace(part, column=replace(part.column, descending=down, nulls_first=first))))
        extremes = () if wanted or scope.group_by else self._extremes(scope)
        self._add("ordered", wanted or extremes)
        for home in {home for home, _ in wanted or extremes}:
            self._draft(home).limited = scope.limit is not None or bool(extremes)

    def _extremes(self, scope: Scope) -> list[tuple[Home, KeyPart]]:
        """Return what min() and max() over all rows look at: an index gives it without reading the rest."""
        calls = [each for output in scope.projections for each in walk(output.node) if "aggregate" in each.marks]
        if not calls or any(each.text not in {"min", "max"} for each in calls):
            return []
        return [found for each in calls for arg in each.args[:1] for found in self.parts.of(scope, arg)][:1]

    def _grouped(self, scope: Scope) -> None:
        nodes = [self._meant(scope, node) for node in (*scope.group_by, *scope.distinct_on)]
        if scope.distinct and not scope.distinct_on:
            nodes += [each.node for each in scope.projections]
        for node in nodes:
            self._add("grouped", self.parts.of(scope, node))

    def _meant(self, scope: Scope, node: Node) -> Node:
        """Return what a number or the name of an output stands for."""
        outputs: Sequence[Node] = [each.node for each in scope.projections]
        if node.kind == "number" and node.text.isdigit() and 0 < int(node.text) <= len(outputs):
            return outputs[int(node.text) - 1]
        if node.kind == "column" and not node.qualifier:
            return next((each.node for each in scope.projections if each.name == node.text), node)
        return node

    def _used(self, scope: Scope) -> None:
        for _, expression in scope.expressions():
            for node in walk(expression):
                for found in self.reading.homes(scope, node) if node.kind == "column" else ():
                    self.drafts[found.home, 0].used.add(found.name)
        for output in scope.projections if scope.role != "exists" else ():
            for number, source in enumerate(scope.sources) if output.node.kind == "star" else ():
                home = Home(self.reading.path, scope.number, number)
                if (home, 0) in self.drafts and output.node.qualifier[-1:] in {(), (source.name,)}:
                    self.drafts[home, 0].all_used = True
