"""Expressions in canonical form: what an author writes and what PostgreSQL prints of it become one text.

The server does not keep what it was given. It adds parentheses and schemas, turns IN into = ANY, BETWEEN into >= and
<=, writes ``*`` out, gives literals the types that their places want, and prints some of the casts that it added but
not others. Taking casts away again on both sides would be wrong: ``qty / 2::numeric`` is not ``qty / 2``. So both texts
are analysed by the server's own rules, and every cast is written, implicit or not (`planroom.sqltext.analysis`).

Why equal canonical forms mean the same: a form is the server's analysed tree, written as SQL. A test has the server
read canonical forms, and they come back as themselves. Beyond the analyser's own rules, exactly these are made equal:

- AND in AND and OR in OR are flattened (both are associative, unknown included); their order is kept.
- A constant under a cast that only relabels it is a constant of the other type: whole numbers to wider or narrower
  integers they fit in, to numeric and floating point, text to varchar and back, NULL to anything. Not ``'5'::text`` to
  integer, not anything with a length or scale.
- A constant is written as its type's output function would (`planroom.sqltext.literals`); a timestamp with time zone
  that names no zone is taken as UTC.
- Casts of ``ARRAY[...]`` stand at its elements; a cast of an array is one of its elements.
- SQL's own spellings of calls are plain calls: ``x AT TIME ZONE 'UTC'`` is ``timezone('UTC', x)``, which older servers
  print; and what PostgreSQL 9.6 printed for CURRENT_DATE (``'now'::text::date``) and CURRENT_USER is those.
- Where a routine's signature is not known, ``::text`` at a string constant and casts between text and varchar are left
  out: PostgreSQL prefers text for both, so the same routine is called.
- In queries, columns are qualified, output columns named, ORDER BY and GROUP BY numbers replaced by what they mean, and
  a relation whose name an outer level has taken is numbered as the server does. Aliases stay: they are not equalled.

Where something cannot be told (a relation, type or routine that `Names` does not know), it stays as it was written.
That can make equal things differ, never different things equal.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.sqltext.builtins import type_key
from planroom.sqltext.emission import quote_literal
from planroom.sqltext.expressions import Expression
from planroom.sqltext.libpg_query import ParserError, parse_tree
from planroom.sqltext.names import NO_NAMES, string_parts
from planroom.sqltext.printing import print_expression
from planroom.sqltext.types import DataType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planroom.sqltext.analysis import Analyser, Typed
    from planroom.sqltext.names import Names, Tree

__all__ = ["bound", "expression", "output_columns", "parse_expression", "parse_query", "query"]

_NO_COLUMNS: Mapping[str, DataType] = {}


def expression(
    tree: Tree, columns: Mapping[str, DataType], names: Names = NO_NAMES, target: DataType | None = None
) -> Expression:
    """Return an expression in both forms.

    Args:
        tree: The expression's parse tree.
        columns: The columns of the table that it belongs to.
        names: What other names in it mean.
        target: The type that its place gives it: the column's for a default, boolean for a condition.

    Raises:
        SyntaxProblem: It is nested too deeply.
    """
    text = print_expression(tree)
    analyser = _analyser(names, columns)
    try:
        typed = analyser.typed(tree)
    except RecursionError:
        raise _too_deep() from None
    if target is not None:
        typed = _as_target(analyser.coerced(typed, analyser.base(type_key(target))))
    return Expression(text, print_expression(typed[0]))


@functools.cache
def _loaded() -> Callable[[Names, Mapping[str, DataType] | None], Analyser]:
    """Return what makes an analyser; it is loaded by the first script that has an expression."""
    from planroom.sqltext import analysis_calls, analysis_expressions, analysis_queries, analysis_values  # noqa: F401
    from planroom.sqltext.analysis import Analyser
    from planroom.sqltext.scopes import THIS, Scope

    def make(names: Names, columns: Mapping[str, DataType] | None) -> Analyser:
        return Analyser(names, Scope() if columns is None else Scope(own=columns, assigned={THIS}))

    return make


def _analyser(names: Names, columns: Mapping[str, DataType] | None = None) -> Analyser:
    """Return what analyses an expression on columns, or a query."""
    return _loaded()(names, columns)


def _as_target(typed: Typed) -> Typed:
    """Return a value without the fields of an interval constant: the column's type has the last word."""
    tree, type_, _ = typed
    if "Literal" in tree and tree["Literal"]["type"] != type_:
        return {"Literal": {**tree["Literal"], "type": type_}}, type_, ()
    return typed


def _too_deep() -> SyntaxProblem:
    return SyntaxProblem(
        "An expression is nested too deeply.",
        why="planroom walks expressions recursively.",
        fix="Split the expression.",
    )


def parse_expression(
    text: str, columns: Mapping[str, DataType] = _NO_COLUMNS, names: Names = NO_NAMES, target: DataType | None = None
) -> Expression:
    """Return the expression that a text holds; see `expression`.

    Raises:
        SyntaxProblem: The text is not one expression.

    Example:
        >>> parse_expression("a IN (1, 2)") == parse_expression("(a = ANY (ARRAY[1, 2]))")
        True
    """
    return expression(_expression_tree(text), columns, names, target)


def _expression_tree(text: str) -> Tree:
    select = _statement(f"SELECT (\n{text}\n)", text, "an expression")
    targets = select.get("targetList", ())
    if len(targets) != 1 or set(select) - {"targetList", "limitOption", "op"} or "name" in targets[0]["ResTarget"]:
        raise SyntaxProblem(f"{_shortened(text)} is not one expression.")
    tree: Tree = targets[0]["ResTarget"]["val"]
    if tree.get("RowExpr", {}).get("location") == len("SELECT "):  # our own parentheses made a row of a list
        raise SyntaxProblem(f"{_shortened(text)} is not one expression.", why="it is a list.")
    return tree


def _statement(sql: str, text: str, what: str) -> Tree:
    """Return the fields of the one SELECT statement that a text is."""
    try:
        statements = parse_tree(sql.encode())
    except ParserError as error:
        raise SyntaxProblem(f"{_shortened(text)} is not {what}.", why=error.message) from None
    except RecursionError:
        raise _too_deep() from None
    if len(statements) != 1 or "SelectStmt" not in statements[0]["stmt"]:
        raise SyntaxProblem(f"{_shortened(text)} is not {what}.")
    tree: Tree = statements[0]["stmt"]["SelectStmt"]
    return tree


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


def query(tree: Tree, text: str, names: Names = NO_NAMES, columns: Sequence[str] = ()) -> Expression:
    """Return a view's query in both forms.

    Args:
        tree: The query, ``{"SelectStmt": {...}}``.
        text: The query as written.
        names: What names in it mean.
        columns: The names that the view gives its columns, where it gives any.

    Raises:
        SyntaxProblem: It is nested too deeply.
    """
    from planroom.sqltext.analysis_queries import analyse_query

    try:
        canonical, _ = analyse_query(_analyser(names), tree["SelectStmt"], labels=columns or None)
    except RecursionError:
        raise _too_deep() from None
    return Expression(text, print_expression({"SelectStmt": canonical}))


def parse_query(text: str, names: Names = NO_NAMES, columns: Sequence[str] = ()) -> Expression:
    """Return the query that a text holds; see `query`. A semicolon at the end does no harm.

    Raises:
        SyntaxProblem: The text is not one query.
    """
    return query({"SelectStmt": _statement(text, text, "a query")}, text, names, columns)


def output_columns(tree: Tree, names: Names = NO_NAMES) -> tuple[tuple[str, DataType], ...] | None:
    """Return the names and types of a query's output columns; None when they cannot be told.

    A type that cannot be told is ``DataType.UNKNOWN``.
    """
    from planroom.sqltext.analysis import type_of_key
    from planroom.sqltext.analysis_queries import analyse_query

    try:
        _, columns = analyse_query(_analyser(names), tree["SelectStmt"])
    except RecursionError:
        raise _too_deep() from None
    if columns is None:
        return None
    return tuple((name, type_of_key(type_, modifiers)) for name, type_, modifiers in columns)


def bound(tree: Tree, types: Sequence[DataType] = (), names: Names = NO_NAMES) -> Expression:
    """Return a partition's bound in both forms: ``FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')``.

    Args:
        tree: The PartitionBoundSpec, or its fields.
        types: The types of the partition key's columns; constants are compared as values of them.
        names: What names in it mean.
    """
    fields = tree.get("PartitionBoundSpec", tree)
    written = _bound(fields, [print_expression] * 32)
    analyser = _analyser(names)
    shown: list[Callable[[Tree], str]] = [functools.partial(_datum, analyser, type_key(type_)) for type_ in types]
    return Expression(written, _bound(fields, shown or [print_expression] * 32))


def _bound(fields: Tree, shown: Sequence[Callable[[Tree], str]]) -> str:
    """Return a bound's text, its constants shown by one function for each key column."""
    if fields.get("is_default"):
        return "DEFAULT"
    strategy = fields["strategy"]
    if strategy == "h":
        return f"FOR VALUES WITH (modulus {fields.get('modulus', 0)}, remainder {fields.get('remainder', 0)})"
    if strategy == "l":
        return f"FOR VALUES IN ({', '.join([shown[0](datum) for datum in fields['listdatums']])})"
    low, high = (
        ", ".join([_range_datum(datum, show) for datum, show in zip(fields[side], shown, strict=False)])
        for side in ("lowerdatums", "upperdatums")
    )
    return f"FOR VALUES FROM ({low}) TO ({high})"


def _range_datum(datum: Tree, show: Callable[[Tree], str]) -> str:
    names = string_parts(datum["ColumnRef"]["fields"]) if "ColumnRef" in datum else []
    return names[0].upper() if names in (["minvalue"], ["maxvalue"]) else show(datum)


def _datum(analyser: Analyser, type_: str, node: Tree) -> str:
    """Return a constant as the server prints it in a bound: its value, without its type."""
    typed = analyser.coerced(analyser.typed(node), type_)
    constant = typed[0].get("Literal")
    if constant is None:
        return print_expression(typed[0])
    if constant["value"] is None:
        return "NULL"
    return constant["value"] if type_ in _BARE else quote_literal(constant["value"])


_BARE = frozenset({"boolean"})
