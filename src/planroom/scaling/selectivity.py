"""The share of a table's rows that a condition keeps, as far as statistics tell: for the size of a partial index.

Sources: src/backend/utils/adt/selfuncs.c (``eqsel``, ``scalarineqsel``), src/backend/optimizer/path/clausesel.c.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.generating.trees import bare, column_of, constant_of, constants_of, operator_of
from planroom.scaling.value_order import number_of, share_below
from planroom.sqltext import parse_expression_tree
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.scaling.statistics import ColumnStatistics
    from planroom.sqltext import Tree

__all__ = ["GUESS", "Kept", "kept_share"]

GUESS = 0.1
"""The share that an index's condition keeps where nothing tells."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The share of rows that a condition keeps.

    Attributes:
        share: In [0, 1].
        guessed: The parts of the condition that statistics say nothing of were guessed.
    """

    share: float
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    columns: Mapping[str, ColumnStatistics]
    types: Mapping[str, str]
    rows: float


def kept_share(condition: str, columns: Mapping[str, ColumnStatistics], types: Mapping[str, str], rows: float) -> Kept:
    """Return the share of rows that a condition keeps.

    Args:
        condition: SQL.
        columns: What is known of the table's columns.
        types: The names of their built-in types.
        rows: The table's rows.
    """
    try:
        tree = parse_expression_tree(condition)
    except SyntaxProblem:
        return Kept(GUESS, guessed=True)
    return _share(tree, _Told(columns, types, rows))


def _share(tree: Tree, told: _Told) -> Kept:
    kind, fields = next(iter(tree.items()))
    if kind == "BoolExpr":
        return _of_boolean(fields, told)
    if kind == "NullTest" and (column := column_of(fields["arg"])) in told.columns:
        nulls = told.columns[column].null_fraction
        return Kept(nulls if fields["nulltesttype"] == "IS_NULL" else 1 - nulls)
    if kind == "ColumnRef" and (column := column_of(tree)) in told.columns:
        return _equal(told, column, ("true",), "t")
    if kind == "A_Expr":
        return _of_operator(fields, told)
    return Kept(GUESS, guessed=True)


def _of_boolean(fields: Tree, told: _Told) -> Kept:
    parts = [_share(each, told) for each in fields["args"]]
    guessed = any(each.guessed for each in parts)
    if fields["boolop"] == "NOT_EXPR":
        column = column_of(fields["args"][0])
        if column in told.columns:
            return _equal(told, column, ("false",), "f")
        return Kept(1 - parts[0].share, guessed)
    if fields["boolop"] == "AND_EXPR":
        return Kept(math.prod(each.share for each in parts), guessed)
    return Kept(functools.reduce(lambda kept, each: kept + each.share - kept * each.share, parts, 0.0), guessed)


def _of_operator(fields: Tree, told: _Told) -> Kept:
    operator, kind = operator_of(fields), fields["kind"]
    column, other = column_of(fields.get("lexpr", {"": {}})), fields.get("rexpr", {"": {}})
    if column not in told.columns:
        return Kept(GUESS, guessed=True)
    nulls = told.columns[column].null_fraction
    if kind in {"AEXPR_IN", "AEXPR_OP_ANY", "AEXPR_OP_ALL"} or (kind == "AEXPR_OP" and operator in {"=", "<>"}):
        values = constants_of(fields)
        if values and operator in {"=", "<>"}:
            found = _equal(told, column, values, *values)
            return found if operator == "=" else Kept(max(0.0, 1 - nulls - found.share), found.guessed)
    if kind == "AEXPR_OP" and operator == "?" and (value := constant_of(bare(other))) is not None:
        return _with_key(told.columns[column], value, nulls)
    if kind == "AEXPR_OP" and operator[:1] in {"<", ">"} and (value := constant_of(bare(other))) is not None:
        return _ranged(told, column, operator, value)
    if kind in {"AEXPR_BETWEEN", "AEXPR_BETWEEN_SYM"}:
        low, high = (constant_of(each) for each in other["List"]["items"])
        if low is not None and high is not None:
            above, below = _ranged(told, column, ">=", low), _ranged(told, column, "<=", high)
            share = max(0.0, above.share + below.share - (1 - nulls))
            return Kept(share, above.guessed or below.guessed)
    return Kept(GUESS * (1 - nulls), guessed=True)


def _equal(told: _Told, column: str, values: tuple[str, ...], *spellings: str) -> Kept:
    """Return the share of rows whose column equals one of some values."""
    known = told.columns[column]
    common = dict(zip(known.common_values or (), known.common_frequencies or (), strict=False))
    sought = {*values, *spellings}
    share = sum(frequency for value, frequency in common.items() if value in sought)
    unseen = len([each for each in values if each not in common and not sought & common.keys()])
    distinct = known.distinct if known.distinct >= 0 else -known.distinct * told.rows
    left, others = distinct - len(common), 1 - known.null_fraction - sum(common.values())
    if unseen and left >= 1:
        share += unseen * max(0.0, others) / left
    return Kept(min(1.0, share), guessed=not common and distinct == 0)


def _with_key(known: ColumnStatistics, key: str, nulls: float) -> Kept:
    """Return the share of rows whose JSON has a key, among the values that the histogram and the common ones show."""
    shown = [*(known.histogram or ()), *(known.common_values or ())]
    if not shown:
        return Kept(GUESS * (1 - nulls), guessed=True)
    having = sum(1 for each in shown if f'"{key}":' in each)
    return Kept((1 - nulls) * having / len(shown))


def _ranged(told: _Told, column: str, operator: str, value: str) -> Kept:
    known, type_name = told.columns[column], told.types.get(column, "")

    def place(text: str) -> float | None:
        return number_of(type_name, text)

    wanted = place(value)
    common = list(zip(known.common_values or (), known.common_frequencies or (), strict=False))
    rest = max(0.0, 1 - known.null_fraction - sum(each for _, each in common))
    below = share_below(known.histogram, value, place) if known.histogram else None
    if wanted is None or (below is None and rest > 0.01):
        return Kept((1 - known.null_fraction) / 3, guessed=True)
    found = rest * (below or 0.0)
    found += sum(share for text, share in common if (each := place(text)) is not None and each < wanted)
    return Kept(found if operator[0] == "<" else max(0.0, 1 - known.null_fraction - found))
