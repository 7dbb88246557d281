"""How often each of many values occurs: evenly, by a Zipf distribution, or as listed; without a table of weights.

The Zipf distribution is that of `planroom.generating.mixing.zipf_rank`: the inverse of a continuous one.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Distribution", "Listed", "Zipf", "hits", "poisson_rate", "single_shares", "squares"]

_BUCKETS_A_DECADE = 24


class Distribution(Protocol):
    """How often each number in [0, size) occurs."""

    @property
    def size(self) -> int:
        """How many numbers there are."""

    def below(self, number: float) -> float:
        """Return the share of the rows whose number is below one."""

    def number(self, share: float) -> int:
        """Return the number below which a share of the rows is: the inverse of `below`."""


@dataclass(frozen=True, slots=True)
class Zipf:
    """Numbers whose frequency falls as ``1 / (number + 1) ** skew``; with 0 all occur as often.

    Attributes:
        size: How many numbers there are, >= 1.
        skew: The exponent, >= 0.
    """

    size: int
    skew: float = 0.0

    def below(self, number: float) -> float:
        """Return the share of the rows whose number is below one."""
        number = min(max(number, 0.0), float(self.size))
        if self.skew <= 0:
            return number / self.size
        if math.isclose(self.skew, 1.0, abs_tol=1e-9):
            return math.log(number + 1.0) / math.log(self.size + 1.0)
        power = 1.0 - self.skew
        return (math.pow(number + 1.0, power) - 1.0) / (math.pow(self.size + 1.0, power) - 1.0)

    def number(self, share: float) -> int:
        """Return the number below which a share of the rows is."""
        if self.skew <= 0:
            return min(self.size - 1, int(share * self.size))
        if math.isclose(self.skew, 1.0, abs_tol=1e-9):
            drawn = math.exp(share * math.log(self.size + 1.0))
        else:
            power = 1.0 - self.skew
            base = (math.pow(self.size + 1.0, power) - 1.0) * share + 1.0
            drawn = math.pow(max(base, 1e-300), 1.0 / power)
        return max(0, min(self.size - 1, int(drawn) - 1))


@dataclass(frozen=True)
class Listed:
    """Numbers with given weights.

    Attributes:
        weights: How often each number occurs, in any unit; not all zero.
    """

    weights: tuple[float, ...]

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.weights)

    @cached_property
    def _sums(self) -> tuple[float, ...]:
        whole = math.fsum(self.weights)
        return (0.0, *(each / whole for each in accumulate(self.weights)))

    def below(self, number: float) -> float:
        """Return the share of the rows whose number is below one."""
        whole = min(max(int(number), 0), self.size)
        rest = min(max(number - whole, 0.0), 1.0)
        below = self._sums[whole]
        return below + (rest * (self._sums[whole + 1] - below) if whole < self.size else 0.0)

    def number(self, share: float) -> int:
        """Return the number below which a share of the rows is."""
        return max(0, min(self.size - 1, bisect_right(self._sums, share) - 1))


def single_shares(distribution: Distribution) -> Iterator[tuple[float, float]]:
    """Yield numbers in groups: how many there are, and the mean share of each."""
    start = 0
    while start < distribution.size:
        end = min(distribution.size, max(start + 1, int(start * 10 ** (1 / _BUCKETS_A_DECADE))))
        share = distribution.below(end) - distribution.below(start)
        yield end - start, max(0.0, share / (end - start))
        start = end


def hits(distribution: Distribution, rows: float) -> float:
    """Return how many of the numbers occur among so many rows that are drawn."""
    if isinstance(distribution, Zipf) and distribution.skew <= 0:
        return distribution.size * -math.expm1(-rows / distribution.size)
    return math.fsum(count * -math.expm1(-rows * share) for count, share in single_shares(distribution))


def squares(distribution: Distribution) -> float:
    """Return the chance that two rows have the same number.

    It is also the correlation of values that follow no order with the order of the rows, as ANALYZE has it: it counts
    equal values in the order in which they stand (src/backend/commands/analyze.c, ``compute_scalar_stats``).
    """
    if isinstance(distribution, Zipf) and distribution.skew <= 0:
        return 1 / distribution.size
    return min(1.0, math.fsum(count * share**2 for count, share in single_shares(distribution)))


def poisson_rate(mean: float) -> float:
    """Return the rate of a Poisson distribution whose mean over what is not zero is given."""
    rate = mean
    for _ in range(30):
        rate = mean * -math.expm1(-rate)
    return max(rate, 1e-6)
