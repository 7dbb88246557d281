"""SQL of one dialect as another writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["transpile"]

# Functions that sqlglot has no class for and that both PostgreSQL and DuckDB have, with the same meaning.
_SHARED = frozenset(
    {"nextval", "currval", "gen_random_uuid", "random", "pi", "trunc", "reverse", "repeat", "md5", "now", "age", "chr"}
    | {"clock_timestamp", "transaction_timestamp", "starts_with", "format", "translate", "concat_ws", "degrees", "row"}
)  # fmt: skip

_OPERATORS = {"ArrayContainsAll": "@>", "ArrayContainedBy": "<@", "ArrayOverlaps": "&&", "Adjacent": "-|-"}


def transpile(sql: str, read: str, write: str) -> tuple[str, tuple[str, ...]]:
    """Return a query or expression in another dialect, and what may not work there.

    Args:
        sql: One expression or query.
        read: The dialect it is written in, as sqlglot names it.
        write: The dialect wanted, likewise.

    Returns:
        The translated text and the reasons to doubt it, sorted; the text is empty when it could not be read.
    """
    import sqlglot
    from sqlglot.errors import ErrorLevel, SqlglotError

    try:
        tree = sqlglot.parse_one(sql, read=read).transform(_any_as_in)
        text = tree.sql(dialect=write, unsupported_level=ErrorLevel.RAISE, identify=False)
    except (SqlglotError, RecursionError, ValueError) as error:
        return "", (f"it cannot be translated: {str(error).partition(chr(10))[0]}",)
    return text, tuple(sorted(set(_doubts(tree))))


def _any_as_in(node: exp.Expr) -> exp.Expr:
    """Return ``x = ANY (ARRAY[...])`` as ``x IN (...)``, which is the same and which every dialect knows."""
    from sqlglot import exp

    if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Any):
        array = node.expression.this
        array = array.this if isinstance(array, exp.Paren) else array
        if isinstance(array, exp.Array) and array.expressions:
            return exp.In(this=node.this, expressions=array.expressions)
    return node


def _doubts(tree: exp.Expr) -> Iterator[str]:
    from sqlglot import exp

    if isinstance(tree, exp.Command):
        yield "it cannot be read as a query"
    for function in tree.find_all(exp.Anonymous):
        if function.name.lower() not in _SHARED:
            yield f"it calls {function.name}"
    for kind in tree.find_all(exp.DataType):
        if kind.this == exp.DType.USERDEFINED:
            yield f"it casts to {kind.sql()}"
    for operator in tree.find_all(exp.ArrayContainsAll, exp.ArrayContainedBy, exp.ArrayOverlaps, exp.Adjacent):
        yield f"it uses the operator {_OPERATORS[type(operator).__name__]}"
    if any(_selects_ungrouped(select) for select in tree.find_all(exp.Select)):
        yield "it selects columns that are not grouped, which is right only beside a grouped key"
    for node in tree.find_all(exp.CurrentUser, exp.SessionUser):
        yield f"it asks for the {type(node).__name__}"


def _selects_ungrouped(select: exp.Select) -> bool:
    """Whether a grouped query selects a column that is neither grouped nor aggregated."""
    from sqlglot import exp

    group = select.args.get("group")
    if group is None:
        return False
    grouped = {each.name for each in group.expressions}
    ordinals = {int(each.name) for each in group.expressions if isinstance(each, exp.Literal) and not each.is_string}
    projections = [
        each for n, each in enumerate(select.expressions, 1) if n not in ordinals and each.alias_or_name not in grouped
    ]
    columns = (column for each in projections for column in each.find_all(exp.Column))
    return any(column.name not in grouped and not column.find_ancestor(exp.AggFunc) for column in columns)
