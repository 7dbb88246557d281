"""Two engines' plans of one query: rows of each relation and of each join, and who builds on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import Table
from planroom.plans.comparing.changes import children_of
from planroom.plans.comparing.measures import shown_cost
from planroom.plans.comparing.naming import Reads
from planroom.plans.operators import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.comparing.changes import NodeChange
    from planroom.plans.comparing.comparison import PlanComparison
    from planroom.plans.node import PlanNode

__all__ = ["side_by_side"]

_READING = frozenset({Kind.SCAN, Kind.INDEX_SCAN})


def side_by_side(comparison: PlanComparison) -> Table:
    """Return a row for each relation and join: the operator, the build side of a join, and the rows in each engine.

    Rows are those of all executions together as far as the engine tells; below a Gather, PostgreSQL's estimates are
    those of one process.
    """
    header = (
        "what",
        *(f"{name}: {what}" for name in comparison.names for what in ("operator", "expected", "measured")),
    )
    reads = Reads(comparison.old, tables=True), Reads(comparison.new, tables=True)
    rows = tuple(_row(change, reads) for change in comparison.changes if change.node.kind in {*_READING, Kind.JOIN})
    kept = [at for at in range(len(header)) if at in {0, 1, 4} or any(row[at] for row in rows)]
    numbers = frozenset(position for position, at in enumerate(kept) if at in {2, 3, 5, 6})
    return Table(
        tuple(header[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows), numeric=numbers
    )


def _row(change: NodeChange, reads: tuple[Reads, Reads]) -> tuple[str, ...]:
    where = reads[1] if change.new else reads[0]
    node = change.node
    what = f"join of {where.below(node)}" if node.kind is Kind.JOIN else where.below(node) or node.title
    return (what, *_cells(change.old, reads[0]), *_cells(change.new, reads[1]))


def _cells(node: PlanNode | None, reads: Reads) -> Iterator[str]:
    if node is None:
        yield from ("none", "", "")
        return
    built = _build_side(node)
    yield f"{node.title}{f', built on {reads.below(built)}' if built and reads.below(built) else ''}"
    for rows in (node.estimated_total_rows, node.total_rows):
        yield "" if rows is None else shown_cost(rows)


def _build_side(node: PlanNode) -> PlanNode | None:
    """Return the side that a hash join builds its table on: the inner one, in both engines."""
    sides = children_of(node)
    hashes = "hash" in node.operator.lower()
    return sides[1] if hashes and len(sides) == 2 else None
