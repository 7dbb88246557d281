"""Nodes in words: what a reader calls them in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.operators import Kind
from planroom.plans.shapes import made_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["Reads", "called", "indexes", "listed", "product", "reader", "worded"]

_MOST_NAMES = 3


class Reads:
    """Which relations a plan reads at and below each node: at most four names of each, and how many there are."""

    def __init__(self, plan: Plan, tables: bool = False) -> None:
        self._names: dict[int, tuple[str, ...]] = {}
        self._count: dict[int, int] = {}
        for node in reversed(plan.nodes):
            own = (reader(node, tables=tables),) if (node.relation or node.source) and not made_up(node) else ()
            names = (*own, *(name for child in node.children for name in self._names[child.number]))
            self._names[node.number] = tuple(dict.fromkeys(names))[: _MOST_NAMES + 1]
            self._count[node.number] = len(own) + sum(self._count[child.number] for child in node.children)

    def below(self, node: PlanNode) -> str:
        """Return what a node reads: ``orders and customers``, ``5 relations``; empty for nothing."""
        names, count = self._names[node.number], self._count[node.number]
        return listed(names) if len(names) <= _MOST_NAMES else f"{count} relations"


def reader(node: PlanNode, *, tables: bool = False) -> str:
    """Return what a reader of the query calls the relation that a node reads: its alias, unless that was made up."""
    name = node.relation or node.source
    if tables:
        return name
    return node.alias if node.alias and node.alias.lower() != name.lower() and not _generated(node) else name


def _generated(node: PlanNode) -> bool:
    stem, _, number = node.alias.rpartition("_")
    return number.isdigit() and (bool(node.relation) and stem != "")


def called(node: PlanNode) -> str:
    """Return a node with what it reads: ``Index Scan using orders_pkey on orders``."""
    names = indexes(node)
    using = f" using {listed(names)}" if names else ""
    on = f" on {_table(node)}" if node.target else ""
    return f"{node.title}{using}{on}"


def indexes(node: PlanNode) -> tuple[str, ...]:
    """Return the indexes that a scan reads through: a bitmap heap scan has them from the nodes below it."""
    if node.operator == "Bitmap Heap Scan":
        found = (each.index for each in node.walk() if each.operator == "Bitmap Index Scan")
        return tuple(dict.fromkeys(found))[:_MOST_NAMES]
    return (node.index,) if node.index and node.operator != "Bitmap Index Scan" else ()


def _table(node: PlanNode) -> str:
    hidden = node.schema in {"public", "main"}
    target = node.relation if hidden and node.relation else node.target
    told = reader(node)
    return f"{target} {told}" if node.relation and told not in {target, node.relation} else target


def worded(node: PlanNode, reads: Reads) -> str:
    """Return a node as it is told from the others: a join by what it joins, a scan by its table."""
    if node.kind is Kind.JOIN:
        below = reads.below(node)
        return f"{node.title} of {below}" if below else node.title
    if node.target:
        return called(node)
    below = reads.below(node)
    return f"{node.title} over {below}" if below else node.title


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence has them.

    Example:
        >>> listed(["a", "b", "c"])
        'a, b and c'
    """
    row: Sequence[str] = list(names)
    return f"{', '.join(row[:-1])} and {row[-1]}" if len(row) > 1 else "".join(row)


_PRODUCTS: Mapping[str, str] = {"postgres": "PostgreSQL", "duckdb": "DuckDB"}


def product(engine: str) -> str:
    """Return an engine's own name."""
    return _PRODUCTS.get(engine, engine)
