"""FROM and its joins: where the rows of one query come from, in order, nested joins taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlglot import exp

from planroom.changing import replace
from planroom.sqltext.queries import Source

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
        while isinstance(tree, exp.Paren | exp.Subquery) and not isinstance(tree.this, exp.Query | exp.Values):
            if isinstance(tree, exp.Subquery) and tree.args.get("joins"):
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

    def _source(self, tree: exp.Expr, join: str) -> Source:
        alias = tree.args.get("alias")
        name = self.builder.name(alias.this) if alias is not None and alias.this is not None else ""
        columns = tuple(_column_names(self.builder, alias))
        start, end = self.converter.span(tree, ())
        source = Source("function", name, join=join, columns=columns, aliased=bool(name), start=start, end=end)
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
        return source if known is None else replace(source, kind="cte", scope=known)

    def _derived(self, tree: exp.Expr, source: Source, *, lateral: bool) -> Source:
        from planroom.sqltext.query_scopes import Within

        sees = len(self.found) if lateral else 0
        scope = self.builder.query(tree, Within(self.number, sees, self.ctes, "derived"))
        inner = self.builder.scopes[scope]
        start = source.start if source.start >= 0 else inner.start
        return replace(source, scope=scope, lateral=lateral, start=start, end=max(source.end, inner.end))


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
