"""Every node with all its facts, as HTML, in the plan's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import details, escape, html_table
from planroom.plans.showing.captions import findings_by_node
from planroom.plans.showing.facts import facts_of
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Finding
    from planroom.plans.node import PlanNode
    from planroom.plans.showing.folding import View

__all__ = ["nodes_html"]

_MOST = 4_000  # characters of one fact


def nodes_html(view: View, findings: Sequence[Finding], *, timed: bool) -> str:
    """Return the nodes that are shown, each a fold with its facts; folded ones are counted."""
    by_node = findings_by_node(findings)
    parts = [
        f"<div>{escape(f'… {format_count(len(entry.fold.numbers))} folded')}</div>"
        if entry.fold
        else _node(entry.node, by_node.get(entry.node.number, ()), timed=timed)
        for entry in view.entries
    ]
    return "".join(parts)


def _node(node: PlanNode, findings: Sequence[Finding], *, timed: bool) -> str:
    rows = [(f"{each.severity.glyph} {each.severity}", each.message) for each in findings]
    rows += [(label, text if len(text) <= _MOST else f"{text[:_MOST]}…") for label, text in facts_of(node, timed=timed)]
    return details(str(node), html_table((), rows))
