"""What moved, in sentences; many alike are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.plans.comparing.anchors import anchor_name
from planroom.plans.comparing.changes import State
from planroom.plans.comparing.conditions import condition_moves
from planroom.plans.comparing.estimates import estimate_moves
from planroom.plans.comparing.joins import join_order, side_move, sides_across
from planroom.plans.comparing.naming import Reads, called, indexes, listed, product, worded
from planroom.plans.comparing.uses import use_moves
from planroom.plans.operators import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.plans.comparing.changes import NodeChange, Pairing
    from planroom.plans.node import PlanNode

__all__ = ["Saying", "grouped", "sentences", "structure"]

_MOST_ALIKE = 2
_PARALLEL = ("Parallel ", "Partial ", "Finalize ")
_WITH_ITS_PARENT = frozenset({"Hash", "Bitmap Index Scan", "BitmapAnd", "BitmapOr"})


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, and how it is said of many: sayings with the same ``form`` are one, with the subjects listed."""

    text: str
    form: str = ""
    subject: str = ""


def sentences(pairing: Pairing) -> tuple[str, ...]:
    """Return what moved between two plans, the structure first and then the numbers."""
    sayings = [*_structure(pairing), *_of_pairs(pairing)]
    return grouped(sayings)


def structure(pairing: Pairing) -> tuple[str, ...]:
    """Return what moved in the structure alone: other operators, joins, indexes; no numbers."""
    return grouped([*_structure(pairing)])


def _structure(pairing: Pairing) -> Iterator[Saying]:
    reads = pairing.reads
    reordered = _reordered(pairing)
    if reordered:
        yield from _order(pairing)
    yield from _exchanged(pairing, reads)
    parallel = [] if pairing.across else _parallel_changes(pairing)
    yield from parallel
    for change in pairing.changes:
        yield from _of_node(change, pairing, reads, parallel=bool(parallel), reordered=reordered)


def _order(pairing: Pairing) -> Iterator[Saying]:
    old, new = (join_order(plan, tables=pairing.across) for plan in (pairing.old, pairing.new))
    if old != new and pairing.across:
        yield Saying(f"joined in {product(pairing.old.engine)}: {old}; in {product(pairing.new.engine)}: {new}")
    elif old != new:
        yield Saying(f"join order changed: {old} → {new}")


def _of_pairs(pairing: Pairing) -> Iterator[Saying]:
    if not pairing.across:
        yield from (Saying(*each) for each in condition_moves(pairing))
    yield from (Saying(text) for text in estimate_moves(pairing))
    if not pairing.across:
        yield from (Saying(text) for text in use_moves(pairing))


def _reordered(pairing: Pairing) -> bool:
    """Whether joins of other sides took the place of joins."""
    states = {change.state for change in pairing.changes if change.node.kind is Kind.JOIN}
    return {State.ADDED, State.REMOVED} <= states


# -- one node ----------------------------------------------------------------------------------------------------------


def _of_node(
    change: NodeChange, pairing: Pairing, reads: tuple[Reads, Reads], *, parallel: bool, reordered: bool
) -> Iterator[Saying]:
    node = change.node
    if change.state is State.CHANGED:
        yield from _changed(change, pairing, reads, parallel=parallel)
    elif change.state is State.SAME or (reordered and node.kind is Kind.JOIN) or pairing.is_aside(change):
        return
    elif not _follows(change, parallel=parallel):
        where = reads[1] if change.new else reads[0]
        became = str(change.state)
        if pairing.across:
            became = f"only in {product((pairing.new if change.new else pairing.old).engine)}"
        yield Saying(f"{worded(node, where)} {became}", f"{node.title} {became} in {{}} places")


def _follows(change: NodeChange, *, parallel: bool) -> bool:
    """Whether a node came or went with another one that is told of."""
    node = change.node
    return node.operator in _WITH_ITS_PARENT or (parallel and (node.kind is Kind.GATHER or node.partial_mode != ""))


def _changed(change: NodeChange, pairing: Pairing, reads: tuple[Reads, Reads], *, parallel: bool) -> Iterator[Saying]:
    old, new = change.old, change.new
    if old is None or new is None:
        return
    names = {facet.name for facet in change.facets}
    if parallel and names == {"operator"} and _serial(old.title) == _serial(new.title):
        return
    if pairing.across:
        yield from _changed_across(old, new, names, pairing, reads)
        return
    if names == {"index"}:
        yield Saying(
            f"{new.title} on {_where(new)} uses {new.index or 'no index'} instead of {old.index or 'none'}",
            f"{new.title} uses another index on {{}} relations", _where(new),
        )  # fmt: skip
    elif names - {"sides"}:
        yield _became(old, new, reads)
    if "sides" in names:
        yield Saying(side_move(old, new, reads[1]), f"{new.title}: the sides of {{}} joins are swapped")


def _changed_across(
    old: PlanNode, new: PlanNode, names: set[str], pairing: Pairing, reads: tuple[Reads, Reads]
) -> Iterator[Saying]:
    engines = product(pairing.old.engine), product(pairing.new.engine)
    if "operator" in names:
        told = new.relation or reads[1].below(new)
        yield Saying(
            f"{told}: {old.title} in {engines[0]}, {new.title} in {engines[1]}",
            f"{old.title} in {engines[0]}, {new.title} in {engines[1]}, in {{}} places", told,
        )  # fmt: skip
    if "sides" in names:
        yield Saying(sides_across(old, new, reads[1], engines))


def _became(old: PlanNode, new: PlanNode, reads: tuple[Reads, Reads]) -> Saying:
    if anchor_name(old) and anchor_name(old) == anchor_name(new):
        using = f" using {listed(indexes(new))}" if indexes(new) else ""
        return Saying(
            f"{worded(old, reads[0])} became {new.title}{using}",
            f"{old.title} became {new.title} on {{}} relations", _where(new),
        )  # fmt: skip
    now = called(new) if new.target else new.title
    return Saying(f"{worded(old, reads[0])} became {now}", f"{old.title} became {new.title} in {{}} places")


def _where(node: PlanNode) -> str:
    return node.relation or node.target


def _serial(title: str) -> str:
    for word in _PARALLEL:
        title = title.replace(word, "")
    return title


def _parallel_changes(pairing: Pairing) -> list[Saying]:
    """Return that the plan became parallel, or is no longer; what that changes in its nodes is not told again."""
    gathers = [[node for node in plan.nodes if node.kind is Kind.GATHER] for plan in (pairing.old, pairing.new)]
    if bool(gathers[0]) == bool(gathers[1]):
        return []
    if gathers[0]:
        return [Saying("the plan is no longer parallel")]
    planned = max((node.workers_planned or 0 for node in gathers[1]), default=0)
    workers = f", {planned} worker{'s' * (planned != 1)} planned" if planned else ""
    return [Saying(f"the plan is parallel now{workers}")]


def _exchanged(pairing: Pairing, reads: tuple[Reads, Reads]) -> Iterator[Saying]:
    """Say that two kinds of join changed places."""
    joins: dict[tuple[str, str], list[NodeChange]] = defaultdict(list)
    for change in pairing.changes:
        if change.old and change.new and change.new.kind is Kind.JOIN and change.old.operator != change.new.operator:
            joins[change.old.operator, change.new.operator].append(change)
    for first, second in sorted(joins):
        if first < second and (second, first) in joins:
            there, here = joins[first, second][0].node, joins[second, first][0].node
            yield Saying(
                f"{first} and {second} swapped: {reads[1].below(there)} are joined by {second} now, "
                f"{reads[1].below(here)} by {first}"
            )


# -- many alike --------------------------------------------------------------------------------------------------------


def grouped(sayings: Sequence[Saying]) -> tuple[str, ...]:
    """Return the sentences in order; more than two of one form are one."""
    numbers = Counter(each.form for each in sayings if each.form)
    subjects: dict[str, list[str]] = defaultdict(list)
    for each in sayings:
        if each.subject:
            subjects[each.form].append(each.subject)
    many = {form: _of_many(form, number, subjects[form]) for form, number in numbers.items() if number > _MOST_ALIKE}
    return tuple(dict.fromkeys(many.get(each.form, each.text) for each in sayings))


def _of_many(form: str, number: int, subjects: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(subjects))
    first = distinct[:3]
    more = " ..." if len(distinct) > len(first) else ""
    return form.replace("{}", str(len(distinct) or number), 1) + (f": {', '.join(first)}{more}" if first else "")
