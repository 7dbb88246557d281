"""CHECK constraints taken apart: what they demand of single columns, and what of one beside others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.generating.trees import Parts, bare, called, column_of, constant_of, constants_of, operator_of, parts_of
from planroom.sqltext import mentioned_columns, parse_expression_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planroom.sqltext import Tree

__all__ = ["Bound", "Demands", "conjuncts", "demands_of", "domain_demands", "mentions"]

_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}
_COMPARISONS = frozenset(_TURNED)
_LENGTHS = frozenset({"length", "char_length", "character_length", "octet_length"})
_SIMPLE_CALLS = frozenset({"btrim", "trim"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit: a constant, or an expression over other columns of the row."""

    value: str | Parts
    inclusive: bool


@dataclass
class Demands:
    """What CHECK constraints demand of one column.

    Attributes:
        lows: It is above all of these.
        highs: It is below all of these.
        values: It is one of these, where this is not None.
        excluded: It is none of these.
        unlike: It differs from these columns.
        same_as: It equals these columns.
        patterns: It matches these regular expressions; True for those that ignore case.
        prefixes: LIKE patterns that it matches.
        shortest: It has at least so many characters.
        longest: It has at most so many; 0 for no limit.
        upper: It has no lower-case letter.
        lower: It has no upper-case letter.
        json: ``object``, ``array``, ... that the JSON value is.
        present: It is not NULL.
        absent: It is NULL.
        nonempty: The array has elements.
    """

    lows: list[Bound] = field(default_factory=list)
    highs: list[Bound] = field(default_factory=list)
    values: tuple[str, ...] | None = None
    excluded: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    same_as: list[str] = field(default_factory=list)
    patterns: list[tuple[str, bool]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    shortest: int = 0
    longest: int = 0
    upper: bool = False
    lower: bool = False
    json: str = ""
    present: bool = False
    absent: bool = False
    nonempty: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """The other columns that its limits name."""
        bounds = [each.value for each in (*self.lows, *self.highs) if isinstance(each.value, Parts)]
        return frozenset(column for each in bounds for column in each.columns) | {*self.unlike, *self.same_as}

    def narrow(self, values: tuple[str, ...]) -> None:
        """Keep to these values, and to those before."""
        kept = values if self.values is None else tuple(each for each in self.values if each in values)
        self.values = kept or values


def demands_of(texts: Iterable[str]) -> tuple[dict[str, Demands], tuple[str, ...]]:
    """Return what conditions demand of each column, and those conditions (as written) that say more than that."""
    found: dict[str, Demands] = {}
    rest = []
    for text in texts:
        try:
            tree = parse_expression_tree(text)
        except SyntaxProblem:
            rest.append(text)
            continue
        understood = [_entered(each, found) for each in conjuncts(tree)]
        if not all(understood):
            rest.append(text)
    return found, tuple(rest)


def domain_demands(texts: Iterable[str]) -> Demands:
    """Return what the conditions of a domain demand of its VALUE."""
    found, _ = demands_of(texts)
    return found.get("value", Demands())


def conjuncts(tree: Tree) -> Iterator[Tree]:
    """Yield what AND joins."""
    fields = tree.get("BoolExpr", {})
    if fields.get("boolop") == "AND_EXPR":
        for each in fields["args"]:
            yield from conjuncts(each)
    else:
        yield tree


def _entered(tree: Tree, found: dict[str, Demands]) -> bool:
    """Enter one condition; False when it is not understood."""

    def of(column: str) -> Demands:
        return found.setdefault(column, Demands())

    kind, fields = next(iter(tree.items()))
    if kind == "ColumnRef":
        of(column_of(tree)).narrow(("true",))
        return True
    if kind == "NullTest" and (column := column_of(fields["arg"])):
        present = fields["nulltesttype"] == "IS_NOT_NULL"
        of(column).present, of(column).absent = present, not present
        return True
    if kind == "BoolExpr":
        return _of_boolean(fields, of)
    if kind == "A_Expr":
        return _of_operator(fields, of)
    return False


def _of_boolean(fields: Tree, of: Any) -> bool:
    arguments = fields["args"]
    if fields["boolop"] == "NOT_EXPR":
        (inner,) = arguments
        call = inner.get("FuncCall", {})
        if column := column_of(inner):
            of(column).narrow(("false",))
            return True
        return called(call) == "isempty"  # no range that is made up here is empty
    return _optional(arguments, of) or _one_of_many(arguments, of)


def _optional(arguments: list[Tree], of: Any) -> bool:
    """Whether it is ``column IS NULL OR ...``: what else it says holds for values."""
    nulls = [each for each in arguments if each.get("NullTest", {}).get("nulltesttype") == "IS_NULL"]
    others = [each for each in arguments if each not in nulls]
    if len(nulls) != 1 or len(others) != 1:
        return False
    column = column_of(nulls[0]["NullTest"]["arg"])
    mentioned: dict[str, Demands] = {}
    if not all(_entered(each, mentioned) for each in conjuncts(others[0])) or set(mentioned) != {column}:
        return False
    _merge(of(column), mentioned[column])
    of(column).present = False
    return True


def _merge(into: Demands, other: Demands) -> None:
    for name in ("lows", "highs", "excluded", "unlike", "same_as", "patterns", "prefixes"):
        getattr(into, name).extend(getattr(other, name))
    if other.values is not None:
        into.narrow(other.values)
    into.shortest = max(into.shortest, other.shortest)
    into.longest = min(filter(None, (into.longest, other.longest)), default=0)
    into.upper, into.lower = into.upper or other.upper, into.lower or other.lower
    into.json, into.nonempty = into.json or other.json, into.nonempty or other.nonempty


def _one_of_many(arguments: list[Tree], of: Any) -> bool:
    """Whether it is ``column = 'a' OR column = 'b' ...``: one of several values."""
    found = [_equality(each) for each in arguments]
    if any(each is None for each in found) or len({each[0] for each in found if each}) != 1:
        return False
    of(found[0][0]).narrow(tuple(value for each in found if each for value in each[1]))  # type: ignore[index]
    return True


def _equality(tree: Tree) -> tuple[str, tuple[str, ...]] | None:
    fields = tree.get("A_Expr", {})
    if not fields or operator_of(fields) != "=":
        return None
    column, values = column_of(fields["lexpr"]), constants_of(fields)
    return (column, values) if column and values else None


def _of_operator(fields: Tree, of: Any) -> bool:
    kind, operator = fields["kind"], operator_of(fields)
    left, right = fields.get("lexpr", {}), fields.get("rexpr", {})
    column = column_of(left)
    if kind in {"AEXPR_IN", "AEXPR_OP_ANY", "AEXPR_OP_ALL"}:
        values = constants_of(fields)
        if not column or not values:
            return False
        if operator == "=" and kind != "AEXPR_OP_ALL":
            of(column).narrow(values)
            return True
        of(column).excluded.extend(values)
        return operator == "<>"
    if kind in {"AEXPR_BETWEEN", "AEXPR_BETWEEN_SYM"}:
        low, high = right["List"]["items"]
        return _compared(left, ">=", low, of) and _compared(left, "<=", high, of)
    if kind == "AEXPR_LIKE" and column and operator == "~~" and (text := constant_of(right)) is not None:
        of(column).prefixes.append(text)
        return True
    if kind == "AEXPR_DISTINCT" and column and column_of(right):
        of(column).unlike.append(column_of(right))
        return True
    if kind != "AEXPR_OP":
        return False
    if operator in {"~", "~*"} and column and (text := constant_of(right)) is not None:
        of(column).patterns.append((text, operator == "~*"))
        return True
    if operator in _COMPARISONS and left:
        return _compared(left, operator, right, of)
    return False


def _compared(left: Tree, operator: str, right: Tree, of: Any) -> bool:
    left, right = bare(left), bare(right)
    if constant_of(left) is not None and constant_of(right) is None:
        left, operator, right = right, _TURNED[operator], left
    if "MinMaxExpr" in left:
        least = left["MinMaxExpr"]["op"] == "IS_LEAST"
        if operator in ({">", ">="} if least else {"<", "<="}):
            return all(_compared(each, operator, right, of) for each in left["MinMaxExpr"]["args"])
        return False
    call = left.get("FuncCall", {})
    if call:
        return _of_call(called(call), call.get("args", []), operator, right, of)
    column = column_of(left)
    if not column:
        return False
    return _limited(of(column), operator, right, of, column)


def _limited(demands: Demands, operator: str, right: Tree, of: Any, column: str) -> bool:
    """Enter ``column operator right``."""
    value, other = constant_of(right), column_of(right)
    call = right.get("FuncCall", {})
    if call and called(call) in {"upper", "lower"} and operator == "=" and column_of(call["args"][0]) == column:
        demands.upper, demands.lower = called(call) == "upper", called(call) == "lower"
        return True
    if operator == "=":
        if value is not None:
            demands.narrow((value,))
            return True
        if other:
            demands.same_as.append(other)
        return bool(other)
    if operator == "<>":
        if value is not None:
            demands.excluded.append(value)
        elif other:
            demands.unlike.append(other)
        return value is not None or bool(other)
    limit: str | Parts | None = value if value is not None else parts_of(right)
    if limit is None or (isinstance(limit, Parts) and column in limit.columns):
        return False
    bounds = demands.lows if operator[0] == ">" else demands.highs
    bounds.append(Bound(limit, operator.endswith("=")))
    return True


def _of_call(name: str, arguments: list[Tree], operator: str, right: Tree, of: Any) -> bool:
    column = column_of(arguments[0]) if arguments else ""
    value = constant_of(right)
    if name in _SIMPLE_CALLS and operator == "<>" and value == "" and column:
        of(column).shortest = max(of(column).shortest, 1)
        return True
    if name in {"upper", "lower"} and operator == "=" and column_of(right) == column and column:
        of(column).upper, of(column).lower = name == "upper", name == "lower"
        return True
    if name in {"jsonb_typeof", "json_typeof"} and operator == "=" and value is not None and column:
        of(column).json = value
        return True
    if name in {"array_length", "cardinality"} and operator in {">", ">=", "="} and column:
        of(column).nonempty = True
        return value in {"0", "1"} and operator != "="
    inner = arguments[0].get("FuncCall", {}) if arguments else {}
    if name in _LENGTHS and not column and called(inner) in _SIMPLE_CALLS:
        column = column_of(inner["args"][0])
    if name in _LENGTHS and column and value is not None and value.lstrip("-").isdigit():
        return _of_length(of(column), operator, int(value))
    return False


def _of_length(demands: Demands, operator: str, number: int) -> bool:
    if operator in {">", ">=", "="}:
        demands.shortest = max(demands.shortest, number + (operator == ">"))
    if operator in {"<", "<=", "="}:
        longest = number - (operator == "<")
        demands.longest = min(demands.longest or longest, longest)
    return operator != "<>"


def mentions(text: str) -> frozenset[str]:
    """Return the columns that a condition names; none when it does not parse."""
    try:
        return mentioned_columns(text)
    except SyntaxProblem:
        return frozenset()
