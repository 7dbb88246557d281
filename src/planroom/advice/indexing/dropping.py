"""Which of the indexes that are there a workload can do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.advice.indexing.existing import begins_with
from planroom.advice.indexing.results import DroppedIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.advice.indexing.existing import ExistingIndex
    from planroom.advice.indexing.objective import Chosen, Objective
    from planroom.model import ObjectId

__all__ = ["droppable"]

_NO_LOSS = 0.001  # share of what its queries cost: a longer index that does the same is read a little dearer


def droppable(
    objective: Objective,
    chosen: Chosen,
    existing: Sequence[ExistingIndex],
    candidates: Sequence[CandidateIndex],
    writes: Mapping[ObjectId, float],
    page_cost: float,
) -> tuple[DroppedIndex, ...]:
    """Return the indexes that no query uses, those that another does the work of, and those not worth their upkeep.

    Args:
        objective: The workload.
        chosen: The new indexes.
        existing: The indexes that are there.
        candidates: Those that were to choose among.
        writes: Rows written to each table in the time that is looked at.
        page_cost: What a page read at random costs.
    """
    new = [each for each in candidates if each.name in chosen]
    gone: dict[str, DroppedIndex] = {}
    for each in sorted((one for one in existing if not one.kept), key=lambda one: one.name):
        there = objective.there - gone.keys()
        longer = [one for one in new if one.table == each.table]
        beside = [one for one in existing if one.table == each.table and one is not each and one.name not in gone]
        height = objective.costs.costs.height(each.name)
        upkeep = writes.get(each.table, 0.0) * (height + 1) * page_cost
        lost, cost = _lost(objective, chosen, there, each.name)
        reason = _reason(objective, chosen, there, each, [*beside, *longer], lost, cost, upkeep)
        if reason:
            size = objective.costs.costs.size_bytes(each.name)
            gone[each.name] = DroppedIndex(existing=each, size_bytes=size, reason=reason, upkeep=upkeep)
    return tuple(gone.values())


def _lost(objective: Objective, chosen: Chosen, there: Chosen, name: str) -> tuple[float, float]:
    """Return what the queries cost more without an index, and what they cost with it."""
    with_it = without = 0.0
    for query in sorted(objective.queries[name]):
        weight = objective.weights[query]
        with_it += weight * objective.costs.cost(query, chosen | there)[0]
        without += weight * objective.costs.cost(query, chosen | (there - {name}))[0]
    return without - with_it, with_it


def _reason(
    objective: Objective,
    chosen: Chosen,
    there: Chosen,
    index: ExistingIndex,
    others: Sequence[ExistingIndex | CandidateIndex],
    lost: float,
    cost: float,
    upkeep: float,
) -> str:
    """Return why an index may go; empty where it may not."""
    twin = next(_longer(index, others), None)
    is_used = any(
        index.name in objective.costs.cost(query, chosen | there)[1] for query in objective.queries[index.name]
    )
    if twin is not None and lost <= _NO_LOSS * cost:
        same = begins_with(index.index, twin.index)
        return f"{twin.name} is the same" if same else f"{twin.name} begins with its columns"
    if not is_used:
        return "no query of the workload uses it"
    return "keeping it up costs more than it saves" if 0 < lost < upkeep else ""


def _longer(
    index: ExistingIndex, others: Sequence[ExistingIndex | CandidateIndex]
) -> Iterator[ExistingIndex | CandidateIndex]:
    return (each for each in others if begins_with(each.index, index.index))
