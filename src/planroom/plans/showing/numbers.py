"""Numbers of a plan as people read them: counts, costs, shares, and rows estimated against rows given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.node import PlanNode

__all__ = ["NOTABLE", "cost_text", "count_text", "factor_text", "rows_text", "share_text"]

NOTABLE = 2.0  # estimates off by less are as good as one can expect: nothing is said of them

_SHORT_FROM = 1e7
_UNITS = ((1e15, "× 10¹⁵"), (1e12, "T"), (1e9, "bn"), (1e6, "M"))


def count_text(value: float) -> str:
    """Return a count: exact up to ten million, with three digits and a unit above; small means keep two decimals.

    Example:
        >>> count_text(0.333), count_text(12_345_678), count_text(2)
        ('0.33', '12.3 M', '2')
    """
    if value >= _SHORT_FROM:
        size, unit = next((size, unit) for size, unit in _UNITS if value >= size)
        return f"{_digits(value / size)} {unit}"
    if value < 10 and value != round(value):
        return _trimmed(f"{value:.2f}") if value >= 0.005 else "< 0.01"
    return format_count(value)


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else _trimmed(f"{value:.1f}")


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def cost_text(value: float) -> str:
    """Return a cost in the planner's units: two decimals below a thousand, as EXPLAIN prints them, none above.

    Example:
        >>> cost_text(113.67), cost_text(0)
        ('113.67', '0')
    """
    return _trimmed(f"{value:.2f}") if value < 1000 else count_text(value)


def share_text(share: float) -> str:
    """Return a share of the whole in percent.

    Example:
        >>> share_text(0.623), share_text(0.0312), share_text(0.0002), share_text(0)
        ('62 %', '3.1 %', '< 0.1 %', '0 %')
    """
    percent = share * 100
    if 0 < percent < 0.1:
        return "< 0.1 %"
    return f"{_trimmed(f'{percent:.1f}') if percent < 9.95 else f'{percent:.0f}'} %"


def factor_text(node: PlanNode, *, above: float = NOTABLE) -> str:
    """Return by which factor the rows differ from the estimate: ``×83`` more came, ``÷83`` fewer.

    Empty where it is not more than ``above``, or cannot be told.

    Example:
        >>> from planroom.plans import PlanNode
        >>> factor_text(PlanNode(1, "Seq Scan", estimated_rows=1000, rows=12, loops=1))
        '÷83.3'
    """
    factor = node.q_error
    if factor is None or factor <= above:
        return ""
    shown = _factor(factor)
    return "≈ 1" if shown == "1" else f"{'×' if node.underestimated else '÷'}{shown}"


def _factor(value: float) -> str:
    return _trimmed(f"{value:.1f}") if value < 100 else count_text(value)


def rows_text(node: PlanNode) -> str:
    """Return the rows of one execution: ``1 000 → 12`` when the plan was run, ``1 000`` when it was not.

    Example:
        >>> from planroom.plans import PlanNode
        >>> rows_text(PlanNode(1, "Seq Scan", estimated_rows=10, rows=12, loops=1))
        '10 → 12'
    """
    estimated = count_text(node.estimated_rows) if node.estimated_rows is not None else "?"
    if node.never_executed or node.rows is None:
        return estimated
    return f"{estimated} → {count_text(node.rows)}"
