"""Values within the bounds of partitions."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from planroom.generating.quoting import strings
from planroom.generating.recipe import EPOCH_DAY, SPAN_S

if TYPE_CHECKING:
    from planroom.generating.bounds import Leaf
    from planroom.generating.kinds import Kind
    from planroom.generating.mixing import Draw

__all__ = ["counted_within", "drawn_within", "extent", "moment_text"]

_ORDERED = frozenset({"integer", "timestamp", "timestamptz", "date"})
_DAY_US = 86_400_000_000


def extent(low: str | None, high: str | None, kind: Kind) -> tuple[int, int]:
    """Return where a range begins, and how wide it is: whole numbers, days or microseconds."""
    unit = {"integer": 1_000_000, "date": 365}.get(kind.family, 365 * _DAY_US)
    start, end = _place(low, kind), _place(high, kind)
    if start is None and end is None:
        start = {"integer": 1, "date": EPOCH_DAY}.get(kind.family, EPOCH_DAY * _DAY_US)
        return start, unit if kind.family != "date" else SPAN_S // 86_400
    if start is None and end is not None:
        start = end - unit
    if end is None and start is not None:
        end = start + unit
    return int(start or 0), max(1, int(end or 0) - int(start or 0))


def _place(text: str | None, kind: Kind) -> int | None:
    if text is None:
        return None
    if kind.family == "integer":
        return int(float(text))
    moment = datetime.datetime.fromisoformat(text.strip())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    days = (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) / datetime.timedelta(microseconds=1)
    return int(days) // _DAY_US if kind.family == "date" else int(days)


def moment_text(place: int, kind: Kind) -> str:
    """Return a whole number, day or moment, counted as `extent` does, as PostgreSQL writes it."""
    if kind.family == "integer":
        return str(place)
    if kind.family == "date":
        return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=place))
    moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=place)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00" if kind.family == "timestamptz" else "")


def _from_offset(offset: str, kind: Kind) -> str:
    if kind.family == "integer":
        return offset
    if kind.family == "date":
        return f"DATE '1970-01-01' + CAST({offset} AS INTEGER)"
    moment = f"make_timestamp(CAST({offset} AS BIGINT))"
    return f"CAST({moment} AS TIMESTAMPTZ)" if kind.family == "timestamptz" else moment


def drawn_within(leaves: tuple[Leaf, ...], column: str, kind: Kind, row: str, leaf: Draw, value: Draw) -> str:
    """Return SQL for a value within the bounds of the partition that a row is meant for; empty for no bounds.

    Args:
        leaves: Where rows may lie.
        column: The column.
        kind: What it can hold.
        row: SQL for the number of the row.
        leaf: Draws the partition; the same for all columns of the table.
        value: Draws the place within it.
    """
    ranges = [next((each for each in leaf_.ranges if each[0] == column), None) for leaf_ in leaves]
    lists = [next((each for each in leaf_.lists if each[0] == column), None) for leaf_ in leaves]
    place = f"[CAST({leaf.below(len(leaves), row)} AS INTEGER) + 1]"
    if any(lists):
        one = f"[{', '.join(strings(each[1] if each else ('',)) for each in lists)}]{place}"
        chosen = f"{one}[CAST(floor({value.unit(row)} * len({one})) AS INTEGER) + 1]"
        return f"CAST({chosen} AS {kind.stored})"
    if not any(ranges) or kind.family not in _ORDERED:
        return ""
    extents = [extent(each[1] if each else None, each[2] if each else None, kind) for each in ranges]
    lows, widths = [each[0] for each in extents], [each[1] for each in extents]
    offset = f"floor({value.unit(row)} * {widths}{place})"
    return _from_offset(f"{lows}{place} + CAST({offset} AS BIGINT)", kind)


def counted_within(leaves: tuple[Leaf, ...], column: str, kind: Kind, row: str, rows: int) -> str:
    """Return SQL for a value of each row's own within the widest bounds; empty for no bounds."""
    ranges = [each for leaf in leaves for each in leaf.ranges if each[0] == column]
    if not ranges or kind.family not in _ORDERED:
        return ""
    low, width = max((extent(low, high, kind) for _, low, high in ranges), key=lambda each: each[1])
    return _from_offset(f"{low} + ({row}) * {max(1, width // max(rows, 1))}", kind)
