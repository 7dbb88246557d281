"""FROM and its joins: where the rows of one query come from, in order, nested joins taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlglot import exp

from planroom.changing import replace
from planroom.sqltext.queries import Node, Projection, Source

if TYPE_CHECKING:
    from planroom.sqltext.query_nodes import Converter
    from planroom.sqltext.query_scopes import Builder

__all__ = ["Sources"]


class Sources:
    """Reads the sources of one scope.

    Args:
        builder: What enters the queries among the sources.
        converter: What turns the conditions of joins into nodes.
        number: The scope's number.
        ctes: The number of the query of each CTE that is in force, by name.
    """

    def __init__(self, builder: Builder, converter: Converter, number: int, ctes: Mapping[str, int]) -> None:
        self.builder = builder
        self.converter = converter
        self.number = number
        self.ctes = ctes
        self.found: list[Source] = []

    def of_select(self, tree: exp.Expr) -> tuple[Source, ...]:
        """Return the sources of a SELECT, or of what has FROM and joins like one."""
        clause = tree.args.get("from_")
        if clause is not None:
            self.add(clause.this, "from")
        self.joins(tree)
        return tuple(self.found)

    def add(self, tree: exp.Expr, join: str) -> None:
        """Enter a source and the joins that hang on it."""
        while isinstance(tree, exp.Paren | exp.Subquery) and _holds_tables(tree.this):
            if tree.args.get("alias") is not None:
                self.found.append(self._joined(tree, join))
                self.joins(tree)
                return
            if tree.args.get("joins"):
                self.add(tree.this, join)
                self.joins(tree)
                return
            tree = tree.this
        self.found.append(self._source(tree, join))
        if not isinstance(tree, exp.Query) or isinstance(tree, exp.Subquery):
            self.joins(tree)

    def joins(self, tree: exp.Expr) -> None:
        """Enter the sources that are joined to what has been entered so far."""
        for each in tree.args.get("joins") or ():
            self._join(each)
        for each in tree.args.get("laterals") or ():
            self.found.append(self._source(each, "cross"))

    def _join(self, tree: exp.Expr) -> None:
        first, join = len(self.found), _kind_of(tree)
        self.add(tree.this, join)
        on = tree.args.get("on")
        head = self.found[first]
        self.found[first] = replace(
            head,
            on=self.converter.node(on) if on is not None else None,
            using=tuple(self.builder.name(each) for each in tree.args.get("using") or ()),
            natural=tree.args.get("method") == "NATURAL",
        )
        for number, source in enumerate(self.found[first + 1 :], first + 1):
            self.found[number] = replace(source, operands=(*source.operands, first))
        for number, source in enumerate(self.found):
            fills = {"full"} | ({"left"} if number >= first else {"right"})
            if join in fills:
                self.found[number] = replace(source, null_extended=True)

    def _joined(self, tree: exp.Expr, join: str) -> Source:
        """Return a join in parentheses that has a name of its own: the names inside mean nothing around it."""
        from planroom.sqltext.query_scopes import Within

        scope = self.builder.begin("select", Within(self.number, 0, self.ctes, "derived"))
        converter = self.builder.converter(scope.number, self.ctes)
        inner = Sources(self.builder, converter, scope.number, self.ctes)
        inner.add(tree.this, "from")
        every_column = Projection("", Node("star"))
        scope = replace(scope, sources=tuple(inner.found), projections=(every_column,))
        number = self.builder.finish(scope, tree, converter)
        return replace(self._named(tree, join), kind="derived", scope=number)

    def _named(self, tree: exp.Expr, join: str) -> Source:
        """Return a source of which nothing but its names is known."""
        alias = tree.args.get("alias")
        name = self.builder.name(alias.this) if alias is not None and alias.this is not None else ""
        columns = tuple(_column_names(self.builder, alias))
        start, end = self.converter.span(tree, ())
        return Source(
            "function",
            name or _function_name(tree),
            join=join,
            columns=columns,
            aliased=bool(name),
            start=start,
            end=end,
        )

    def _source(self, tree: exp.Expr, join: str) -> Source:
        source = self._named(tree, join)
        if isinstance(tree, exp.Table) and isinstance(tree.this, exp.Identifier) and not tree.args.get("pivots"):
            return self._table(tree, source)
        if isinstance(tree, exp.Values):
            return self._derived(tree, replace(source, kind="values"), lateral=False)
        inner = tree.this if isinstance(tree, exp.Subquery | exp.Lateral) else tree
        if isinstance(inner, exp.Query | exp.Values) and not tree.args.get("pivots"):
            return self._derived(inner, replace(source, kind="derived"), lateral=isinstance(tree, exp.Lateral))
        return replace(source, lateral=True)

    def _table(self, tree: exp.Expr, source: Source) -> Source:
        parts = [tree.args.get(part) for part in ("db", "this")]
        table = tuple(self.builder.name(part) for part in parts if part is not None)
        known = self.ctes.get(table[0]) if len(table) == 1 else None
        source = replace(source, kind="table", name=source.name or table[-1], table=table)
        if known is None:
            return source
        given = self.builder.names_of_ctes.get(known, ())
        columns = (*source.columns, *given[len(source.columns) :])
        return replace(source, kind="cte", scope=known, columns=columns)

    def _derived(self, tree: exp.Expr, source: Source, *, lateral: bool) -> Source:
        from planroom.sqltext.query_scopes import Within

        sees = len(self.found) if lateral else 0
        scope = self.builder.query(tree, Within(self.number, sees, self.ctes, "derived"))
        inner = self.builder.scopes[scope]
        start = source.start if source.start >= 0 else inner.start
        return replace(source, scope=scope, lateral=lateral, start=start, end=max(source.end, inner.end))


def _holds_tables(tree: exp.Expr) -> bool:
    """Whether parentheses stand around tables and their joins, and not around one query."""
    if isinstance(tree, exp.Subquery | exp.Values):
        return bool(tree.args.get("alias") or tree.args.get("joins")) or (
            isinstance(tree, exp.Subquery) and _holds_tables(tree.this)
        )
    return not isinstance(tree, exp.Query)


def _function_name(tree: exp.Expr) -> str:
    """Return what a query calls the rows of a function that has no alias; empty for others."""
    function = tree.this if isinstance(tree, exp.Table) else tree
    if isinstance(function, exp.Anonymous):
        return str(function.name).lower()
    return function.sql_name().lower().removeprefix("exploding_") if isinstance(function, exp.Func) else ""


def _column_names(builder: Builder, alias: exp.Expr | None) -> Iterator[str]:
    for each in (alias.args.get("columns") or ()) if alias is not None else ():
        yield builder.name(each.this if isinstance(each, exp.ColumnDef) else each)


def _kind_of(tree: exp.Expr) -> str:
    side, kind = str(tree.args.get("side") or ""), str(tree.args.get("kind") or "")
    if side in {"LEFT", "RIGHT", "FULL"}:
        return side.lower()
    if kind == "CROSS" or (isinstance(tree.this, exp.Lateral) and tree.this.args.get("cross_apply")):
        return "cross"
    if kind or tree.args.get("on") is not None or tree.args.get("using") or tree.args.get("method"):
        return "inner"
    return "comma"
