"""A plan's nodes as a table, the heaviest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import Table
from planroom.plans.showing.captions import Caption, captions_of
from planroom.plans.showing.folding import Entry, View
from planroom.plans.showing.weights import weigh
from planroom.quantities import counted

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["table_of"]

_MOST_WORDS = 80  # characters of what a node works on


def table_of(plan: Plan, by: str = "", *, most: int | None = 50) -> Table:
    """Return the nodes by descending amount; those with the same amount in the plan's order.

    Args:
        plan: The plan.
        by: The metric's name; empty for the plan's default.
        most: How many rows there may be; None for all.

    Raises:
        UnknownNameError: There is no such metric, or the plan does not tell it.
    """
    weights = weigh(plan, by)
    every = View(tuple(Entry(node, None, -1, ()) for node in plan.nodes))
    captions = captions_of(every, weights, {}, {})
    ranked = sorted(range(len(captions)), key=lambda at: (-(weights.own[at] or 0.0), at))
    shown = ranked[:most]
    header = (
        "#",
        "share",
        weights.metric.heading,
        "rows est → act" if plan.analyzed else "rows",
        "off",
        "operator",
        "on",
        "",
    )
    rows = [_row(captions[at]) for at in shown]
    kept = [at for at in range(len(header)) if any(row[at] for row in rows)]
    if 2 not in kept:  # the metric is no sum of which a node has a share
        header = (header[0], weights.metric.heading, *header[2:])
    left_out = len(ranked) - len(shown)
    return Table(
        tuple(header[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in rows),
        numeric=frozenset(position for position, at in enumerate(kept) if at < 5),
        caption=f"{counted(left_out, 'node')} with less left out; table(most=None) lists all." if left_out else "",
    )


def _row(caption: Caption) -> tuple[str, ...]:
    subject = caption.subject
    shown = subject if len(subject) <= _MOST_WORDS else f"{subject[: _MOST_WORDS - 1]}…"
    return (
        caption.number.removeprefix("#"),
        caption.share,
        caption.amount,
        caption.rows,
        caption.factor,
        caption.title,
        shown,
        ", ".join((*([caption.kicker] if caption.kicker else []), *caption.remarks)),
    )
