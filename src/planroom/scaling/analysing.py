"""What ANALYZE would estimate from its sample, where it does not look at every row.

It looks at 30,000 pages, and at 30,000 of their rows. The estimate of different values is that of P. Haas and
L. Stokes, "Estimating the number of classes in a finite population" (1998), the estimator that they call Duj1. Where
the rows of one value lie together, the pages that were looked at show each of their values whole, and the others not
at all: then it finds far fewer than there are.

Source: src/backend/commands/analyze.c (``compute_scalar_stats``, ``acquire_sample_rows``).
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from planroom.scaling.distributions import poisson_rate, single_shares

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.scaling.distributions import Distribution

__all__ = [
    "SAMPLE",
    "TOGETHER",
    "actual_apart",
    "actual_together",
    "drawn_from",
    "estimated_apart",
    "estimated_of",
    "estimated_together",
]

_HALVINGS = 40

SAMPLE = 30_000
"""Rows, and at most pages, that ANALYZE looks at with the default statistics target of 100."""


def estimated_together(distinct: float, rows: float, pages: float) -> float:
    """Return how many different values ANALYZE would find where equal values lie together.

    Args:
        distinct: Different values.
        rows: Rows that have one.
        pages: The table's pages.

    Example:
        >>> round(estimated_together(1_500_000, 6_000_000, 115_544))        # l_orderkey of TPC-H: 361,512 in truth
        474795
    """
    if rows <= SAMPLE or distinct <= 0 or distinct >= rows:
        return min(distinct, rows)
    seen_rows = rows * min(1.0, SAMPLE / max(pages, 1.0))
    each, share = rows / distinct, min(1.0, SAMPLE / seen_rows)
    values = seen_rows / each
    found = values * -math.expm1(each * math.log1p(-share)) if share < 1 else values
    once = values * each * share * (1 - share) ** (each - 1) if share < 1 else 0.0
    return _duj1(found, once, rows)


TOGETHER = 0.9
"""Correlation from which on equal values lie together."""


def estimated_apart(values: float, rows: float, sample: float = SAMPLE) -> float:
    """Return how many different values ANALYZE would find where each row has one of so many by chance, in no order.

    Args:
        values: The values that a row may have; not all of them need be there.
        rows: Rows that have one.
        sample: So many of these it looks at, at most.

    Example:
        >>> round(estimated_apart(99_901, 80_000)), round(estimated_apart(99_901, 800_000))    # ps_supplycost of TPC-H
        (48247, 90240)
    """
    if values <= 0 or rows <= 0:
        return 0.0
    seen = min(rows, sample)
    found, once = -values * math.expm1(-seen / values), seen * math.exp(-seen / values)
    return max(found, min(seen * found / max((seen - once) + once * seen / rows, 1e-9), rows))


@functools.lru_cache(maxsize=4096)
def drawn_from(estimate: float, rows: float, sample: float = SAMPLE) -> float:
    """Return how many values a row may have, each by chance: the inverse of `estimated_apart`, at most 100 a row.

    Args:
        estimate: What ANALYZE said.
        rows: Rows that have a value.
        sample: So many of these it looked at, at most.
    """
    return _inverse(lambda each: estimated_apart(each, rows, sample), estimate, rows)


def actual_apart(estimate: float, rows: float) -> float:
    """Return how many values there are of which ANALYZE saw a sample, where equal values lie in no order.

    Args:
        estimate: What it said.
        rows: Rows that have a value.
    """
    values = drawn_from(estimate, rows)
    return -values * math.expm1(-rows / values) if values > 0 else 0.0


@functools.lru_cache(maxsize=4096)
def actual_together(estimate: float, rows: float, pages: float) -> float:
    """Return how many values there are of which ANALYZE saw a sample, where equal values lie together.

    Values have one row or more, as chance has it: a Poisson distribution. With as many rows for each, it would find
    more of them than it does.

    Args:
        estimate: What it said.
        rows: Rows that have a value.
        pages: The table's pages.

    Example:
        >>> round(actual_together(361_512, 6_001_259, 115_544))     # l_orderkey of TPC-H: 1,500,000 in truth
        1452468
    """
    return min(_inverse(lambda each: _estimated_clusters(each, rows, pages), estimate, rows), rows)


def _estimated_clusters(distinct: float, rows: float, pages: float) -> float:
    seen_rows = rows * min(1.0, SAMPLE / max(pages, 1.0))
    share = min(1.0, SAMPLE / max(seen_rows, 1.0))
    values, rate = distinct * seen_rows / rows, poisson_rate(rows / distinct)
    some = -math.expm1(-rate)
    found = values * -math.expm1(-rate * share) / some
    once = values * rate * share * math.exp(-rate * share) / some
    return _duj1(found, once, rows)


def _inverse(estimated: Callable[[float], float], wanted: float, rows: float) -> float:
    """Return the number of values, up to a hundred a row, of which an estimate is wanted; by halving."""
    if wanted <= 1 or rows <= 1:
        return max(wanted, 0.0)
    low, high = math.log(wanted * 0.5), math.log(rows * 100)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if estimated(math.exp(middle)) < wanted else (low, middle)
    return math.exp(high)


def estimated_of(distribution: Distribution, rows: float) -> float:
    """Return how many different values ANALYZE would find where they are drawn and lie in no order.

    Args:
        distribution: How often each number occurs.
        rows: Rows that have one.
    """
    found = math.fsum(count * -math.expm1(-SAMPLE * share) for count, share in single_shares(distribution))
    once = math.fsum(count * SAMPLE * share * math.exp(-SAMPLE * share) for count, share in single_shares(distribution))
    return _duj1(found, once, rows)


def _duj1(found: float, once: float, rows: float) -> float:
    estimate = SAMPLE * found / max((SAMPLE - once) + once * SAMPLE / rows, 1e-9)
    return max(found, min(estimate, rows))
