"""Expressions of any dialect as planroom's own values, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from sqlglot import exp

from planroom.sqltext.builtins import functions_named
from planroom.sqltext.queries import Node

__all__ = ["Converter", "folded"]

_CASE_SENSITIVE = frozenset({"", "postgres", "redshift", "materialize", "risingwave"})
_CLOSING = re.compile(r"\s*\)")
_EMPTY_CALL = re.compile(r"\s*\(\s*\)")
_LEADS = {kind: re.compile(rf"\b{kind}\s*\(?\s*$", re.IGNORECASE) for kind in ("not", "exists")}
_LEAD_LENGTH = 40  # characters before an operand in which NOT or EXISTS is looked for
_KEYWORD_OPERAND = re.compile(r"\s*(?:=|<>|!=|<=>|<|>|is(?:\s+not)?)\s*(?:null|true|false|unknown)\b", re.IGNORECASE)
_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_OPERATORS: dict[type[exp.Expr], str] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%", exp.DPipe: "||", exp.IntDiv: "div",
    exp.Neg: "-",
}  # fmt: skip
_LIKES: dict[type[exp.Expr], str] = {exp.Like: "like", exp.ILike: "ilike", exp.SimilarTo: "similar to"}
_PARENTHESES = frozenset({"parentheses"})
_ORDER_MARKS = (("descending", "desc"), ("nulls_first", "nulls_first"))
_AGGREGATES = frozenset({"json_arrayagg", "json_objectagg", "listagg"})  # of the standard, beside PostgreSQL's own
_OVER_WINDOWS = frozenset(
    "first_value last_value nth_value lag lead rank dense_rank percent_rank cume_dist ntile".split()
)
_SILENT = (exp.Identifier, exp.DataType, exp.Var)


def folded(identifier: exp.Expr | None, dialect: str) -> str:
    """Return a name as the dialect compares it."""
    if not isinstance(identifier, exp.Identifier):
        return identifier.name.lower() if identifier is not None else ""
    name = identifier.name
    return name if identifier.args.get("quoted") and dialect in _CASE_SENSITIVE else name.lower()


class _Scopes(Protocol):
    """What enters the queries that are inside expressions."""

    def subquery(self, tree: exp.Expr, role: str) -> tuple[int, int, int]:
        """Return the number of a query, where it begins and where it ends."""


class Converter:
    """Turns the expressions of one query into nodes.

    Args:
        text: The statement.
        offset: Where it begins in the script.
        dialect: As sqlglot names it.
        scopes: What enters the queries in the expressions.
    """

    def __init__(self, text: str, offset: int, dialect: str, scopes: _Scopes) -> None:
        self.text = text
        self.offset = offset
        self.dialect = dialect
        self.scopes = scopes

    def node(self, tree: exp.Expr) -> Node:
        """Return an expression."""
        handler = _HANDLERS.get(type(tree))
        if handler is not None:
            found = handler(self, tree)
            return Node("not", "", (found,), found.start, found.end) if tree.args.get("negate") else found
        if isinstance(tree, exp.Query):
            return self.subquery(tree)
        if isinstance(tree, exp.Func):
            return self.call(tree)
        return self.made(tree, "operator" if isinstance(tree, exp.Binary) else "other", type(tree).__name__.lower())

    def nodes(self, trees: Iterable[exp.Expr]) -> tuple[Node, ...]:
        """Return expressions."""
        return tuple(self.node(tree) for tree in trees)

    def made(
        self, tree: exp.Expr, kind: str, text: str = "", args: tuple[Node, ...] | None = None, **rest: object
    ) -> Node:
        """Return a node whose place reaches over its operands."""
        operands = self.nodes(_children(tree)) if args is None else args
        start, end = self.span(tree, operands)
        return Node(kind, text, operands, start, end, **rest)  # type: ignore[arg-type]

    def span(self, tree: exp.Expr, operands: Iterable[Node]) -> tuple[int, int]:
        """Return where a node begins and ends in the script: its own tokens' places and its operands'."""
        starts = [node.start for node in operands if node.start >= 0]
        ends = [node.end for node in operands if node.start >= 0]
        for token in (tree, *_named(tree)):
            place = token.meta
            if "start" in place:
                starts.append(place["start"] + self.offset)
                ends.append(place["end"] + 1 + self.offset)
        return (min(starts), max(ends)) if starts else (-1, -1)

    def extended(self, node: Node, pattern: re.Pattern[str]) -> int:
        """Return where a node ends when what matches behind it belongs to it."""
        found = pattern.match(self.text, node.end - self.offset) if node.start >= 0 else None
        return found.end() + self.offset if found else node.end

    def led(self, node: Node) -> Node:
        """Return a node with the keyword that stands before its operand."""
        head = max(0, node.start - self.offset)
        found = _LEADS[node.kind].search(self.text[max(0, head - _LEAD_LENGTH) : head])
        return _moved(node, node.start - len(found[0]), node.end) if found and node.start >= 0 else node

    def call(self, tree: exp.Expr) -> Node:
        """Return the call of a function."""
        name = tree.name.lower() if isinstance(tree, exp.Anonymous | exp.AnonymousAggFunc) else tree.sql_name().lower()  # type: ignore[attr-defined]
        marks = _kind_of_function(tree, name)
        children = list(_children(tree))
        inner = children[0] if children else None
        inner = inner.this if isinstance(inner, exp.Order) and isinstance(inner.this, exp.Distinct) else inner
        if isinstance(inner, exp.Distinct):
            children[:1] = inner.expressions
            marks.add("distinct")
        node = self.made(tree, "call", name, self.nodes(children), marks=frozenset(marks))
        end = self.extended(node, _CLOSING if node.args else _EMPTY_CALL)
        return _moved(node, node.start, end)

    def subquery(self, tree: exp.Expr, kind: str = "subquery", role: str = "scalar", text: str = "") -> Node:
        """Return a query in an expression."""
        number, start, end = self.scopes.subquery(tree, role)
        node = Node(kind, text, start=start, end=end, scope=number)
        return _moved(node, start, self.extended(node, _CLOSING))

    def column(self, tree: exp.Expr) -> Node:
        """Return a reference to a column, or to all of a source."""
        parts = [tree.args.get(part) for part in ("catalog", "db", "table")]
        qualifier = tuple(folded(part, self.dialect) for part in parts if part is not None)
        start, end = self.span(tree, ())
        if isinstance(tree.this, exp.Star):
            return Node("star", "", (), start, max(end, self._end(tree.this)), qualifier)
        quoted = bool(tree.this.args.get("quoted")) if isinstance(tree.this, exp.Identifier) else False
        name = folded(tree.this, self.dialect)
        return Node("column", name, (), start, end, qualifier, marks=frozenset({"quoted"}) if quoted else frozenset())

    def _end(self, tree: exp.Expr) -> int:
        return tree.meta["end"] + 1 + self.offset if "end" in tree.meta else -1

    def connected(self, tree: exp.Expr, kind: str, class_: type[exp.Expr]) -> Node:
        """Return a chain of AND or OR as one node: such chains are long, and lean to the left."""
        operands: list[Node] = []
        pending = [tree]
        while pending:
            each = pending.pop()
            inner = each.unnest() if kind == "and" else each
            if isinstance(inner, class_):
                pending += [inner.expression, inner.this]
            else:
                operands.append(self.node(each))
        return self.made(tree, kind, "", tuple(operands))

    def comparison(self, tree: exp.Expr, kind: str, text: str) -> Node:
        """Return two operands with an operator between them."""
        node = self.made(tree, kind, text)
        return _moved(node, node.start, self.extended(node, _KEYWORD_OPERAND))

    def in_(self, tree: exp.Expr) -> Node:
        """Return an IN with its list, or with its query."""
        query = tree.args.get("query")
        left = self.node(tree.this)
        if query is None:
            node = self.made(tree, "in", "", (left, *self.nodes(_listed(tree))))
            return _moved(node, node.start, self.extended(node, _CLOSING))
        inner = self.subquery(query, role="in")
        return Node("in", "", (left,), left.start, max(left.end, inner.end), scope=inner.scope)

    def paren(self, tree: exp.Expr) -> Node:
        """Return what is in parentheses, marked as such; the parentheses are part of its place."""
        inner = self.node(tree.this)
        head = inner.start - self.offset
        before = self.text[max(0, head - _LEAD_LENGTH) : max(0, head)]
        opened = len(before) - len(before.rstrip()) + 1 if before.rstrip().endswith("(") else 0
        return _moved(inner, inner.start - opened, self.extended(inner, _CLOSING), _PARENTHESES)

    def quantified(self, tree: exp.Expr, mark: str) -> Node:
        """Return ANY or ALL over a query or an array."""
        inner = tree.this.unnest()
        if isinstance(inner, exp.Query):
            return self.subquery(inner, "quantified", "quantified", mark)
        return self.made(tree, "quantified", mark)

    def cast(self, tree: exp.Expr) -> Node:
        """Return a cast; its text is the type."""
        type_ = tree.args["to"]
        return self.made(tree, "cast", type_.sql(dialect=self.dialect or None).lower(), (self.node(tree.this),))

    def filtered(self, tree: exp.Expr) -> Node:
        """Return an aggregate with its FILTER."""
        inner = self.node(tree.this)
        condition = self.node(tree.expression.this)
        return Node(
            inner.kind, inner.text, (*inner.args, condition), inner.start, max(inner.end, condition.end),
            marks=inner.marks | {"filtered"},
        )  # fmt: skip

    def within(self, tree: exp.Expr) -> Node:
        """Return an aggregate over what it sorts itself: WITHIN GROUP (ORDER BY ...)."""
        inner = self.node(tree.this)
        keys = self.nodes(tree.expression.expressions)
        end = max(inner.end, *(self.extended(each, _CLOSING) for each in keys))
        marks = inner.marks - {"unknown"} | {"aggregate"}
        return Node(inner.kind, inner.text, (*inner.args, *keys), inner.start, end, marks=marks)

    def ordered(self, tree: exp.Expr) -> Node:
        """Return an expression to sort by."""
        marks = frozenset(mark for mark, key in _ORDER_MARKS if tree.args.get(key))
        return self.made(tree, "ordered", "", (self.node(tree.this),), marks=marks)


def _children(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the parts of an expression that are expressions themselves."""
    for name, value in tree.args.items():
        if name == "return_type":  # RETURNING jsonb
            continue
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, exp.Expr) and not isinstance(each, _SILENT):
                yield each


def _named(tree: exp.Expr) -> Iterator[exp.Expr]:
    for value in tree.args.values():
        if isinstance(value, exp.Identifier):
            yield value


def _listed(tree: exp.Expr) -> list[exp.Expr]:
    unnested = tree.args.get("unnest")
    field = tree.args.get("field")
    return [*tree.expressions, *(each for each in (unnested, field) if each is not None)]


def _moved(node: Node, start: int, end: int, marks: frozenset[str] = frozenset()) -> Node:
    return Node(node.kind, node.text, node.args, start, end, node.qualifier, node.scope, node.marks | marks)


def _kind_of_function(tree: exp.Expr, name: str) -> set[str]:
    """Return the mark of an aggregate; of a function that may be one, because nobody here knows it, another."""
    if isinstance(tree, exp.AggFunc):
        return set() if name in _OVER_WINDOWS else {"aggregate"}
    if not isinstance(tree, exp.Anonymous):
        return set()
    kinds = {each.kind for each in functions_named(name)}
    if "a" in kinds or name in _AGGREGATES:
        return {"aggregate"}
    return set() if kinds else {"unknown"}


def _literal(self: Converter, tree: exp.Expr) -> Node:
    return self.made(tree, "string" if tree.args.get("is_string") else "number", str(tree.this), ())


def _plain(kind: str) -> Callable[[Converter, exp.Expr], Node]:
    return lambda self, tree: self.made(tree, kind, str(tree.this) if isinstance(tree.this, str) else "")


def _compared(text: str) -> Callable[[Converter, exp.Expr], Node]:
    return lambda self, tree: self.comparison(tree, "compare", text)


def _liked(text: str) -> Callable[[Converter, exp.Expr], Node]:
    return lambda self, tree: self.made(tree, "like", text)


def _operated(text: str) -> Callable[[Converter, exp.Expr], Node]:
    return lambda self, tree: self.made(tree, "operator", text)


_HANDLERS: dict[type[exp.Expr], Callable[[Converter, exp.Expr], Node]] = {
    exp.Column: Converter.column,
    exp.Star: lambda self, tree: self.made(tree, "star", "", ()),
    exp.Literal: _literal,
    exp.RawString: lambda self, tree: self.made(tree, "string", str(tree.this), ()),
    exp.National: lambda self, tree: self.made(tree, "string", str(tree.this), ()),
    exp.Null: lambda self, tree: self.made(tree, "null", "", ()),
    exp.Boolean: lambda self, tree: self.made(tree, "boolean", "true" if tree.this else "false", ()),
    exp.Placeholder: lambda self, tree: self.made(tree, "parameter", "", ()),
    exp.Parameter: lambda self, tree: self.made(tree, "parameter", "", self.nodes(_children(tree))),
    exp.And: lambda self, tree: self.connected(tree, "and", exp.And),
    exp.Or: lambda self, tree: self.connected(tree, "or", exp.Or),
    exp.Not: lambda self, tree: self.led(self.made(tree, "not")),
    exp.Paren: Converter.paren,
    exp.Is: lambda self, tree: self.comparison(tree, "is", "is"),
    exp.In: Converter.in_,
    exp.Between: _plain("between"),
    exp.Exists: lambda self, tree: self.led(self.subquery(tree.this, "exists", "exists")),
    exp.Subquery: lambda self, tree: self.subquery(tree),
    exp.Any: lambda self, tree: self.quantified(tree, "any"),
    exp.All: lambda self, tree: self.quantified(tree, "all"),
    exp.Cast: Converter.cast,
    exp.TryCast: Converter.cast,
    exp.Case: _plain("case"),
    exp.Window: _plain("window"),
    exp.Filter: Converter.filtered,
    exp.WithinGroup: Converter.within,
    exp.Tuple: lambda self, tree: self.made(tree, "tuple", "", self.nodes(tree.expressions)),
    exp.Var: lambda self, tree: self.made(tree, "other", str(tree.this).lower(), ()),
    exp.Ordered: Converter.ordered,
    exp.Alias: lambda self, tree: self.node(tree.this),
    **{class_: _compared(text) for class_, text in _COMPARISONS.items()},
    **{class_: _operated(text) for class_, text in _OPERATORS.items()},
    **{class_: _liked(text) for class_, text in _LIKES.items()},
}
