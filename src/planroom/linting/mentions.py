"""What an expression of a model mentions, whatever its dialect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.model import qualified
from planroom.sqltext import mentioned_columns, mentioned_relations, parse_expression_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Model, Table, View
    from planroom.sqltext import Expression

__all__ = ["calls_for_each_row", "columns_in", "tables_in"]


def columns_in(expression: Expression | None) -> frozenset[str]:
    """Return the names of the columns that an expression mentions; of one that does not parse here, all its words."""
    if expression is None:
        return frozenset()
    try:
        return mentioned_columns(expression.text)
    except SyntaxProblem:
        return frozenset(re.findall(r"\w+", expression.text))


def calls_for_each_row(expression: Expression | None) -> tuple[str, ...]:
    """Return the functions that an expression calls with nothing of the row and outside of a sub-select, sorted.

    Such a call gives the same for every row of a query, and is made again for each.
    """
    if expression is None:
        return ()
    try:
        return tuple(sorted(set(_calls(parse_expression_tree(expression.text)))))
    except SyntaxProblem:
        return ()


def _calls(root: Any) -> Iterator[str]:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            call = node.get("FuncCall")
            if call and not _has_column(call):
                yield ".".join(part["String"]["sval"] for part in call["funcname"])
            stack += [value for kind, value in node.items() if kind != "SubLink"]


def _has_column(node: Any) -> bool:
    if isinstance(node, dict):
        return "ColumnRef" in node or any(map(_has_column, node.values()))
    return isinstance(node, list) and any(map(_has_column, node))


def tables_in(view: View, model: Model) -> tuple[Table, ...]:
    """Return the tables that a view reads directly, sorted; none where its query does not parse here."""
    try:
        names = sorted(mentioned_relations(view.query.text))
    except SyntaxProblem:
        return ()
    ids = (qualified(schema, name) if schema else _found(view, name, model) for schema, name in names)
    return tuple(model.tables_by_id[each] for each in ids if each in model.tables_by_id)


def _found(view: View, name: str, model: Model) -> str:
    """Return the id that a bare name means: in the view's own schema, else in ``public``."""
    own = qualified(view.schema, name)
    return own if own in model.tables_by_id else qualified("public", name)
