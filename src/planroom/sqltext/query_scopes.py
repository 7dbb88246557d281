"""The queries of one statement: what each reads from, in which names it sees, and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sqlglot import exp

from planroom.changing import replace
from planroom.sqltext.queries import UNTOLD, Node, Predicate, Projection, Scope
from planroom.sqltext.query_nodes import Converter, folded
from planroom.sqltext.query_sources import Sources
from planroom.values import dataclass

__all__ = ["Builder", "Within"]

_HEAD = re.compile(r"(?:\bselect\s+(?:distinct\s+|all\s+)?|\bvalues\s*\()$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d]\w*")
_RENAMED = frozenset({"trim", "substring", "overlay", "position", "current_schema", "xmlelement", "interval"})
_HEAD_LENGTH = 60  # characters before the first token of a query in which its SELECT is looked for


@dataclass(frozen=True, slots=True)
class Within:
    """What surrounds a query.

    Attributes:
        parent: The number of the scope around it; -1 for none.
        sees: How many sources of that scope its names can mean; -1 for all.
        ctes: The number of the query of each CTE that is in force, by name.
    """

    parent: int = -1
    sees: int = -1
    ctes: Mapping[str, int] | None = None
    role: str = "root"


class Builder:
    """Enters the queries of one statement, the outermost first.

    Args:
        text: The statement.
        offset: Where it begins in the script.
        dialect: As sqlglot names it.
    """

    def __init__(self, text: str, offset: int, dialect: str) -> None:
        self.text = text
        self.offset = offset
        self.dialect = dialect
        self.scopes: list[Scope] = []
        self.names_of_ctes: dict[int, tuple[str, ...]] = {}  # what WITH calls their columns, by the number of the query

    def begin(self, kind: str, within: Within) -> Scope:
        """Return a new scope, which holds nothing but its place among the others."""
        scope = Scope(len(self.scopes), kind, within.role, within.parent, within.sees)
        self.scopes.append(scope)
        return scope

    def converter(self, number: int, ctes: Mapping[str, int]) -> Converter:
        """Return what turns the expressions of a scope into nodes."""
        return Converter(self.text, self.offset, self.dialect, _Inner(self, number, ctes))

    def name(self, identifier: exp.Expr | None) -> str:
        """Return a name as the dialect compares it."""
        return folded(identifier, self.dialect)

    def query(self, tree: exp.Expr, within: Within) -> int:
        """Enter a query and return its number."""
        while isinstance(tree, exp.Subquery) and isinstance(tree.this, exp.Query | exp.Values):
            within = self.with_ctes(tree, within)
            tree = tree.this
        if isinstance(tree, exp.SetOperation):
            return self._set_operation(tree, within)
        if isinstance(tree, exp.Select):
            return self._select(tree, within)
        if isinstance(tree, exp.Insert | exp.Update | exp.Delete | exp.Merge):
            return self._writing(tree, within)
        return self._values(tree, within)

    def _writing(self, tree: exp.Expr, within: Within) -> int:
        """Enter a statement that writes, inside WITH."""
        from planroom.sqltext.query_statements import change, insertion

        number = len(self.scopes)
        (insertion if isinstance(tree, exp.Insert) else change)(tree, self, within)
        return number

    def with_ctes(self, tree: exp.Expr, within: Within, parent: int | None = None) -> Within:
        """Return what surrounds a query once its WITH has been read."""
        clause = tree.args.get("with_")
        if clause is None:
            return within
        known = dict(within.ctes or {})
        around = within.parent if parent is None else parent
        for each in clause.expressions:
            name = self.name(each.args["alias"].this)
            inner = Within(around, 0 if parent is not None else within.sees, known, "cte")
            if clause.args.get("recursive"):
                inner = replace(inner, ctes={**known, name: len(self.scopes)})
            columns = tuple(self.name(column) for column in each.args["alias"].args.get("columns") or ())
            self.names_of_ctes[len(self.scopes)] = columns
            number = self.query(each.this, inner)
            known = {**known, name: number}
            self._rename(number, columns)
        return replace(within, ctes=known)

    def _rename(self, number: int, columns: tuple[str, ...]) -> None:
        """Give the outputs of a query the names that its CTE gives them."""
        scope = self.scopes[number]
        while scope.operands:
            scope = self.scopes[scope.operands[0]]
        named = [replace(each, name=name) for each, name in zip(scope.projections, columns, strict=False)]
        if named and not any(each.node.kind == "star" for each in scope.projections):
            rest = scope.projections[len(named) :]
            self.scopes[scope.number] = replace(scope, projections=(*named, *rest))

    def _set_operation(self, tree: exp.Expr, within: Within) -> int:
        scope = self.begin("set", within)
        within = self.with_ctes(tree, within)
        inner = replace(within, role="operand")
        operands = (self.query(tree.this, inner), self.query(tree.expression, inner))
        converter = self.converter(scope.number, within.ctes or {})
        first = self.scopes[operands[0]]
        self.scopes[scope.number] = replace(
            scope,
            operator=type(tree).__name__.lower(),
            operands=operands,
            keeps_duplicates=tree.args.get("distinct") is False,
            order_by=_ordering(tree, converter),
            limit=_limit(tree, converter),
            offset=_offset(tree, converter),
            start=first.start,
            end=self.scopes[operands[1]].end,
        )
        return scope.number

    def _values(self, tree: exp.Expr, within: Within) -> int:
        scope = self.begin("values", within)
        converter = self.converter(scope.number, within.ctes or {})
        rows = converter.nodes(tree.expressions)
        first = rows[0].args if rows and rows[0].kind == "tuple" else rows[:1]
        projections = tuple(Projection(f"column{number}", node) for number, node in enumerate(first, start=1))
        start, end = _reach(rows)
        self.scopes[scope.number] = replace(scope, projections=projections, others=rows[1:], start=start, end=end)
        return scope.number

    def _select(self, tree: exp.Expr, within: Within) -> int:
        scope = self.begin("select", within)
        within = self.with_ctes(tree, within, scope.number)
        ctes = within.ctes or {}
        converter = self.converter(scope.number, ctes)
        sources = Sources(self, converter, scope.number, ctes).of_select(tree)
        scope = replace(scope, sources=sources)
        self.scopes[scope.number] = scope
        projections = tuple(self.projection(each, converter) for each in tree.expressions)
        group = tree.args.get("group")
        distinct = tree.args.get("distinct")
        on = distinct.args.get("on") if distinct is not None else None
        keys = () if on is None else on.expressions if isinstance(on, exp.Tuple) else (on,)
        scope = replace(
            scope,
            projections=projections,
            group_by=converter.nodes(group.expressions) if group is not None else (),
            grouping_sets=group is not None and _has_grouping_sets(group),
            distinct=distinct is not None and on is None,
            distinct_on=converter.nodes(keys),
            order_by=_ordering(tree, converter),
            limit=_limit(tree, converter),
            offset=_offset(tree, converter),
            others=tuple(_others(tree, converter)),
            locks=bool(tree.args.get("locks")),
        )  # fmt: skip
        return self.finish(scope, tree, converter)

    def finish(self, scope: Scope, tree: exp.Expr, converter: Converter) -> int:
        """Enter a scope's conditions and its place."""
        where = _condition(tree, "where", converter)
        having = _condition(tree, "having", converter) or _condition(tree, "qualify", converter)
        scope = replace(scope, where=where, having=having)
        scope = replace(scope, predicates=tuple(_predicates(scope)))
        reached = [node for _, node in scope.expressions()]
        start, end = _reach([*reached, *(Node("", start=each.start, end=each.end) for each in scope.sources)])
        head = self.text[max(0, start - self.offset - _HEAD_LENGTH) : max(0, start - self.offset)]
        found = _HEAD.search(head)
        start -= len(head) - found.start() if found else 0
        self.scopes[scope.number] = replace(scope, start=start, end=end)
        return scope.number

    def projection(self, tree: exp.Expr, converter: Converter) -> Projection:
        """Return one output of a query."""
        if isinstance(tree, exp.Dot) and isinstance(tree.expression, exp.Star):
            return Projection("", _row_of(tree, converter))
        node = converter.node(tree)
        if isinstance(tree, exp.Alias):
            return Projection(self.name(tree.args["alias"]), node)
        if isinstance(tree, exp.Dot):
            return Projection(self.name(tree.expression), node)
        return Projection(self._own_name(node), node)

    def _own_name(self, node: Node) -> str:
        """Return what PostgreSQL calls an output that has no alias; ``?`` where its name is not that of the text."""
        if node.kind == "column":
            return node.text
        if node.kind == "subquery":
            outputs = self.scopes[node.scope].projections
            return outputs[0].name if outputs else ""
        if node.kind == "cast":
            return self._own_name(node.args[0]) or UNTOLD
        if node.kind == "window" and node.args:
            return self._own_name(node.args[0])
        if node.kind == "call":
            word = _WORD.match(self.text, node.start - self.offset) if node.start >= 0 else None
            return word[0].lower() if word and word[0].lower() not in _RENAMED else UNTOLD
        return {"case": "case", "exists": "exists"}.get(node.kind, UNTOLD if node.kind == "other" else "")


@dataclass(frozen=True, slots=True)
class _Inner:
    """Enters the queries inside the expressions of one scope."""

    builder: Builder
    number: int
    ctes: Mapping[str, int]

    def subquery(self, tree: exp.Expr, role: str) -> tuple[int, int, int]:
        number = self.builder.query(tree, Within(self.number, -1, self.ctes, role))
        scope = self.builder.scopes[number]
        return number, scope.start, scope.end


def _row_of(tree: exp.Expr, converter: Converter) -> Node:
    """Return ``(x).*``, which stands for the fields of a row: they are not known here."""
    return converter.made(tree, "star", "", converter.nodes([tree.this]), qualifier=(UNTOLD,))


def _has_grouping_sets(group: exp.Expr) -> bool:
    clauses = ("rollup", "cube", "grouping_sets", "totals", "all")
    kinds = (exp.GroupingSets, exp.Rollup, exp.Cube)
    return any(group.args.get(each) for each in clauses) or any(isinstance(each, kinds) for each in group.expressions)


def _condition(tree: exp.Expr, name: str, converter: Converter) -> Node | None:
    clause = tree.args.get(name)
    return converter.node(clause.this) if clause is not None else None


def _predicates(scope: Scope) -> Iterator[Predicate]:
    for number, source in enumerate(scope.sources):
        if source.on is not None:
            yield from (Predicate(node, "on", number) for node in _split(source.on))
    for place, node in (("where", scope.where), ("having", scope.having)):
        if node is not None:
            yield from (Predicate(each, place) for each in _split(node))


def _split(node: Node) -> tuple[Node, ...]:
    return node.args if node.kind == "and" else (node,)


def _ordering(tree: exp.Expr, converter: Converter) -> tuple[Node, ...]:
    order = tree.args.get("order")
    return converter.nodes(order.expressions) if order is not None else ()


def _limit(tree: exp.Expr, converter: Converter) -> Node | None:
    limit = tree.args.get("limit")
    count = (limit.args.get("expression") or limit.args.get("count")) if limit is not None else None
    return converter.node(count) if isinstance(count, exp.Expr) else None


def _offset(tree: exp.Expr, converter: Converter) -> Node | None:
    offset = tree.args.get("offset")
    return converter.node(offset.expression) if offset is not None else None


def _others(tree: exp.Expr, converter: Converter) -> Iterator[Node]:
    """Yield the expressions of clauses that have no field of their own."""
    for window in tree.args.get("windows") or ():
        yield converter.made(window, "window")
    group = tree.args.get("group")
    for clause in ("rollup", "cube", "grouping_sets"):
        for each in (group.args.get(clause) or ()) if group is not None else ():
            if isinstance(each, exp.Expr):
                yield converter.node(each)


def _reach(nodes: list[Node] | tuple[Node, ...]) -> tuple[int, int]:
    placed = [node for node in nodes if node.start >= 0]
    return (min(node.start for node in placed), max(node.end for node in placed)) if placed else (-1, -1)
