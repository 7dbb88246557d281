"""The picture of a plan as a tree: cards in a tidy tree where a page has room for it, else strips in an outline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.palette import HAIRLINE, INK, PAPER, SECONDARY_INK
from planroom.drawing.text import Face
from planroom.plans.showing.facts import tip_of
from planroom.plans.showing.pictures.cards import card_of, draw_card
from planroom.plans.showing.pictures.edges import HEAVY, QUIET, ascent, branch_line, edge_width, ports
from planroom.plans.showing.pictures.legend import legend
from planroom.plans.showing.pictures.outline import outline
from planroom.plans.showing.pictures.runs import Run, draw_runs, fitted, runs_width
from planroom.plans.showing.pictures.strips import PITCH, draw_headings, draw_strip, place_of, sheet_of
from planroom.plans.showing.pictures.tidy import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.drawing.geometry import Box
    from planroom.plans.showing.captions import Caption
    from planroom.plans.showing.folding import Entry, View
    from planroom.plans.showing.weights import Weights

__all__ = ["Drawing", "Picture", "Words", "drawing_of", "on_paper"]

_PADDING = 16.0
_HEADING = 34.0
_LINE = 16.0
_ROOM = 1.12  # a title must fit in wider fonts too
_LEAST_WIDTH = 420.0
_WIDEST = 1216.0  # 11 px text stays above 10 px on a page of 1,280 px
_HIGHEST = 1500.0  # px: two screens; an outline says the same in a third of the height
_MOST_CARDS = 60


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document and its natural size in pixels."""

    svg: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What stands on the paper between heading and legend.

    Attributes:
        boxes: Where each entry of the view stands.
        parts: The edges, then the boxes, as SVG.
    """

    boxes: tuple[Box, ...]
    parts: tuple[str, ...]
    width: float
    height: float


def drawing_of(view: View, captions: Sequence[Caption], weights: Weights, *, layout: str = "") -> Drawing:
    """Return the tree, laid out as a reader can take it in.

    Args:
        view: What is shown.
        captions: What is written in each box, in the view's order.
        weights: The metric; it titles the columns of an outline.
        layout: ``tree`` or ``outline``; by default what fits a page.
    """
    if layout != "outline" and (layout == "tree" or len(view.entries) <= _MOST_CARDS):
        drawn = _tree(view, captions)
        if layout == "tree" or (drawn.width <= _WIDEST and drawn.height <= _HIGHEST):
            return drawn
    return _outline(view, captions, weights)


def _tree(view: View, captions: Sequence[Caption]) -> Drawing:
    cards = [card_of(caption) for caption in captions]
    boxes = tidy([(card.width, card.height) for card in cards], [entry.children for entry in view.entries])
    edges = [
        ascent(
            boxes[child],
            boxes[at],
            port,
            edge_width(view.entries[child]),
            _edge_ink(captions[child]),
            dashed=bool(captions[child].kicker),
        )
        for at, entry in enumerate(view.entries)
        for child, port in zip(entry.children, ports(boxes[at], len(entry.children)), strict=True)
    ]
    drawn = [draw_card(card, box, tip=_tip(entry)) for card, box, entry in zip(cards, boxes, view.entries, strict=True)]
    return Drawing(tuple(boxes), (*edges, *drawn), max(box.right for box in boxes), max(box.bottom for box in boxes))


def _outline(view: View, captions: Sequence[Caption], weights: Weights) -> Drawing:
    places = outline(view)
    analyzed = any("→" in caption.rows for caption in captions)
    headings = (weights.metric.heading, "rows est. → actual" if analyzed else "rows", "", "")
    sheet = sheet_of(captions, places, headings)
    boxes = {place.at: place_of(place, sheet, 22.0) for place in places}
    edges = [
        branch_line(
            boxes[place.at],
            boxes[parent],
            edge_width(view.entries[place.at]),
            _edge_ink(captions[place.at]),
            dashed=bool(captions[place.at].kicker),
            straight=not place.branch,
        )
        for place in sorted(places, key=lambda each: captions[each.at].heavy)
        if (parent := view.entries[place.at].parent) >= 0
    ]
    drawn = [
        draw_strip(captions[place.at], boxes[place.at], sheet, tip=_tip(view.entries[place.at])) for place in places
    ]
    return Drawing(
        tuple(boxes[at] for at in range(len(view.entries))),
        (*draw_headings(sheet, headings), *edges, *drawn),
        sheet.width,
        22.0 + len(places) * PITCH,
    )


def _edge_ink(caption: Caption) -> str:
    return HEAVY if caption.heavy or caption.kicker else QUIET


def _tip(entry: Entry) -> str:
    if not entry.fold:
        return tip_of(entry.node)
    numbers = entry.fold.numbers
    return f"#{numbers[0]} to #{numbers[-1]}" if len(numbers) > 1 else f"#{numbers[0]}"


@dataclass(frozen=True, slots=True)
class Words:
    """What is written around a drawing: above, beside the title, below, and for those who cannot see it."""

    title: str
    subtitle: str
    caption: str
    alt: str


def on_paper(drawing: Drawing, captions: Sequence[Caption], weights: Weights, words: Words) -> Picture:
    """Return a drawing on its own paper, with heading, legend and a line below."""
    heading = [Run(words.title, INK, 14, Face.BOLD), Run(words.subtitle, SECONDARY_INK)]
    width = max(drawing.width, min(runs_width(heading) * _ROOM, _WIDEST), _LEAST_WIDTH)
    signs, signs_height = legend(captions, weights, width)
    below = [Run(words.caption, SECONDARY_INK)] if words.caption else []
    top = _PADDING + _HEADING
    legend_top = top + drawing.height + 18
    caption_top = legend_top + signs_height + 4 * len(below)
    left = _PADDING + max(0.0, width - drawing.width) / 2
    parts = [
        *draw_runs(_PADDING, _PADDING + 13, fitted(heading, width)),
        svg.group(["\n", *(f"{part}\n" for part in drawing.parts)], transform=svg.shift(left, top)),
        svg.group(signs, transform=svg.shift(_PADDING, legend_top)),
        *draw_runs(_PADDING, caption_top + 11, fitted(below, width)),
    ]
    height = caption_top + _LINE * len(below) + _PADDING - 6
    return _framed(parts, float(math.ceil(width + 2 * _PADDING)), float(math.ceil(height)), words.alt)


def _framed(parts: Sequence[str], width: float, height: float, alt: str) -> Picture:
    paper = svg.rect(0.5, 0.5, width - 1, height - 1, radius=8, fill=PAPER, stroke=HAIRLINE)
    return Picture(svg.document(width, height, [paper, *parts], title=alt), width, height)
