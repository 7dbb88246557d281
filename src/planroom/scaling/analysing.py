"""What ANALYZE would estimate from its sample, where it does not look at every row.

It looks at 30,000 pages, and at 30,000 of their rows. The estimate of different values is that of P. Haas and
L. Stokes, "Estimating the number of classes in a finite population" (1998), the estimator that they call Duj1. Where
the rows of one value lie together, the pages that were looked at show each of their values whole, and the others not
at all: then it finds far fewer than there are.

Source: src/backend/commands/analyze.c (``compute_scalar_stats``, ``acquire_sample_rows``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.scaling.distributions import single_shares

if TYPE_CHECKING:
    from planroom.scaling.distributions import Distribution

__all__ = ["SAMPLE", "estimated_of", "estimated_together"]

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
