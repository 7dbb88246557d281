"""Curves over powers of ten: both axes are logarithmic, stretches of the abscissa may be named by letters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.drawing import svg
from planroom.drawing.palette import FRAME, HAIRLINE, INK, NO_HUE, PAPER, SECONDARY_INK
from planroom.drawing.text import Face, fit, text_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Chart", "Series", "Stretch"]

_PADDING = 16.0
_HEADING = 40.0
_PLOT_WIDTH, _PLOT_HEIGHT = 760.0, 280.0
_LEFT = 64.0  # for the numbers of the ordinate
_RIGHT = 150.0  # for the names of the curves, beside their ends
_LETTERS = 24.0  # for the letters of the stretches, above the plot
_BELOW = 44.0  # for the numbers and the title of the abscissa
_LINE = 18.0
_DASHES = (None, "6 4", "2 3")
_WIDER_FONT = 0.86  # of a room that long texts may take: some systems draw them in a font that is wider by a sixth
_NARROW = 18.0  # px: a stretch in which a letter has no room


@dataclass(frozen=True, slots=True)
class Series:
    """A curve: its name, and its points with positive coordinates, from left to right."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the abscissa with a letter above it and words below the chart."""

    start: float
    end: float
    letter: str
    words: str


@dataclass(frozen=True)
class Chart:
    """A chart of one or a few curves.

    Attributes:
        title: The heading, one line.
        subtitle: A line below it.
        across, up: What the axes are.
        series: The curves; the first is drawn solid, the others dashed.
        stretches: Parts of the abscissa, from left to right, which cover it.
        tick: Turns a power of ten into what is written at an axis.
        notes: Lines at the foot.
    """

    title: str
    subtitle: str
    across: str
    up: str
    series: tuple[Series, ...]
    stretches: tuple[Stretch, ...]
    tick: Callable[[float], str]
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Pixels."""
        return 2 * _PADDING + _LEFT + _PLOT_WIDTH + self._right

    @property
    def _right(self) -> float:
        return _RIGHT if len(self.series) > 1 else 12.0

    @property
    def height(self) -> float:
        """Pixels."""
        lines = len(self.stretches) + len(self.notes)
        return 2 * _PADDING + _HEADING + _LETTERS + _PLOT_HEIGHT + _BELOW + lines * _LINE

    @cached_property
    def _x_range(self) -> tuple[float, float]:
        found = [x for each in self.series for x, _ in each.points]
        found += [end for each in self.stretches for end in (each.start, each.end)]
        return _decades(found, whole=False)

    @cached_property
    def _y_range(self) -> tuple[float, float]:
        return _decades([y for each in self.series for _, y in each.points], whole=True)

    def _x(self, value: float) -> float:
        low, high = self._x_range
        return _PADDING + _LEFT + (math.log10(value) - low) / (high - low) * _PLOT_WIDTH

    def _y(self, value: float) -> float:
        low, high = self._y_range
        return self._bottom - (math.log10(value) - low) / (high - low) * _PLOT_HEIGHT

    @property
    def _top(self) -> float:
        return _PADDING + _HEADING + _LETTERS

    @property
    def _bottom(self) -> float:
        return self._top + _PLOT_HEIGHT

    @cached_property
    def svg(self) -> str:
        """The picture as a stand-alone SVG document."""
        parts = [
            svg.rect(0.5, 0.5, self.width - 1, self.height - 1, radius=8, fill=PAPER, stroke=HAIRLINE),
            _text(_PADDING, _PADDING + 13, fit(self.title, self._room, 14, Face.BOLD), 14, INK, font_weight=600),
            _text(_PADDING, _PADDING + 31, fit(self.subtitle, self._room, 11), 11, SECONDARY_INK),
            *self._grounds(),
            *self._axes(),
            *self._borders(),
            *self._curves(),
            *self._legend(),
        ]
        return svg.document(self.width, self.height, parts, title=f"{self.title}. {self.subtitle}")

    @property
    def _room(self) -> float:
        return (self.width - 2 * _PADDING) * _WIDER_FONT

    def _grounds(self) -> Iterator[str]:
        """Yield every other stretch as a faint ground, and the letters."""
        for number, each in enumerate(self.stretches):
            left, right = self._x(each.start), self._x(each.end)
            if number % 2:
                yield svg.rect(left, self._top, right - left, _PLOT_HEIGHT, fill=NO_HUE)
            if right - left >= _NARROW:
                yield _badge((left + right) / 2, self._top - 12, each.letter)

    def _borders(self) -> Iterator[str]:
        for before, after in pairwise(self.stretches):
            x = self._x((before.end + after.start) / 2)
            yield svg.line(x, self._top - 6, x, self._bottom, stroke=FRAME, stroke_dasharray="3 3")

    def _axes(self) -> Iterator[str]:
        left, right = _PADDING + _LEFT, _PADDING + _LEFT + _PLOT_WIDTH
        for power in _powers(self._y_range):
            y = self._y(10.0**power)
            yield svg.line(left, y, right, y, stroke=HAIRLINE)
            yield _text(left - 8, y + 3.5, self.tick(10.0**power), 10, SECONDARY_INK, text_anchor="end")
        for power in _powers(self._x_range):
            x = self._x(10.0**power)
            yield svg.line(x, self._bottom, x, self._bottom + 4, stroke=FRAME)
            yield _text(x, self._bottom + 16, self.tick(10.0**power), 10, SECONDARY_INK, text_anchor="middle")
        yield svg.line(left, self._bottom, right, self._bottom, stroke=FRAME)
        yield _text((left + right) / 2, self._bottom + 33, self.across, 11, SECONDARY_INK, text_anchor="middle")
        yield _text(left - 8, self._top - 8, self.up, 11, SECONDARY_INK, text_anchor="end")

    def _curves(self) -> Iterator[str]:
        ends = self._name_heights()
        for number, each in enumerate(self.series):
            points = [(self._x(x), self._y(y)) for x, y in each.points]
            way = "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in points)
            dashes = _DASHES[number % len(_DASHES)]
            yield svg.path(f"M{way}", fill="none", stroke=INK, stroke_width=1.8, stroke_dasharray=dashes)
            for x, y in points:
                yield svg.circle(x, y, 2.4, fill=INK if number == 0 else PAPER, stroke=INK, stroke_width=1.2)
            if len(self.series) > 1:
                name = fit(each.name, (_RIGHT - 14) * _WIDER_FONT, 11)
                yield _text(points[-1][0] + 8, ends[number], name, 11, INK)

    def _name_heights(self) -> list[float]:
        """Return the baselines of the curves' names, which keep a line's distance."""
        wanted = [self._y(each.points[-1][1]) + 4 for each in self.series]
        placed: dict[int, float] = {}
        last = -math.inf
        for number in sorted(range(len(wanted)), key=lambda at: (wanted[at], at)):
            last = placed[number] = max(wanted[number], last + 14)
        return [placed[number] for number in range(len(wanted))]

    def _legend(self) -> Iterator[str]:
        y = self._bottom + _BELOW + 12
        for each in self.stretches:
            yield _badge(_PADDING + 8, y - 4, each.letter)
            yield _text(_PADDING + 26, y, fit(each.words, self._room - 26, 11), 11, INK)
            y += _LINE
        for note in self.notes:
            yield _text(_PADDING, y, fit(note, self._room, 11), 11, SECONDARY_INK)
            y += _LINE


def _text(x: float, y: float, words: str, size: float, ink: str, **attributes: svg.Value) -> str:
    return svg.text(x, y, words, font_size=size, fill=ink, **attributes)


def _badge(x: float, y: float, letter: str) -> str:
    """Return a letter in a round sign whose middle is (x, y)."""
    width = max(16.0, text_width(letter, 10) + 8)
    ground = svg.rect(x - width / 2, y - 8, width, 16, radius=8, fill=PAPER, stroke=FRAME)
    return ground + _text(x, y + 3.5, letter, 10, INK, text_anchor="middle", font_weight=600)


def _decades(values: list[float], *, whole: bool) -> tuple[float, float]:
    """Return the powers of ten between which the values lie, at least one apart."""
    logs = [math.log10(value) for value in values if value > 0 and math.isfinite(value)] or [0.0]
    low, high = min(logs), max(logs)
    if whole:
        low, high = math.floor(low + 1e-9), math.ceil(high - 1e-9)
    return (low, high) if high - low >= 1 else (low - 0.5, low + 0.5) if not whole else (low, low + 1)


def _powers(bounds: tuple[float, float]) -> list[int]:
    """Return at most nine whole powers between two."""
    low, high = math.ceil(bounds[0] - 1e-9), math.floor(bounds[1] + 1e-9)
    step = max(1, math.ceil((high - low + 1) / 9))
    return list(range(low, high + 1, step))
