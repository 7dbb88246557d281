"""Coverage as a picture: a bar for each area, as long as its documented share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.palette import HAIRLINE, INK, NO_HUE, PAPER, SECONDARY_INK, assign_hues, dark_edge
from planroom.drawing.text import Face, fit, printable, text_width
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.advice.documentation import AreaCoverage, Coverage

__all__ = ["Picture", "figure_of"]

_PADDING = 16.0
_HEADING = 30.0
_ROW = 24.0
_BAR = 14.0
_TRACK = 360.0
_GAP = 12.0
_PERCENT = 48.0  # from the end of a bar to the end of its percentage
_MOST_NAME = 220.0
_MOST_ROWS = 24  # areas; beyond that the picture shows those with the largest gaps


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document, its natural size in pixels, and what it says in one sentence."""

    svg: str
    width: float
    height: float
    summary: str


def figure_of(coverage: Coverage) -> Picture:
    """Return the picture; areas are by name, and where there are too many, those with the largest gaps are shown."""
    areas = sorted(coverage.areas, key=lambda each: (-each.total.missing, each.name))[:_MOST_ROWS]
    shown = sorted(areas, key=lambda each: each.name)
    hidden = len(coverage.areas) - len(shown)
    title, subtitle = _title(coverage)
    names = max((_name_width(each) for each in shown), default=0.0)
    numbers = _PERCENT + max((text_width(_number(each), 11) for each in shown), default=0.0)
    heading = text_width(title, 14, Face.BOLD) + 10 + text_width(subtitle, 11)
    width = float(round(2 * _PADDING + max(names + _GAP + _TRACK + _GAP + numbers, heading) + 0.49))
    height = float(round(2 * _PADDING + _HEADING + _ROW * (len(shown) + bool(hidden))))
    parts = [
        svg.rect(0.5, 0.5, width - 1, height - 1, radius=8, fill=PAPER, stroke=HAIRLINE),
        svg.text(_PADDING, _PADDING + 13, title, font_size=14, font_weight=600, fill=INK),
        svg.text(width - _PADDING, _PADDING + 13, subtitle, font_size=11, fill=SECONDARY_INK, text_anchor="end"),
        *_rows(coverage, shown, names, width),
    ]
    if hidden:
        below = f"{format_count(hidden)} more areas lack less."
        parts.append(svg.text(_PADDING, height - _PADDING - 6, below, font_size=11, fill=SECONDARY_INK))
    summary = f"{title}; {subtitle}: " + ", ".join(f"{each.name} {each.total.percent} %" for each in shown)
    return Picture(svg.document(width, height, parts, title=summary), width, height, summary)


def _title(coverage: Coverage) -> tuple[str, str]:
    total = coverage.total
    name = fit(printable(coverage.name), _MOST_NAME, 14, Face.BOLD)
    return (
        f"{name}: {total.percent} % documented" if name else f"{total.percent} % documented",
        f"{format_count(total.documented)} of {format_count(total.total)} objects",
    )


def _name_width(area: AreaCoverage) -> float:
    return min(text_width(printable(area.name), 12), _MOST_NAME)


def _number(area: AreaCoverage) -> str:
    return f"{format_count(area.total.documented)} of {format_count(area.total.total)}"


def _rows(coverage: Coverage, shown: Sequence[AreaCoverage], names: float, width: float) -> Iterator[str]:
    hues = assign_hues(each.name for each in coverage.areas)
    left = _PADDING + names + _GAP
    for at, area in enumerate(shown):
        middle = _PADDING + _HEADING + _ROW * (at + 0.5)
        fill = hues[area.name]
        name = fit(printable(area.name), _MOST_NAME, 12)
        yield svg.text(_PADDING, middle + 4, name, font_size=12, fill=INK)
        yield svg.rect(left, middle - _BAR / 2, _TRACK, _BAR, radius=3, fill=NO_HUE, stroke=HAIRLINE)
        if area.total.documented:
            length = max(2.0, _TRACK * area.total.share)
            tip = f"{area.name}: {area.total.missing} lack words"
            edge = dark_edge(fill)
            yield svg.rect(left, middle - _BAR / 2, length, _BAR, radius=3, title=tip, fill=fill, stroke=edge)
        percent = left + _TRACK + _PERCENT
        yield svg.text(percent, middle + 4, f"{area.total.percent} %", fill=INK, font_size=11, text_anchor="end")
        yield svg.text(width - _PADDING, middle + 4, _number(area), fill=SECONDARY_INK, font_size=11, text_anchor="end")
