"""What the valid constraints of a table prove, so that no row has to be read.

Source: ``ConstraintImpliedByRelConstraint`` (commands/tablecmds.c), ``predicate_implied_by``
(optimizer/util/predtest.c), as far as column comparisons with constants go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from planroom.ddl.trees import string, strings, walk
from planroom.linting.effects.survey import Survey
from planroom.model import Table
from planroom.sqltext import Tree, parse_expression_tree

__all__ = ["proven_bound", "proven_not_null", "valid_checks"]


def valid_checks(survey: Survey, table: Table) -> Iterator[Tree]:
    """Yield the conditions that every row meets: the table's own valid checks, and those it has from its parents."""
    for check in table.checks:
        if check.validated and check.enforced:
            yield parse_expression_tree(check.expression.text)
    for ancestor in survey.ancestors((table.schema, table.name)):
        above = survey.table(ancestor)
        for check in above.checks if above else ():
            if check.validated and check.enforced and not check.no_inherit:
                yield parse_expression_tree(check.expression.text)


def proven_not_null(survey: Survey, table: Table, column: str) -> bool:
    """Whether a column is known never to be NULL."""
    held = table.columns_by_name.get(column)
    if held and not held.nullable and held.not_null_validated:
        return True
    return any(_says_not_null(tree, column) for tree in valid_checks(survey, table))


def _says_not_null(tree: Tree, column: str) -> bool:
    test = tree.get("NullTest")
    if test is not None:
        return test.get("nulltesttype") == "IS_NOT_NULL" and _is_column(test.get("arg", {}), column)
    expression = tree.get("BoolExpr")
    if expression is None:
        return False
    arguments = expression.get("args", ())
    match expression.get("boolop"):
        case "AND_EXPR":
            return any(_says_not_null(each, column) for each in arguments)
        case "OR_EXPR":
            return all(_says_not_null(each, column) for each in arguments)
        case "NOT_EXPR":
            inner = arguments[0].get("NullTest", {})
            return inner.get("nulltesttype") == "IS_NULL" and _is_column(inner.get("arg", {}), column)
    return False


def _is_column(tree: Tree, column: str) -> bool:
    fields = tree.get("ColumnRef", {}).get("fields", ())
    return bool(fields) and string(fields[-1]) == column


# -- bounds of partitions --------------------------------------------------------------------------------------------


def proven_bound(survey: Survey, table: Table, parent: Table, bound: Tree) -> bool | None:
    """Whether the checks of a table prove the bound of a partition; None where that cannot be told."""
    parts = parent.partitioning.columns if parent.partitioning else ()
    conditions = [each for tree in valid_checks(survey, table) for each in _conjuncts(tree)]
    column = parts[0].column if len(parts) == 1 else ""
    if not conditions:
        return False
    if not column or bound.get("strategy") == "h":
        mentioned = {
            string(ref["fields"][-1]) for tree in conditions for kind, ref in walk(tree) if kind == "ColumnRef"
        }
        return None if any(part.column in mentioned or not part.column for part in parts) else False
    strategy = bound.get("strategy")
    if strategy == "r":
        return _proves_range(survey, table, column, conditions, bound)
    if strategy == "l":
        return _proves_list(survey, table, column, conditions, bound)
    return False


def _conjuncts(tree: Tree) -> Iterator[Tree]:
    expression = tree.get("BoolExpr", {})
    if expression.get("boolop") == "AND_EXPR":
        for each in expression.get("args", ()):
            yield from _conjuncts(each)
    elif tree.get("A_Expr", {}).get("kind") == "AEXPR_BETWEEN":
        fields = tree["A_Expr"]
        low, high = fields["rexpr"]["List"]["items"]
        for operator, side in ((">=", low), ("<=", high)):
            name = [{"String": {"sval": operator}}]
            yield {"A_Expr": {"kind": "AEXPR_OP", "name": name, "lexpr": fields["lexpr"], "rexpr": side}}
    else:
        yield tree


_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}


def _comparisons(conditions: list[Tree], column: str) -> Iterator[tuple[str, str]]:
    """Yield the operator and the constant of each comparison of a column with a constant."""
    for tree in conditions:
        fields = tree.get("A_Expr", {})
        if fields.get("kind") != "AEXPR_OP":
            continue
        operator = strings(fields.get("name"))[-1]
        left, right = fields.get("lexpr", {}), fields.get("rexpr", {})
        if _is_column(right, column):
            left, right, operator = right, left, _FLIPPED.get(operator, "")
        value = _value(right)
        if _is_column(left, column) and value is not None:
            yield operator, value


def _value(tree: Tree) -> str | None:
    """Return a constant, casts aside, as text; None for what is none, or NULL."""
    while "TypeCast" in tree:
        tree = tree["TypeCast"]["arg"]
    constant = tree.get("A_Const")
    if constant is None or constant.get("isnull"):
        return None
    for kind, field in (("ival", "ival"), ("fval", "fval"), ("sval", "sval"), ("boolval", "boolval")):
        if kind in constant:
            return str(constant[kind].get(field, 0 if kind == "ival" else ""))
    return None


_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00:00)?")


def _ordered(first: str, second: str) -> int | None:
    """Return -1, 0 or 1 as the first constant is less, equal or greater; None where their texts cannot tell."""
    if first == second:
        return 0
    if _NUMBER.fullmatch(first) and _NUMBER.fullmatch(second):
        return (float(first) > float(second)) - (float(first) < float(second))
    dates = _DATE.fullmatch(first), _DATE.fullmatch(second)
    if dates[0] and dates[1]:
        return (dates[0][1] > dates[1][1]) - (dates[0][1] < dates[1][1])
    return None


def _proves_range(survey: Survey, table: Table, column: str, conditions: list[Tree], bound: Tree) -> bool | None:
    if not proven_not_null(survey, table, column):
        return False
    found = list(_comparisons(conditions, column))
    sides = (("lowerdatums", {">=", ">", "="}, 1), ("upperdatums", {"<"}, -1))
    outcomes = []
    for side, operators, sign in sides:
        (datum,) = bound.get(side, [{}])[:1] or [{}]
        limit = _value(datum)
        if limit is None:
            outcomes.append(True if "ColumnRef" in datum else None)  # MINVALUE, MAXVALUE
            continue
        compared = [(op, _ordered(value, limit)) for op, value in found if op in {*operators, "<=", "="} - _other(sign)]
        outcomes.append(_outcome(compared, operators, sign))
    if False in outcomes:
        return False
    return None if None in outcomes else True


def _other(sign: int) -> set[str]:
    return {"<=", "<"} if sign > 0 else {">=", ">"}


def _outcome(compared: list[tuple[str, int | None]], operators: set[str], sign: int) -> bool | None:
    """Whether any comparison is at least as narrow as the limit."""
    if any(order is not None and (order * sign > 0 or (order == 0 and op in operators)) for op, order in compared):
        return True
    return None if any(order is None for _, order in compared) else False


def _proves_list(survey: Survey, table: Table, column: str, conditions: list[Tree], bound: Tree) -> bool | None:
    wanted = {_value(datum) for datum in bound.get("listdatums", ())}
    if None not in wanted and not proven_not_null(survey, table, column):
        return False
    for tree in conditions:
        values = _listed(tree, column)
        if values and values <= wanted:
            return True
    return False


def _listed(tree: Tree, column: str) -> set[str | None]:
    """Return the values that a condition leaves a column: of ``=``, IN, and = ANY."""
    fields = tree.get("A_Expr", {})
    if not _is_column(fields.get("lexpr", {}), column) or strings(fields.get("name"))[-1:] != ("=",):
        return set()
    right = fields.get("rexpr", {})
    match fields.get("kind"):
        case "AEXPR_OP":
            return {_value(right)}
        case "AEXPR_IN":
            return {_value(each) for each in right.get("List", {}).get("items", ())}
        case "AEXPR_OP_ANY":
            while "TypeCast" in right:
                right = right["TypeCast"]["arg"]
            return {_value(each) for each in right.get("A_ArrayExpr", {}).get("elements", ())}
    return set()
