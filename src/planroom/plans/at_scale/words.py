"""Plans in one line, and what one has instead of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.comparing.changes import Pairing
from planroom.plans.comparing.naming import called
from planroom.plans.comparing.sentences import structure
from planroom.plans.operators import Kind
from planroom.plans.showing.numbers import count_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.plans.plan import Plan

__all__ = ["changed", "cost_of", "note_lines", "reads", "rows_text"]

_MOST = 3
_MOST_NOTES = 8


def reads(plan: Plan) -> str:
    """Return how a plan reads its relations and joins them: ``Index Scan using orders_pkey on orders, Hash Join``."""
    steps = [called(node) for node in plan.nodes if node.relation and node.operator != "Bitmap Index Scan"]
    joins = [node.title for node in plan.nodes if node.kind is Kind.JOIN]
    named = list(dict.fromkeys([*steps, *joins])) or [plan.root.title]
    more = f" and {len(named) - _MOST} more steps" if len(named) > _MOST + 1 else ""
    return ", ".join(named[: _MOST if more else _MOST + 1]) + more


def changed(before: Plan, after: Plan) -> str:
    """Return what differs between two plans, in words."""
    told = structure(Pairing(before, after))
    more = f"; and {len(told) - _MOST} more changes" if len(told) > _MOST else ""
    return "; ".join(each.rstrip(".") for each in told[:_MOST]) + more if told else reads(after)


def note_lines(notes: Sequence[str]) -> list[str]:
    """Return the first assumptions as lines of a text, and how many more there are."""
    more = len(notes) - _MOST_NOTES
    return [f"note: {note}" for note in notes[:_MOST_NOTES]] + ([f"... and {more} more: .notes"] if more > 0 else [])


def rows_text(rows: float) -> str:
    """Return a number of rows in three digits.

    Example:
        >>> rows_text(83_300_000), rows_text(50)
        ('83.3 M', '50')
    """
    return count_text(float(f"{rows:.3g}"))


def cost_of(plan: Plan) -> float:
    """Return a plan's cost; in DuckDB, which has none, the rows that all its steps carry together."""
    if plan.total_cost is not None:
        return plan.total_cost
    return sum(node.rows_carried or 0.0 for node in plan.nodes)
