"""What each node alone accounts for: time, cost and blocks, so that they add up to the whole.

PostgreSQL measures a node with everything below it, as a mean per loop, all parallel processes together. From that

- a node's waiting time is its mean times its loops; below a Gather, that of the slowest process where the plan tells
  the processes apart (VERBOSE), and the processes' mean otherwise, since a query waits for its slowest worker;
- a node is charged what its children do not account for;
- an InitPlan or CTE is charged against the node that waited for it (see `payers`), not against its printed parent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planroom.plans._postgres.draft import GATHERS, below
from planroom.plans._postgres.nodes import CONDITIONS
from planroom.plans._postgres.payers import mentions, payers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.plans._postgres.draft import Draft

__all__ = ["Adoptions", "adoptions_of", "charged_cost", "exclusive", "waiting_ms"]

_LEADER = -1

Adoptions = dict[int, dict[int, float]]
"""For each InitPlan or CTE, how much of it each payer carries, in the unit of the measure."""


def waiting_ms(row: Sequence[Draft]) -> list[float] | None:
    """Return for each node the milliseconds waited for it and all below it; None without timing."""
    if not any("Actual Total Time" in draft.raw for draft in row):
        return None
    waits = [_total(draft.raw) for draft in row]
    for draft in row:
        if draft.raw.get("Node Type") in GATHERS and draft.loops:
            for child in draft.children:
                if not row[child].own_plan and row[child].relationship != "SubPlan":
                    _in_parallel(row, waits, draft, row[child])
    return waits


def _total(raw: Mapping[str, Any]) -> float:
    return float(raw.get("Actual Total Time") or 0.0) * float(raw.get("Actual Loops") or 0.0)


def _in_parallel(row: Sequence[Draft], waits: list[float], gather: Draft, top: Draft) -> None:
    """Rewrite the waits below a Gather: those of its slowest process, never more than the Gather itself took."""
    by_process = _by_process(top)
    processes = max(1.0, top.loops / gather.loops)
    slowest = max(by_process, key=lambda process: (by_process[process], -process))
    whole = by_process[slowest] if len(by_process) > 1 else waits[top.at] / processes
    scale = min(1.0, waits[gather.at] / whole) if whole else 1.0
    for draft in below(row, top.at):
        if len(by_process) > 1:
            waits[draft.at] = _by_process(draft).get(slowest, 0.0) * scale
        else:
            waits[draft.at] = waits[draft.at] / processes * scale


def _by_process(draft: Draft) -> dict[int, float]:
    """Return the milliseconds of each process in a node: the workers', and what is left for the leader."""
    workers = {
        int(each["Worker Number"]): _total(each) for each in draft.raw.get("Workers") or () if "Actual Loops" in each
    }
    return {_LEADER: max(0.0, _total(draft.raw) - sum(workers.values())), **workers}


def adoptions_of(row: Sequence[Draft], inclusive: Sequence[float]) -> Adoptions:
    """Return who carries how much of each InitPlan and CTE, judged by one inclusive measure.

    The scans of a CTE share what it took in such a way that what is left of each is in the proportion of the rows it
    gave: a scan of a filled store costs the same for every row. An InitPlan is carried by the one node, of those that
    name it, in which most is unexplained.
    """
    payers = payers_of(row)
    adopted: Adoptions = {}
    own = list(inclusive)
    for draft in row:
        if draft.parent >= 0 and not draft.own_plan:
            own[draft.parent] -= inclusive[draft.at]
    for at in sorted(payers, reverse=True):  # an inner plan is settled before the one around it
        scans = bool(payers[at]) and all(row[payer].raw.get("Node Type") == "CTE Scan" for payer in payers[at])
        shares = (
            _shared(row, payers[at], own, inclusive[at])
            if scans
            else _carried(payers[at], row[at].parent, own, inclusive[at])
        )
        adopted[at] = shares
        for payer, share in shares.items():
            own[payer] -= share
    return adopted


def _shared(row: Sequence[Draft], scans: Sequence[int], own: Sequence[float], amount: float) -> dict[int, float]:
    """Share what a CTE took between its scans, so that what is left is in the proportion of their rows.

    A scan that has less than its part of what is left keeps all it has, and the others the rest.
    """
    has = {scan: max(0.0, own[scan]) for scan in scans}
    left = max(0.0, sum(has.values()) - amount)
    rows = {scan: float(row[scan].raw.get("Actual Rows") or 0.0) * row[scan].loops for scan in scans}
    kept: dict[int, float] = {}
    while len(kept) < len(scans):
        waiting = [scan for scan in scans if scan not in kept]
        total = sum(rows[scan] for scan in waiting)
        part = {scan: left * (rows[scan] / total if total else 1 / len(waiting)) for scan in waiting}
        settled = [scan for scan in waiting if has[scan] <= part[scan]] or waiting
        kept.update({scan: min(has[scan], part[scan]) for scan in settled})
        left = max(0.0, left - sum(kept[scan] for scan in settled))
    return {scan: has[scan] - kept[scan] for scan in scans}


def _carried(payers: Sequence[int], parent: int, own: Sequence[float], amount: float) -> dict[int, float]:
    """Let the node carry an InitPlan in which most is unexplained.

    When that is less than the InitPlan took, the rest was spent on ending its workers after the run, which the engine
    counts where the InitPlan is printed.
    """
    if not payers:
        return {}
    payer = max(payers, key=lambda at: (own[at], -at))
    rest = min(amount - own[payer], own[parent] if parent >= 0 and parent != payer else 0.0)
    return {payer: amount - rest, parent: rest} if rest > 0 else {payer: amount}


def exclusive(row: Sequence[Draft], inclusive: Sequence[float], adopted: Adoptions) -> list[float]:
    """Return what each node alone accounts for; below zero by the rounding of what the engine prints, at most."""
    own = list(inclusive)
    for draft in row:
        if draft.at in adopted:
            for payer, share in adopted[draft.at].items():
                own[payer] -= share
        elif draft.parent >= 0:
            own[draft.parent] -= inclusive[draft.at]
    return own


def charged_cost(row: Sequence[Draft]) -> tuple[list[float], list[float]] | None:
    """Return each node's own share of the plan's total cost, and the executions that the planner reckons with.

    The inner side of a nested loop counts once for every row of the outer side, but never more than the join's own
    total leaves room for (rescans of a Materialize are cheaper). Where a parent costs less than its children, because
    it stops early (LIMIT, a merge join), the children's shares shrink in proportion. The shares add up to the total
    cost of the root. None without costs.

    Source: PostgreSQL, ``final_cost_nestloop`` and ``cost_rescan`` in ``costsize.c``, ``create_limit_path``.
    """
    if "Total Cost" not in row[0].raw:
        return None
    total = [draft.raw.get("Total Cost") or 0.0 for draft in row]
    own, loops, scale = total[:], [1.0] * len(row), [1.0] * len(row)
    for draft in row:
        if not draft.children:
            own[draft.at] = total[draft.at] * scale[draft.at]
            continue
        asked = _executions(row, draft)
        wanted = [total[child] * times for child, times in zip(draft.children, asked, strict=True)]
        shares = _within(total[draft.at], wanted, asked)
        for child, times, share in zip(draft.children, asked, shares, strict=True):
            loops[child] = loops[draft.at] * times
            scale[child] = scale[draft.at] * (share / total[child] if total[child] else 1.0)
        own[draft.at] = max(0.0, total[draft.at] - sum(shares)) * scale[draft.at]
    return own, loops


def _executions(row: Sequence[Draft], draft: Draft) -> list[float]:
    """Return how often each child is executed for one execution of the node, as the planner reckons."""
    outer = next(
        (float(row[at].raw.get("Plan Rows") or 1.0) for at in draft.children if row[at].relationship == "Outer"), 0.0
    )
    loop = draft.raw.get("Node Type") == "Nested Loop"
    return [
        _runs(draft, row[at], outer)
        if row[at].relationship == "SubPlan"
        else max(1.0, outer)
        if loop and row[at].relationship == "Inner"
        else 1.0
        for at in draft.children
    ]


def _runs(draft: Draft, plan: Draft, outer: float) -> float:
    """Return how often a SubPlan is run: a hashed one once, another for each row that the expression is worked out for.

    In the output, those are the rows given on. In a condition, they are the rows before it; a scan does not say how
    many that are, and the most that its cost has room for is taken.
    """
    name = re.escape(str(plan.raw.get("Subplan Name", "")).partition(" (")[0])
    if mentions(draft, re.compile(rf"hashed {name}\b")):
        return 1.0
    rows = float(draft.raw.get("Plan Rows") or 1.0)
    if not mentions(draft, re.compile(rf"\b{name}\b"), CONDITIONS):
        return max(1.0, rows)
    each = float(plan.raw.get("Total Cost") or 0.0)
    room = float(int(float(draft.raw.get("Total Cost") or 0.0) / each)) if each else 1.0
    return max(1.0, rows, min(outer, room) if outer else room)


def _within(available: float, wanted: Sequence[float], times: Sequence[float]) -> list[float]:
    """Return the children's shares of a parent's cost: single executions first, repeated ones from what they leave."""
    once = sum(want for want, each in zip(wanted, times, strict=True) if each == 1.0)
    often = sum(wanted) - once
    first = min(1.0, available / once) if once else 1.0
    room = max(0.0, available - once * first)
    then = min(1.0, room / often) if often else 1.0
    return [want * (first if each == 1.0 else then) for want, each in zip(wanted, times, strict=True)]
