"""A workload as a table: the dearest first, queries that are one in one line, failures last."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING

from planroom.display import Table
from planroom.plans.comparing.measures import MEASURES, shown_cost
from planroom.quantities import format_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.plans.workloads.planned import PlannedQuery

__all__ = ["grouped", "in_order", "overview", "unplanned"]

_MOST_REASON = 160


def in_order(queries: Sequence[PlannedQuery], by: str) -> list[PlannedQuery]:
    """Return the queries that have a plan, the dearest first."""
    return sorted(
        (each for each in queries if each.plan is not None), key=lambda each: (-(each.amount(by) or 0.0), each.name)
    )


def grouped(queries: Sequence[PlannedQuery], by: str) -> list[list[PlannedQuery]]:
    """Return groups of one query and one plan, the dearest first; constants alone tell their members apart."""
    groups: dict[tuple[str, str, bool], list[PlannedQuery]] = defaultdict(list)
    for each in in_order(queries, by):
        groups[each.query, each.shape, each.generic].append(each)
    return list(groups.values())


def overview(queries: Sequence[PlannedQuery], by: str) -> Table:
    """Return a row for each group.

    Args:
        queries: The queries.
        by: What they are sorted by; time is shown only when it is this.
    """
    groups = grouped(queries, by)
    shown = [name for name in MEASURES if _is_shown(name, by, groups)]
    total = sum(each.amount(by) or 0.0 for group in groups for each in group)
    header = ("query", *shown, "share", "shape", "heaviest node", "remark", "where")
    rows = tuple(_row(group, shown, by, total) for group in groups)
    told = {"remark", "share"} | ({"where"} if all(_called_by_file(each) for each in queries) else set())
    kept = [at for at, name in enumerate(header) if name not in told or any(row[at] for row in rows if name != "where")]
    return Table(
        tuple(header[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in rows),
        numeric=frozenset(range(1, len(shown) + 1 + ("share" in {header[at] for at in kept}))),
    )


def _called_by_file(query: PlannedQuery) -> bool:
    """Whether a query bears the name of its file, so that its place says no more."""
    return PurePath(query.location.source).stem == PurePath(query.name).name


def _is_shown(name: str, by: str, groups: Sequence[Sequence[PlannedQuery]]) -> bool:
    if name == "time" and by != "time":
        return False
    return any(each.amount(name) is not None for group in groups for each in group)


def _row(group: Sequence[PlannedQuery], shown: Sequence[str], by: str, total: float) -> tuple[str, ...]:
    first = group[0]
    name = first.name if len(group) == 1 else f"{first.name} and {len(group) - 1} alike"
    share = sum(each.amount(by) or 0.0 for each in group) / total if total else 0.0
    generic = "any values" if first.generic else ""
    finding = f"{first.finding.severity.glyph} {first.finding.slug}" if first.finding else ""
    return (
        name,
        *(_number(kind, first.amount(kind)) for kind in shown),
        f"{100 * share:.0f} %" if total else "",
        first.shape,
        first.heaviest_told,
        "; ".join(filter(None, (generic, finding))),
        str(first.location),
    )


def _number(kind: str, amount: float | None) -> str:
    if amount is None:
        return ""
    return format_duration(amount / 1000) if kind == "time" else shown_cost(amount)


def unplanned(queries: Sequence[PlannedQuery]) -> Table:
    """Return a row for each query without a plan, with the reason."""
    rows = tuple(
        (each.name, _cut(each.reason), str(each.location))
        for each in sorted((each for each in queries if each.plan is None), key=lambda each: each.name)
    )
    return Table(("not planned", "why", "where"), rows)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_REASON else f"{line[:_MOST_REASON]}..."
