"""Columns whose values others decide: moments after others, numbers between others, sums; by a few hundred samples."""

from __future__ import annotations

import math
from collections import Counter
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from planroom.generating.partitioned import extent, moment_text
from planroom.generating.trees import Parts
from planroom.scaling.described import TARGET, Described
from planroom.scaling.distributions import Zipf, hits
from planroom.scaling.value_order import number_of, text_of
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planroom.generating.bounds import Leaf
    from planroom.generating.conditions import Bound, Demands
    from planroom.generating.kinds import Kind
    from planroom.scaling.distributions import Distribution

__all__ = [
    "SECONDS_SUFFICE",
    "Computed",
    "bounded_values",
    "evaluated",
    "following_moments",
    "summed",
    "within_partitions",
]

SECONDS_SUFFICE = 0.2
"""Rows a second up to which moments count as whole seconds; with more, microseconds make them different."""

_SAMPLES = 400
_OFTEN = 5  # samples of a value that make it a common one
_AFTER_S = 60 * 86_400.0  # see planroom.generating.limits
_DAY = 86_400.0


@dataclass(frozen=True)
class Computed:
    """Values of a column as numbers, in a random order of rows of its own.

    Attributes:
        source: What gives them; it is asked when somebody needs them.
    """

    source: Callable[[], tuple[float, ...] | None]

    @cached_property
    def numbers(self) -> tuple[float, ...] | None:
        """The numbers; None where they are none."""
        return self.source()

    def related(self, other: Computed) -> float:
        """Return the correlation of the two, Pearson's; 0 where one is not known."""
        return _related(self.numbers, other.numbers) if self.numbers and other.numbers else 0.0

    @classmethod
    def of(cls, kind: Kind, text: Callable[[int], str], distribution: Distribution) -> Computed:
        """Return the values whose numbers a distribution gives."""

        def source() -> tuple[float, ...] | None:
            shares = [(place + 0.5) / _SAMPLES for place in range(_SAMPLES)]
            Random(f"{text(0)} {distribution.size}").shuffle(shares)  # noqa: S311  (the same each time, and no secret)
            found = [number_of(kind.type.name, text(distribution.number(share))) for share in shares]
            return None if any(each is None for each in found) else tuple(each for each in found if each is not None)

        return cls(source)


def _units(purpose: str) -> list[float]:
    shares = [(place + 0.5) / _SAMPLES for place in range(_SAMPLES)]
    Random(purpose).shuffle(shares)  # noqa: S311
    return shares


def evaluated(parts: Parts, columns: Mapping[str, Computed]) -> list[float] | None:
    """Return what arithmetic over columns gives for each sample; None where that cannot be told."""
    tokens = [each if isinstance(each, tuple) else each.strip() for each in parts.pieces]
    found, rest = _expression(tokens, columns)
    return found if not rest else None


def _expression(
    tokens: list[str | tuple[str]], columns: Mapping[str, Computed]
) -> tuple[list[float] | None, list[str | tuple[str]]]:
    """Read one operand, or two with an operator in parentheses, from the front."""
    if not tokens:
        return None, []
    first, rest = tokens[0], tokens[1:]
    if isinstance(first, tuple):
        known = columns[first[0]].numbers if first[0] in columns else None
        return (list(known) if known else None), rest
    if first != "(":
        try:
            return [float(first)] * _SAMPLES, rest
        except ValueError:
            return None, rest
    left, rest = _expression(rest, columns)
    operator, rest = (rest[0], rest[1:]) if rest else ("", [])
    right, rest = _expression(rest, columns)
    if left is None or right is None:
        return None, rest[1:]
    return [_calculated(str(operator), a, b) for a, b in zip(left, right, strict=True)], rest[1:]


def _calculated(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    return left / right if right else 0.0


def _bounds(bounds: Sequence[Bound], columns: Mapping[str, Computed]) -> list[float] | None:
    parts = [each.value for each in bounds if isinstance(each.value, Parts)]
    found = (evaluated(each, columns) for each in parts)
    return next((each for each in found if each is not None), None)


def bounded_values(
    kind: Kind, demands: Demands, columns: Mapping[str, Computed], present: float
) -> tuple[Computed, Described] | None:
    """Describe a column that other columns of its row limit, as `planroom.generating.limits` moves its values."""
    lows, highs = _bounds(demands.lows, columns), _bounds(demands.highs, columns)
    if lows is None and highs is None:
        return None
    units = _units("between")
    if kind.temporal:
        return _described(kind, _moments(kind, lows, highs, units), present)
    step = 10.0**-kind.scale if kind.family == "decimal" else 1.0 if kind.family == "integer" else 0.001
    least = next((float(str(each.value)) for each in demands.lows if _is_number(each.value)), None)
    if highs is None:
        return _described(
            kind, [low + step * (1 + int(u * 100)) for low, u in zip(lows or [], units, strict=True)], present
        )
    if lows is None and least is None:
        return _described(
            kind, [high - step * (1 + int(u * 100)) for high, u in zip(highs, units, strict=True)], present
        )
    begins = lows or [least or 0.0] * _SAMPLES
    found = [
        low + math.floor(u * (high - low) / step) * step for low, high, u in zip(begins, highs, units, strict=True)
    ]
    return _described(kind, found, present)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdigit()


def _moments(kind: Kind, lows: list[float] | None, highs: list[float] | None, units: list[float]) -> list[float]:
    steps = [_DAY * (1 + int(u * 60)) if kind.family == "date" else 1 + u**2 * _AFTER_S for u in units]
    if lows and highs:
        return [low + u * max(high - low, 0) for low, high, u in zip(lows, highs, units, strict=True)]
    if lows:
        return [low + step for low, step in zip(lows, steps, strict=True)]
    return [high - step for high, step in zip(highs or [], steps, strict=True)]


def following_moments(
    kind: Kind, base: Computed, present: float, correlation: float = 1.0
) -> tuple[Computed, Described] | None:
    """Describe moments that come after others of their rows, as `planroom.generating.limits` moves them."""
    if base.numbers is None:
        return None
    numbers = _moments(kind, list(base.numbers), None, _units("after"))
    return _described(kind, numbers, present, correlation * _related(base.numbers, numbers))


def _related(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Pearson's correlation."""
    size = len(first)
    one, two = math.fsum(first) / size, math.fsum(second) / size
    both = math.fsum((a - one) * (b - two) for a, b in zip(first, second, strict=True))
    alone = math.fsum((a - one) ** 2 for a in first) * math.fsum((b - two) ** 2 for b in second)
    return both / math.sqrt(alone) if alone > 0 else 1.0


def summed(
    kind: Kind, parts: Parts, columns: Mapping[str, Computed], present: float
) -> tuple[Computed, Described] | None:
    """Describe a column that is arithmetic over others."""
    numbers = evaluated(parts, columns)
    return None if numbers is None else _described(kind, numbers, present)


def _described(
    kind: Kind, numbers: list[float], present: float, correlation: float = 0.0
) -> tuple[Computed, Described]:
    step = 10.0**-kind.scale if kind.family == "decimal" else _DAY if kind.family == "date" else 1.0
    rounded = numbers if kind.family == "float" else [round(each / step) * step for each in numbers]
    counts = Counter(rounded)
    common = [(each, count / len(rounded)) for each, count in counts.most_common(TARGET) if count >= _OFTEN]
    left = sorted(each for each in rounded if each not in {value for value, _ in common})
    width = (max(rounded) - min(rounded)) / step + 1
    if kind.family in {"timestamp", "timestamptz"} and present > SECONDS_SUFFICE * width:
        width *= 1e6
    different = hits(Zipf(max(1, int(width))), present) if kind.family != "float" else present
    parts = min(TARGET, len(left) - 1)
    bounds = [left[place * (len(left) - 1) // parts] for place in range(parts + 1)] if parts > 0 else []
    found = Described(
        tuple((_text(kind, each), share) for each, share in common),
        tuple(_text(kind, each) for each in bounds),
        max(different, 1.0),
        False,
        correlation,
    )
    fixed = tuple(rounded)
    return Computed(lambda: fixed), found


def _text(kind: Kind, number: float) -> str:
    return f"{number:.{kind.scale}f}" if kind.family == "decimal" else text_of(kind.type.name, number)


def within_partitions(
    leaves: Sequence[Leaf], column: str, kind: Kind, present: float
) -> tuple[Computed, Described] | None:
    """Describe a column that the bounds of partitions limit: each of them has as many rows; None for any other."""
    lists = [values for leaf in leaves for name, values in leaf.lists if name == column]
    if lists:
        shares: Counter[str] = Counter()
        for values in lists:
            for value in values:
                shares[value] += 1 / len(lists) / len(values)  # type: ignore[assignment]
        common = tuple(sorted(shares.items(), key=lambda each: -each[1]))
        return Computed(lambda: None), Described(common[:TARGET], (), float(len(common)))
    ranges = [(low, high) for leaf in leaves for name, low, high in leaf.ranges if name == column]
    if not ranges or kind.family not in {"integer", "timestamp", "timestamptz", "date"}:
        return None
    extents = [extent(low, high, kind) for low, high in ranges]
    units = _units("within")
    places = [extents[place % len(extents)] for place in range(_SAMPLES)]
    offsets = [low + int(u * width) for (low, width), u in zip(places, units, strict=True)]
    numbers = [number_of(kind.type.name, moment_text(each, kind)) or 0.0 for each in offsets]
    return _described(kind, numbers, present)
