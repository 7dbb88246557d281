"""A plan as an icicle: each node as wide as what it has of a metric together with all below it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from planroom.display import Displayable, details, figure, on_one_line, preformatted
from planroom.drawing import svg
from planroom.drawing.geometry import Box
from planroom.drawing.palette import HAIRLINE, INK, NO_HUE, PAPER, SECONDARY_INK
from planroom.drawing.text import Face
from planroom.errors import UnknownNameError
from planroom.plans.showing.captions import captions_of
from planroom.plans.showing.facts import tip_of
from planroom.plans.showing.folding import Entry, View
from planroom.plans.showing.headline import headline
from planroom.plans.showing.numbers import share_text
from planroom.plans.showing.pictures.ink import ramp
from planroom.plans.showing.pictures.picture import Picture
from planroom.plans.showing.pictures.runs import Run, draw_runs, fitted
from planroom.plans.showing.weights import Weights, weigh
from planroom.quantities import counted, format_count

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan
    from planroom.plans.showing.captions import Caption

__all__ = ["Icicle"]

_WIDTH = 1180.0
_PADDING = 16.0
_HEADING = 34.0
_LINE, _CELL = 16.0, 38.0
_LEAST = 3.0  # px: what is narrower cannot be seen, and is counted
_DEEP = 36  # levels from which on a cell has one line
_TEXT_BAR = 30
_DARK = 0.45  # of the ramp: from here on text is white


@dataclass(frozen=True, slots=True)
class _Piece:
    """A node in its cell, or neighbours that are too narrow alone in one."""

    nodes: tuple[PlanNode, ...]
    box: Box


@dataclass(frozen=True, repr=False)
class Icicle(Displayable):
    """A plan as an icicle: the result on top, below it what feeds it, as wide as their parts of the whole.

    What a node has alone is the width that its children leave, and as colour and number its own share.

    Attributes:
        plan: The plan.
        by: The metric's name; empty for the plan's default.
        title: The heading; by default how large and how dear the plan is.
    """

    plan: Plan
    by: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        if not self.weights.metric.additive:
            raise UnknownNameError(
                f"There is no icicle by {self.weights.metric.name!r}.",
                why="its amounts do not add up, so they have no widths.",
                fix="choose another metric, or draw the tree by it.",
            )

    @cached_property
    def weights(self) -> Weights:
        """The metric's amounts."""
        return weigh(self.plan, self.by)

    @cached_property
    def _pieces(self) -> tuple[_Piece, ...]:
        return self._cells(_LEAST)

    def _cells(self, least: float) -> tuple[_Piece, ...]:
        """Return the cells that are at least so wide, in the plan's order; neighbours that are narrower share one."""
        height = _CELL if self._depth <= _DEEP else _LINE + 4
        found: list[_Piece] = []
        waiting = [_Piece((self.plan.root,), Box(0.0, 0.0, _WIDTH, height))]
        while waiting:
            piece = waiting.pop()
            if piece.box.width >= least:
                found.append(piece)
                waiting += self._below(piece, least) if len(piece.nodes) == 1 else ()
        return tuple(sorted(found, key=lambda piece: piece.nodes[0].number))

    def _below(self, piece: _Piece, least: float) -> list[_Piece]:
        """Return the children's cells, side by side."""
        x, found = piece.box.x, list[_Piece]()
        for narrow, group in groupby(piece.nodes[0].children, key=lambda child: self._width(child) < least):
            for nodes in [tuple(group)] if narrow else [(child,) for child in group]:
                width = sum(map(self._width, nodes))
                found.append(_Piece(nodes, Box(x, piece.box.bottom, width, piece.box.height)))
                x += width
        return found

    def _width(self, node: PlanNode) -> float:
        return self.weights.inclusive_share(node.number) * _WIDTH

    @cached_property
    def _depth(self) -> int:
        depths = {self.plan.root.number: 1}
        for node in self.plan.nodes:
            for child in node.children:
                depths[child.number] = depths[node.number] + 1
        return max(depths.values())

    @cached_property
    def picture(self) -> Picture:
        """The picture and its size."""
        every = View(tuple(Entry(node, None, -1, ()) for node in self.plan.nodes))
        captions = captions_of(every, self.weights, {}, {})
        cells = [
            self._cell(piece, captions[piece.nodes[0].number - 1]) if len(piece.nodes) == 1 else self._crowd(piece)
            for piece in self._pieces
        ]
        bottom = max(piece.box.bottom for piece in self._pieces)
        width, top = _WIDTH + 2 * _PADDING, _PADDING + _HEADING
        height = float(round(top + bottom + 34 + _PADDING))
        heading = [Run(self._heading, INK, 14, Face.BOLD), Run(self._subtitle, SECONDARY_INK)]
        parts = [
            svg.rect(0.5, 0.5, width - 1, height - 1, radius=8, fill=PAPER, stroke=HAIRLINE),
            *draw_runs(_PADDING, _PADDING + 13, fitted(heading, _WIDTH)),
            svg.group(["\n", *(f"{cell}\n" for cell in cells)], transform=f"translate({_PADDING:.0f} {top:.0f})"),
            *draw_runs(_PADDING, top + bottom + 26, fitted([Run(self._caption, SECONDARY_INK)], _WIDTH)),
        ]
        return Picture(svg.document(width, height, parts, title=self.summary), width, height)

    def _cell(self, piece: _Piece, caption: Caption) -> str:
        level = caption.level
        dark = level**0.6 > _DARK
        first, second = (PAPER, PAPER) if dark else (INK, SECONDARY_INK)
        [node] = piece.nodes
        inclusive = share_text(self.weights.inclusive_share(node.number))
        names = [Run(caption.title, first, 11, Face.BOLD), Run(caption.subject, second, 10, Face.MONO)]
        own = [Run(f"own {caption.share}", second, 10)] if node.children else []
        tip = f"{inclusive} of {self.weights.metric.label} · {tip_of(node)}"
        return _drawn(piece.box, ramp(level), names, [Run(inclusive, first, 10), *own], tip=tip)

    def _crowd(self, piece: _Piece) -> str:
        """Return the cell of nodes that are too narrow alone."""
        amount = sum(self.weights.inclusive[node.number - 1] for node in piece.nodes)
        share = share_text(self.weights.of(amount))
        names = [Run(f"{format_count(len(piece.nodes))} side by side", INK, 11, Face.BOLD)]
        tip = f"{share} of {self.weights.metric.label} · {piece.nodes[0]} to {piece.nodes[-1]}"
        return _drawn(piece.box, NO_HUE, names, [Run(share, INK, 10)], tip=on_one_line(tip))

    @property
    def svg(self) -> str:
        """The picture as a stand-alone SVG document."""
        return self.picture.svg

    @property
    def summary(self) -> str:
        """What the picture says, in one sentence."""
        return f"Icicle of a query plan of {self.plan.engine} by {self.weights.metric.name}: {headline(self.plan)}"

    @property
    def _heading(self) -> str:
        return on_one_line(self.title) or headline(self.plan, timed=not self.weights.metric.repeatable)

    @property
    def _subtitle(self) -> str:
        return f"{self.plan.engine}, by {self.weights.metric.name}"

    @property
    def _caption(self) -> str:
        unseen = len(self.plan.nodes) - sum(len(piece.nodes) for piece in self._pieces)
        words = f"Width: the share of {self.weights.metric.label}, with all that feeds a node; colour: its own."
        return f"{words} {counted(unseen, 'node')} too narrow to be seen." if unseen else words

    def __str__(self) -> str:
        rows = []
        depths = {self.plan.root.number: 0}
        for node in self.plan.nodes:
            depths.update({child.number: depths[node.number] + 1 for child in node.children})
        for piece in self._cells(_WIDTH / _TEXT_BAR / 2):
            first, many = piece.nodes[0], len(piece.nodes)
            share = self.weights.of(sum(self.weights.inclusive[node.number - 1] for node in piece.nodes))
            words = on_one_line(str(first)) if many == 1 else f"{format_count(many)} side by side, from #{first.number}"
            bar = "█" * round(share * _TEXT_BAR)
            rows.append(f"{bar:<{_TEXT_BAR}}  {share_text(share):>7}  {'  ' * depths[first.number]}{words}")
        return "\n".join([self._heading, *rows])

    def __repr__(self) -> str:
        return f"<Icicle: {headline(self.plan)}>"

    def _svg(self) -> str:
        return self.svg

    def _html(self) -> str:
        return figure(self.svg, self.summary, width=int(self.picture.width)) + details(
            "As text", preformatted(str(self))
        )


def _drawn(box: Box, fill: str, names: list[Run], numbers: list[Run], *, tip: str) -> str:
    parts = [svg.rect(box.x, box.y, box.width, box.height, radius=2, fill=fill, stroke=HAIRLINE)]
    room = (box.width - 10) / 1.08
    if room > 22:
        parts += draw_runs(box.x + 5, box.y + 14, fitted([run for run in names if run.text], room))
        if box.height >= _CELL:
            parts += draw_runs(box.x + 5, box.y + 29, fitted(numbers, room))
    return svg.group(parts, title=tip)
