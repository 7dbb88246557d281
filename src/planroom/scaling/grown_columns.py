"""One column's statistics when its table has other rows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.model import Column
from planroom.scaling.analysing import SAMPLE, TOGETHER, drawn_from, estimated_apart, estimated_together
from planroom.scaling.domains import CLOSED, KEY, MOMENT, REFERENCE, Domain
from planroom.scaling.expressions import type_of
from planroom.scaling.index_columns import expression_names
from planroom.scaling.stretching import Period, moved, stretched_keys, stretched_moments
from planroom.scaling.value_order import MOMENTS, number_of
from planroom.sqltext import DataType, mentioned_columns
from planroom.values import dataclass

if TYPE_CHECKING:
    from planroom.model import ObjectId, Table
    from planroom.scaling.domains import Domains
    from planroom.scaling.statistics import ColumnStatistics
    from planroom.scaling.type_layouts import Layouts

__all__ = ["GrownColumn", "grown_column", "grown_expression"]

_NEARLY_ALL = 0.1  # ANALYZE counts a share of the rows, not a number, from here on (src/backend/commands/analyze.c)
_STANDS_OUT = 20.0  # times as common as the mean: more than chance in a sample


@dataclass(frozen=True, slots=True)
class GrownColumn:
    """A column's statistics after its table grew.

    Attributes:
        column: The statistics.
        table: The id of the table that the rules are said of: the root, of partitions.
        rules: What was applied, in words that follow the column's name.
    """

    column: ColumnStatistics
    table: ObjectId
    rules: tuple[str, ...] = ()


def grown_column(
    known: ColumnStatistics,
    column: Column,
    root: Table,
    domain: Domain,
    layouts: Layouts,
    rows: tuple[float, float],
    pages: float = 0.0,
    *,
    sample: bool = False,
) -> GrownColumn:
    """Return a column's statistics after its table grew.

    Args:
        known: What was known.
        column: The column.
        root: Its table, or the table that this is a partition of.
        domain: How its values change.
        layouts: How types are stored.
        rows: The table's rows before and after.
        pages: Its pages before; 0 where they are not known.
        sample: The rows before are a sample of those after, over the same time.
    """
    before, after = rows
    if before <= 0 or before == after:
        return GrownColumn(known, root.id)
    type_name = layouts.of(column.type).name
    found, rules = _distinct(known, domain, before, after)
    if domain.kind == REFERENCE and pages and abs(known.correlation or 0.0) > TOGETHER:
        found = _as_sampled(known, found, rows, pages)
    if domain.kind in {KEY, REFERENCE} and domain.factor != 1:
        values = known.distinct if known.distinct > 0 else -known.distinct * before
        found = _counted_on(found, type_name, domain.factor, mean=1 / max(values, 1.0))
        rules.append(_GROWS_WITH[domain.kind].format(domain.parent))
    elif type_name in MOMENTS and domain.kind == MOMENT and sample:
        rules.append("a sample of all rows: its moments are theirs")
    elif type_name in MOMENTS and domain.kind == MOMENT:
        found, more = _gone_on(found, type_name, root, before, after)
        rules.append(more)
    elif domain.kind == CLOSED and domain.declared:
        rules.append("a closed domain: it keeps its values")
    return GrownColumn(found, root.id, tuple(rules))


_GROWS_WITH = {
    KEY: "counted on: as many values as rows, bounds stretched from the first",
    REFERENCE: "as many values as {} has, bounds stretched; common values left out unless they stand out",
}


def grown_expression(
    known: ColumnStatistics,
    table: Table,
    domains: Domains,
    layouts: Layouts,
    rows: tuple[float, float],
    *,
    sample: bool = False,
) -> GrownColumn:
    """Return the statistics of an index's expression: it follows the one column that it is a function of."""
    for index in table.indexes:
        if index.name != known.table or known.column not in (names := expression_names(index)):
            continue
        part = index.columns[names.index(known.column)]
        columns = _mentioned(part.expression.text) & table.columns_by_name.keys() if part.expression else set()
        if part.expression is None or len(columns) != 1:
            break
        column = table.columns_by_name[columns.pop()]
        type_ = type_of(part.expression.text, {each.name: each.type for each in table.columns}) or column.type
        domain = domains.of(table, column)
        return grown_column(known, replace(column, type=type_), table, domain, layouts, rows, sample=sample)
    return grown_column(
        known, Column(name=known.column, type=DataType("text")), table, Domain(CLOSED, declared=False), layouts, rows
    )


def _mentioned(text: str) -> set[str]:
    try:
        return set(mentioned_columns(text))
    except SyntaxProblem:
        return set()


def _distinct(
    known: ColumnStatistics, domain: Domain, before: float, after: float
) -> tuple[ColumnStatistics, list[str]]:
    """Return the statistics with as many different values as there would be."""
    if known.distinct == 0 or (known.distinct == -1 and domain.kind in {KEY, CLOSED, MOMENT} and not _said(domain)):
        return known, []
    values = known.distinct if known.distinct > 0 else -known.distinct * before
    share = 1.0 - known.null_fraction
    grows = domain.kind in {KEY, REFERENCE} or (domain.kind not in {CLOSED, MOMENT})
    if not grows and known.distinct < 0 and not _said(domain):
        rules = ["nearly all its values differ where it was counted: taken to go on so; domain: closed says otherwise"]
        return known, rules if known.distinct > -1 else []
    factor = domain.factor if grows else 1.0
    if domain.kind == KEY or known.distinct == -1 or abs(known.correlation or 0.0) > TOGETHER:
        wanted = _with_fewer_rows(values, factor, before * share, after * share)
    else:
        there = drawn_from(values, before * share, SAMPLE * share)
        wanted = estimated_apart(there * factor, after * share, SAMPLE * share)
    wanted = max(1.0, min(wanted, max(after * share, 1.0)))
    if known.distinct < 0 and wanted >= _NEARLY_ALL * after:
        return replace(known, distinct=-min(1.0, wanted / max(after, 1.0))), []
    return replace(known, distinct=float(round(wanted))), []


def _with_fewer_rows(values: float, factor: float, before: float, after: float) -> float:
    """Return how many different values there are when they grow by a factor: fewer rows for each show fewer of them."""
    wanted = max(values * factor, 1.0)
    if after / wanted < before / max(values, 1.0):
        wanted *= -math.expm1(-after / wanted) / -math.expm1(-before / max(values, 1.0))
    return wanted


def _as_sampled(
    known: ColumnStatistics, found: ColumnStatistics, rows: tuple[float, float], pages: float
) -> ColumnStatistics:
    """Return the statistics with what ANALYZE would find of values whose rows lie together: fewer than there are."""
    before, after = (count * (1 - known.null_fraction) for count in rows)
    old = known.distinct if known.distinct > 0 else -known.distinct * rows[0]
    new = found.distinct if found.distinct > 0 else -found.distinct * rows[1]
    seen = estimated_together(new, after, pages * rows[1] / rows[0]) / max(new, 1.0)
    seen /= estimated_together(old, before, pages) / max(old, 1.0)
    estimate = max(1.0, new * min(seen, 1.0))
    return replace(found, distinct=-estimate / rows[1] if estimate > _NEARLY_ALL * rows[1] else float(round(estimate)))


def _said(domain: Domain) -> bool:
    return domain.declared and domain.kind == CLOSED


def _counted_on(known: ColumnStatistics, type_name: str, factor: float, *, mean: float) -> ColumnStatistics:
    """Return the statistics of keys of which there are more: bounds stretched, chance hits of the sample left out."""
    low = known.ends[0] if known.ends else known.histogram[0] if known.histogram else None
    first = _number(type_name, low)

    def stretched(values: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if values is None else stretched_keys(type_name, values, factor, first)

    common, frequencies = known.common_values, known.common_frequencies
    if common and frequencies and frequencies[0] < _STANDS_OUT * mean:
        common = frequencies = None
    return replace(
        known,
        common_values=stretched(common),
        common_frequencies=frequencies,
        histogram=stretched(known.histogram),
        ends=moved(known.ends, lambda each: stretched_keys(type_name, each, factor, first)),
    )


def _number(type_name: str, text: str | None) -> float | None:
    return None if text is None else number_of(type_name, text)


def _gone_on(
    known: ColumnStatistics, type_name: str, root: Table, before: float, after: float
) -> tuple[ColumnStatistics, str]:
    """Return the statistics of moments that go on while the table grows."""
    growth = root.annotations.growth
    period = Period(before, after, growth, slides=bool(root.annotations.retention))
    bounds = stretched_moments(type_name, known.histogram, period) if known.histogram and growth else None
    if bounds is None:
        return known, "the period stays as it is, and holds more or fewer rows: no growth that can be read is declared"
    kept = min(1.0, before / max(after, 1.0))
    frequencies = known.common_frequencies
    found = replace(
        known,
        histogram=bounds,
        common_frequencies=tuple(each * kept for each in frequencies) if frequencies else None,
        distinct=known.distinct if known.distinct < 0 else float(round(known.distinct / kept)),
        ends=moved(known.ends, lambda each: stretched_moments(type_name, each, period)),
    )
    how = "moves on" if period.slides else "goes on"
    return found, f"{how} while the table grows by {growth}"
