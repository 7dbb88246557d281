"""A plan as text: a line a node, numbers in columns, operators indented as the tree is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import text_table
from planroom.drawing.graph import State
from planroom.drawing.palette import STATE_GLYPHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.plans.showing.captions import Caption
    from planroom.plans.showing.folding import View
    from planroom.plans.showing.weights import Weights

__all__ = ["text_of"]

_STEP = "  "
_MOST = 160  # characters of what a node works on


def text_of(view: View, captions: Sequence[Caption], weights: Weights) -> str:
    """Return a table with a line a node, in the plan's order; columns that say nothing are left out."""
    depths = _depths(view)
    metric = weights.metric
    analyzed = any("→" in caption.rows for caption in captions)
    header = ("", "#", "share", metric.heading, "rows est → act" if analyzed else "rows", "off", "node")
    if not metric.additive:
        header = (*header[:2], metric.heading, "", *header[4:])
    rows = [
        (
            f"{STATE_GLYPHS.get(caption.mark.state, '')}{caption.sign}",
            caption.number.removeprefix("#"),
            caption.share,
            caption.amount,
            caption.rows,
            caption.factor,
            _STEP * depth + _words(caption),
        )
        for depth, caption in zip(depths, captions, strict=True)
    ]
    kept = [at for at in range(len(header)) if any(row[at] for row in rows)]
    numeric = {position for position, at in enumerate(kept) if at in {1, 2, 3, 4, 5}}
    return text_table([header[at] for at in kept], [[row[at] for at in kept] for row in rows], numeric=numeric)


def _depths(view: View) -> list[int]:
    found: list[int] = []
    for entry in view.entries:
        found.append(found[entry.parent] + 1 if entry.parent >= 0 else 0)
    return found


def _words(caption: Caption) -> str:
    subject = caption.subject if len(caption.subject) <= _MOST else f"{caption.subject[: _MOST - 1]}…"
    name = f"{caption.title} on {subject}" if subject and not caption.folded else caption.title
    name = f"{caption.title} ({subject})" if subject and caption.folded else name
    label = f"{caption.kicker}: " if caption.kicker else ""
    remarks = f"  [{', '.join(caption.remarks)}]" if caption.remarks else ""
    state = caption.mark.state if caption.mark.state not in {State.PLAIN, State.FAINT} else ""
    mark = " ".join(filter(None, (str(state), caption.mark.note)))
    return f"{label}{name}{remarks}{f'  ({mark})' if mark else ''}"
