"""How wide the rows are that DuckDB's operators hand on: from the columns of the tables up through the plan.

EXPLAIN tells columns at scans and projections alone. A join hands on the columns of both sides here; DuckDB leaves out
those that nothing above needs, so that its rows may be narrower.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planroom.plans.value_widths import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

    Widths = Mapping[tuple[str, str, str], float]

__all__ = ["UNKNOWN_BYTES", "Columns", "columns_of"]

UNKNOWN_BYTES = 16.0
"""Of an expression: a text's own part, a sum of decimals, a 128-bit number."""

_COUNT_BYTES = 8.0
_PLACE = re.compile(r"#(\d+)")
_CAST = re.compile(r"CAST\(.* AS ([A-Z]+(?:\(\d+,\d+\))?)\)", re.DOTALL)
_PACKED = re.compile(r"__internal_(?:de)?compress_(?:integral|string)_(\w+)\(")  # DuckDB's compressed materialization
_KEPT = re.compile(r"(?:min|max|first|last|any_value)\(#(\d+)\)")  # aggregates that keep a value
_FIRST_PLACE = re.compile(r"\(#(\d+)")
_GROUPED = frozenset({"HASH_GROUP_BY", "PERFECT_HASH_GROUP_BY", "UNGROUPED_AGGREGATE"})
_WINDOWS = frozenset({"WINDOW", "STREAMING_WINDOW"})
_ONE_SIDED = {"Semi": 0, "Anti": 0, "Mark": 0, "Right Semi": 1, "Right Anti": 1}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an operator's rows.

    Attributes:
        names: Their names, or the expressions that make them.
        widths: Their bytes; None where that cannot be told.
        ordered: Whether they stand in DuckDB's own order, in which ``#0`` is the first.
    """

    names: tuple[str, ...] = ()
    widths: tuple[float | None, ...] = ()
    ordered: bool = True

    @property
    def certain(self) -> bool:
        """Whether all widths are known."""
        return None not in self.widths

    @property
    def total(self) -> float:
        """The bytes of a row; what is not known counts as `UNKNOWN_BYTES`."""
        return sum(UNKNOWN_BYTES if each is None else each for each in self.widths)

    def __add__(self, other: Columns) -> Columns:
        return Columns(self.names + other.names, self.widths + other.widths, self.ordered)

    def at(self, place: int) -> tuple[str, float | None] | None:
        """Return the name and width of the column that ``#place`` stands for; None where that cannot be told."""
        return (self.names[place], self.widths[place]) if self.ordered and place < len(self.names) else None


def columns_of(plan: Plan, widths: Widths) -> dict[int, Columns]:
    """Return the columns of every node of a plan, by its number.

    Args:
        plan: A plan of DuckDB.
        widths: Bytes of the columns by schema, table and column.
    """
    return _Rows(plan, widths).found


class _Rows:
    """Works out the columns of all nodes, from the scans up.

    Attributes:
        found: The columns, by the node's number.
    """

    def __init__(self, plan: Plan, widths: Widths) -> None:
        self.found: dict[int, Columns] = {}
        self._kept: dict[str, Columns] = {}
        self._scanned = {node.number: _scanned(node, widths) for node in plan.nodes if not node.children}
        self._anywhere = {
            name: width for each in self._scanned.values() for name, width in zip(each.names, each.widths, strict=True)
        }
        for node in _from_below(plan.root):
            found = self._columns(node, [self.found[child.number] for child in node.children])
            self.found[node.number] = found
            parent = plan.parents.get(node.number)
            if parent is not None and parent.operator == "CTE" and parent.children[0] is node:
                self._kept[parent.source] = found

    def _columns(self, node: PlanNode, below: list[Columns]) -> Columns:
        if not below:
            is_kept = "CTE" in node.operator and node.source in self._kept
            return self._kept[node.source] if is_kept else self._scanned[node.number]
        if node.operator == "PROJECTION" and node.output:
            return self._made(node.output, below[0])
        if node.operator in _GROUPED:
            return self._made((*node.group_keys, *node.output), below[0])
        if node.operator in _WINDOWS:
            return below[0] + self._made(node.output, below[0])
        if node.operator == "CTE":
            return below[-1]
        return _joined(node, below) if "JOIN" in node.operator or node.operator == "CROSS_PRODUCT" else below[0]

    def _made(self, expressions: Sequence[str], below: Columns) -> Columns:
        """Return the columns that expressions over others make."""
        made = [self._one(each, below) for each in expressions]
        return Columns(tuple(name for name, _ in made), tuple(width for _, width in made))

    def _one(self, expression: str, below: Columns) -> tuple[str, float | None]:
        """Return the name of what an expression makes, and its width; a column keeps its name when it is packed."""
        if expression in below.names:
            return expression, below.widths[below.names.index(expression)]
        if match := _PLACE.fullmatch(expression):
            return below.at(int(match[1])) or (expression, None)
        cast = _CAST.fullmatch(expression) or _PACKED.match(expression)
        if cast is not None and "VARCHAR" not in cast[1].upper() and cast[1] != "string":
            inner = _FIRST_PLACE.search(expression)
            origin = below.at(int(inner[1])) if inner else None
            return (origin[0] if origin else expression), width_of(cast[1].upper())
        if (kept := _KEPT.fullmatch(expression)) and (origin := below.at(int(kept[1]))):
            return expression, origin[1]
        counts = expression.startswith(("count(", "count_star("))
        return expression, _COUNT_BYTES if counts else self._anywhere.get(expression)


def _from_below(root: PlanNode) -> Iterator[PlanNode]:
    """Yield the nodes, each after all that feed it, the first of these first; deep plans do not recurse."""
    waiting = [(root, False)]
    while waiting:
        node, seen = waiting.pop()
        if seen:
            yield node
        else:
            waiting.append((node, True))
            waiting.extend((child, False) for child in reversed(node.children))


def _scanned(node: PlanNode, widths: Widths) -> Columns:
    return Columns(node.output, tuple(widths.get((node.schema, node.relation, name)) for name in node.output))


def _joined(node: PlanNode, below: list[Columns]) -> Columns:
    side = _ONE_SIDED.get(node.join_type)
    mark = Columns(("",), (1.0,)) if node.join_type == "Mark" else Columns()
    if side is not None and side < len(below):
        found = below[side] + mark
    else:
        found = below[0] + below[1] if len(below) > 1 else below[0]
    return replace(found, ordered=False)
