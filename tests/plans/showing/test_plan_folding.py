"""What of a large plan is shown, and what stands folded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.drawing.graph import State
from planroom.plans.showing.folding import MOST, View, view_of
from planroom.plans.showing.marks import Mark
from planroom.plans.showing.tree import PlanTree
from planroom.plans.showing.weights import weigh
from tests.plans.showing.trees import chain, grown, node, partitions, plan, scan, shapes


def numbers_in(view: View) -> list[int]:
    """Return the numbers of all nodes, each as often as the view tells of it."""
    return sorted(
        number for entry in view.entries for number in (entry.fold.numbers if entry.fold else (entry.node.number,))
    )


@settings(max_examples=60, deadline=None)
@given(shapes, st.integers(1, 20))
def test_every_node_is_told_of_once_and_what_is_folded_has_what_it_had(shape: Any, most: int) -> None:
    found = plan(grown(shape))
    weights = weigh(found)
    view = view_of(found, weights, most=most)

    assert numbers_in(view) == [each.number for each in found.nodes]
    told = sum(weights.together(entry.fold.numbers if entry.fold else [entry.node.number]) for entry in view.entries)
    assert told == pytest.approx(sum(each.self_cost or 0.0 for each in found.nodes))
    assert all(entry.parent < at for at, entry in enumerate(view.entries))
    assert all(at in view.entries[entry.parent].children for at, entry in enumerate(view.entries) if at)


def test_many_like_children_are_one_and_a_fold_that_says_how_many() -> None:
    tree = partitions(3_000).tree()
    append, heaviest, fold = tree.captions

    assert append.title == "Append"
    assert (heaviest.subject, heaviest.number) == ("p2", "#4")
    assert (fold.title, fold.subject) == ("× 2\u2009999 more like this", "p0 … p2999")
    assert fold.share == "100 %", "2 999 of 3 004.5"
    assert fold.amount == "2\u2009999"
    assert fold.rows == "4\u2009528\u2009488", "10 + at rows each, without the third's"
    assert "2\u2009999 nodes of 3\u2009001 nodes stand folded." in str(tree)


def test_four_like_children_are_shown_one_by_one_and_five_are_not() -> None:
    assert partitions(4).tree().view.folded == 0
    assert partitions(5).tree().view.folded == 4


def test_children_that_differ_below_are_not_alike() -> None:
    sorts = [node("Sort", scan("a")) for _ in range(6)]
    others = [node("Sort", node("Index Scan", relation="a")) for _ in range(6)]
    tree = plan(node("Append", *sorts, *others)).tree()

    assert [caption.title for caption in tree.captions if caption.folded] == ["× 5 more like this"] * 2


def test_a_marked_child_is_not_like_the_others() -> None:
    tree = partitions(10).tree(marks={5: Mark(State.CHANGED, "was Index Scan")})
    shown = [(caption.subject, caption.mark.note) for caption in tree.captions]

    assert ("p3", "was Index Scan") in shown
    assert ("p0 … p9", "") in shown


def test_a_fold_of_likes_that_are_all_marked_bears_their_mark() -> None:
    marks = {number: Mark(State.ADDED) for number in range(2, 12)}
    [fold] = [caption for caption in partitions(10).tree(marks=marks).captions if caption.folded]

    assert fold.mark.state is State.ADDED


def test_light_branches_of_a_large_plan_are_folded_whole_and_heavy_ones_shown_whole() -> None:
    found = wide_tree()
    tree = PlanTree(found, most=34)

    assert len(tree.view.entries) <= 36
    assert numbers_in(tree.view) == [each.number for each in found.nodes]
    sides = [each.number for each in found.nodes if each.operator == "Aggregate"]
    sides = [number for number in sides if number not in tree.weights.heaviest_path]
    shown = [number for number in sides if not folded(tree, number)]
    assert shown == sides[-len(shown) :], "the heaviest"
    assert 2 <= len(shown) < len(sides)
    assert not any(folded(tree, number + below) for number in shown for below in (1, 2)), "whole"


def wide_tree() -> Any:
    """Twelve unlike branches of three nodes, each heavier than the one before."""
    below = node("Result", self_cost=0.0)
    for at in range(12):
        branch = node("Aggregate", node("Sort", scan(f"t{at}", self_cost=float(at + 1))), relationship="Inner")
        below = node("Nested Loop", below, branch, relationship="Outer", self_cost=0.1)
    return plan(below)


def folded(tree: PlanTree, number: int) -> bool:
    return any(number in entry.fold.numbers for entry in tree.view.entries if entry.fold)


def test_what_is_marked_may_take_as_much_room_again() -> None:
    found = wide_tree()
    leaves = [each.number for each in found.nodes if each.relation]
    tree = PlanTree(found, most=30, marks={number: Mark(State.CHANGED) for number in leaves})

    assert tree.view.folded == 0
    assert PlanTree(found, most=30).view.folded > 20


def test_a_branch_with_a_mark_is_shown_before_heavier_ones() -> None:
    found = wide_tree()
    lightest = max(each.number for each in found.nodes if each.relation == "t0")
    tree = PlanTree(found, most=34, marks={lightest: Mark(State.CHANGED)})

    assert folded(PlanTree(found, most=34), lightest), "it is folded without"
    assert not folded(tree, lightest)


@pytest.mark.parametrize("length", [60, 200, 3_000])
def test_a_long_chain_is_cut_to_what_can_be_looked_at(length: int) -> None:
    view = chain(length).tree().view

    assert len(view.entries) <= MOST + 2
    assert len(numbers_in(view)) == 2 * length + 1


def test_never_executed_partitions_are_counted_in_their_fold() -> None:
    ran = [scan(f"p{at}", rows=1.0, loops=1.0, total_ms=1.0) for at in range(6)]
    idle = [scan(f"q{at}", rows=0.0, loops=0.0) for at in range(6)]
    tree = plan(node("Append", *ran, *idle, rows=6.0, loops=1.0)).tree()

    assert [caption.remarks for caption in tree.captions if caption.folded] == [
        ("estimates off by up to 10",),
        ("5 never executed",),
    ]
