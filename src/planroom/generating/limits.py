"""Values moved to where other columns of the row allow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.generating.conditions import Demands
    from planroom.generating.kinds import Kind

__all__ = ["moved_moment", "moved_number"]

_AFTER_S = 60 * 86_400


def moved_moment(kind: Kind, value: str, low: str, high: str, unit: str) -> str:
    """Return a moment after ``low``, or before ``high``, or between them; the value itself where they are empty."""
    if kind.family == "date":
        step = f"1 + CAST(floor({unit} * 60) AS INTEGER)"
        after, before = f"CAST({low} AS DATE) + {step}", f"CAST({high} AS DATE) - ({step})"
        width = f"greatest(1, CAST({high} AS DATE) - CAST({low} AS DATE))"
        between = f"CAST({low} AS DATE) + CAST(floor({unit} * {width}) AS INTEGER)"
    else:
        step = f"to_seconds(1 + CAST(floor(pow({unit}, 2) * {_AFTER_S}) AS BIGINT))"
        after, before = f"{low} + {step}", f"{high} - {step}"
        between = (
            f"{low} + to_microseconds(CAST(floor({unit} * greatest(1, epoch_us({high}) - epoch_us({low}))) AS BIGINT))"
        )
    moved = between if low and high else after if low else before
    return f"coalesce({moved}, {value})"


def moved_number(kind: Kind, demands: Demands, value: str, low: str, high: str, unit: str) -> str:
    """Return a number above ``low``, or below ``high``, or between them; the value itself where they are empty."""
    step = f"{10.0**-kind.scale!r}" if kind.family == "decimal" else "1" if kind.family == "integer" else "0.001"
    constant_lows = [each for each in demands.lows if isinstance(each.value, str)]
    least = constant_lows[0].value if constant_lows else ""
    if low and not high:
        moved = f"({low}) + {step} * (1 + CAST(floor({unit} * 100) AS BIGINT))"
    elif high and not low and not least:
        moved = f"({high}) - {step} * (1 + CAST(floor({unit} * 100) AS BIGINT))"
    else:
        floor_ = low or f"{least}"
        moved = f"({floor_}) + floor({unit} * (({high}) - ({floor_})) / {step}) * {step}"
        exclusive = any(not each.inclusive for each in demands.lows)
        moved = f"{moved} + {step}" if exclusive else moved
    return f"coalesce(CAST({moved} AS {kind.stored}), {value})"
