"""Index advice as text and as a card."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.display import (
    Displayable,
    Table,
    caption_line,
    card,
    details,
    html_table,
    on_one_line,
    preformatted,
    text_table,
)
from planroom.quantities import format_bytes, format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.advice.indexing.results import AdvisedQuery, ChosenIndex, IndexAdvice

__all__ = ["html", "shown_cost", "tables", "text", "verdict"]

_MOST_QUERIES = 4  # named in a row of the table; the rest is counted


def shown_cost(value: float) -> str:
    """Return a cost with two decimals below 100, and none above."""
    return format_count(value) if abs(value) >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


def verdict(advice: IndexAdvice) -> str:
    """Return what the workload costs before and after, and what is to be made and dropped."""
    planned = sum(each.before is not None for each in advice.queries)
    parts = [f"{planned} quer{'y' if planned == 1 else 'ies'}"]
    parts += [f"cost {shown_cost(advice.before)} → {shown_cost(advice.after)}{_less(advice.before, advice.after)}"]
    parts += [f"each counted alike: {_mean(advice)}"] if advice.alike and advice.chosen else []
    count = len(advice.chosen)
    parts += [f"{count} new index{'es' * (count != 1)}, {format_bytes(advice.size_bytes)}" if count else "no new index"]
    parts += [f"{len(advice.dropped)} to drop, {format_bytes(advice.freed_bytes)}"] if advice.dropped else []
    return " · ".join(parts)


def _mean(advice: IndexAdvice) -> str:
    """Return by how much a query's cost falls in the mean."""
    shares = [each.after / each.before for each in advice.queries if each.before and each.after is not None]
    return _percent(1 - sum(shares) / max(len(shares), 1))


def _percent(share: float) -> str:
    """Return by which share something falls; nothing that is left is told as all."""
    return f"−{math.floor(1e4 * share) / 100:.4g} %"


def _less(before: float, after: float) -> str:
    return f" ({_percent((before - after) / before)})" if before > 0 and after < before else ""


def _chosen(advice: IndexAdvice) -> Table:
    kept_up = any(each.upkeep for each in advice.chosen)
    total = sum(each.gain for each in advice.chosen)
    header = ("index", "size", "gain", "of all gains", *(("upkeep",) if kept_up else ()), "serves")
    rows = tuple(
        (
            each.candidate.statement.removeprefix("CREATE INDEX ").replace(" ON public.", " ON ", 1),
            format_bytes(each.size_bytes),
            _gained(each, advice),
            f"{100 * each.gain / total:.0f} %" if total > 0 else "",
            *((shown_cost(each.upkeep),) if kept_up else ()),
            _served(each),
        )
        for each in advice.chosen
    )
    return Table(
        header, rows, frozenset(range(1, 5 if kept_up else 4)), "gain: what the workload costs more without it"
    )


def _gained(chosen: ChosenIndex, advice: IndexAdvice) -> str:
    """Return a gain in the planner's units; where queries count alike, as a share of what they cost."""
    return f"{100 * chosen.gain / advice.before:.2g} %" if advice.alike and advice.before else shown_cost(chosen.gain)


def _served(chosen: ChosenIndex) -> str:
    names = [name for name, _ in chosen.serves]
    rest = len(names) - _MOST_QUERIES
    return ", ".join(names[:_MOST_QUERIES]) + (f" and {rest} more" if rest > 0 else "")


def _dropped(advice: IndexAdvice) -> Table:
    rows = tuple((each.existing.name, format_bytes(each.size_bytes), each.reason) for each in advice.dropped)
    return Table(("to drop", "size", "why"), rows, frozenset({1}), "judge by all queries: only this workload was seen")


def _queries(advice: IndexAdvice) -> Table:
    planned = [(each, each.before, each.after) for each in advice.queries]
    counted = any(each.calls != 1 for each in advice.queries)
    rows = [
        (
            each.name,
            *((format_count(each.calls),) if counted else ()),
            shown_cost(before),
            shown_cost(after),
            f"{after / before:.3g}" if before > 0 else "",
            ", ".join(each.uses),
        )
        for each, before, after in planned
        if before is not None and after is not None
    ]
    header = ("query", *(("calls",) if counted else ()), "before", "after", "factor", "uses")
    return Table(header, tuple(rows), frozenset(range(1, 5 if counted else 4)))


def _unplanned(advice: IndexAdvice) -> Table:
    rows = tuple((each.name, each.reason, str(each.location)) for each in advice.queries if each.reason)
    return Table(("not planned", "why", "where"), rows)


def tables(advice: IndexAdvice) -> tuple[Table, ...]:
    """Return the indexes to make, those to drop, the queries, and those without a plan; empty tables are left out."""
    found = (_chosen(advice), _dropped(advice), _queries(advice), _unplanned(advice))
    return tuple(each for each in found if each.rows)


def text(advice: IndexAdvice) -> str:
    """Return the advice as text."""
    blocks = [on_one_line(verdict(advice)), *map(_as_text, tables(advice))]
    return "\n\n".join([*blocks, *("\n".join(f"note: {on_one_line(each)}" for each in advice.notes),)]).rstrip()


def _as_text(table: Table) -> str:
    shown = text_table(table.header, table.rows, numeric=table.numeric)
    return f"{shown}\n{table.caption}" if table.caption else shown


def html(advice: IndexAdvice) -> str:
    """Return the advice as a card; the plans before and after are folded."""
    parts = []
    for each in tables(advice):
        shown = html_table(each.header, each.rows, numeric=each.numeric) + caption_line("div", each.caption)
        parts.append(shown if each.header[0] != "query" else details("What each query costs", shown))
    parts += [details("The script", preformatted(advice.ddl))] if advice.ddl else []
    parts += [_plans(each) for each in _changed(advice.queries)]
    return card(verdict(advice), *parts, *(caption_line("div", each) for each in advice.notes))


def _changed(queries: Sequence[AdvisedQuery]) -> list[AdvisedQuery]:
    """Return the queries that have plans to show, those first that gain most."""
    shown = [each for each in queries if each.plans is not None]
    return sorted(shown, key=lambda each: (-each.calls * ((each.before or 0.0) - (each.after or 0.0)), each.name))


def _plans(query: AdvisedQuery) -> str:
    before, after = query.plans or (Displayable(), Displayable())
    told = f"{query.name}: {shown_cost(query.before or 0.0)} → {shown_cost(query.after or 0.0)}"
    shown = [details(name, _html_of(plan), opened=True) for name, plan in (("before", before), ("after", after))]
    return details(told, "".join(shown))


def _html_of(shown: Displayable) -> str:
    return shown._repr_mimebundle_(include={"text/html"}).get("text/html", "") or preformatted(str(shown))
