"""What an expression of a model mentions, whatever its dialect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.model import qualified
from planroom.sqltext import mentioned_columns, mentioned_relations

if TYPE_CHECKING:
    from planroom.model import Model, Table, View
    from planroom.sqltext import Expression

__all__ = ["columns_in", "tables_in"]


def columns_in(expression: Expression | None) -> frozenset[str]:
    """Return the names of the columns that an expression mentions; of one that does not parse here, all its words."""
    if expression is None:
        return frozenset()
    try:
        return mentioned_columns(expression.text)
    except SyntaxProblem:
        return frozenset(re.findall(r"\w+", expression.text))


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
