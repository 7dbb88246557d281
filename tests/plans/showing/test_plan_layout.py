"""Where the boxes of a plan stand."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.drawing.geometry import Box
from planroom.plans.showing.folding import Entry, View
from planroom.plans.showing.pictures.outline import outline
from planroom.plans.showing.pictures.tidy import tidy
from planroom.plans.showing.tree import PlanTree
from tests.counting import calls
from tests.plans.showing.trees import chain, grown, node, partitions, plan, scan, shapes


def flat(shape: Any) -> list[list[int]]:
    """Return the children of each box of a shape, numbered from the top down."""
    found: list[list[int]] = []

    def add(each: Any) -> int:
        at = len(found)
        found.append([])
        found[at] = [add(child) for child in each]
        return at

    add(shape)
    return found


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[list[int]]]:
    children = flat(draw(shapes))
    size = st.tuples(st.integers(20, 260), st.integers(30, 120))
    return [tuple(map(float, draw(size))) for _ in children], children


@settings(max_examples=60, deadline=None)
@given(trees())
def test_no_boxes_overlap_and_children_stand_below_their_parents_in_order(tree: Any) -> None:
    sizes, children = tree
    boxes = tidy(sizes, children, gap=10, level_gap=20)

    assert [(box.width, box.height) for box in boxes] == sizes
    assert not any(one.grown(4.9).overlaps(other.grown(4.9)) for one, other in combinations(boxes, 2))
    for parent, below in zip(boxes, children, strict=True):
        assert all(boxes[child].y >= parent.bottom + 20 for child in below)
        assert all(boxes[one].right < boxes[other].x for one, other in pairwise(below))


@settings(max_examples=40, deadline=None)
@given(trees())
def test_a_parent_stands_in_the_middle_of_its_children_and_nothing_left_of_the_paper(tree: Any) -> None:
    sizes, children = tree
    boxes = tidy(sizes, children)

    def middle(at: int) -> float:
        return boxes[at].x + boxes[at].width / 2

    assert min(box.x for box in boxes) == pytest.approx(0)
    for at, below in enumerate(children):
        if below:
            assert middle(at) == pytest.approx((middle(below[0]) + middle(below[-1])) / 2)


def test_subtrees_are_as_close_as_their_outlines_allow() -> None:
    wide, narrow = (100.0, 20.0), (20.0, 20.0)
    boxes = tidy([narrow, narrow, wide, narrow], [[1, 3], [2], [], []], gap=10)

    assert boxes[3].x - boxes[1].right == pytest.approx(10), "the wide grandchild is on another level"


def binary(levels: int) -> list[list[int]]:
    total = 2**levels - 1
    deeper = [list[int]() for _ in range(total)]
    waiting, free = [(0, levels)], 1
    order = [0]
    while waiting:
        at, left = waiting.pop()
        if left > 1:
            for _ in range(2):
                deeper[at].append(free)
                waiting.append((free, left - 1))
                order.append(free)
                free += 1
    return deeper


@pytest.mark.parametrize(
    "make",
    [
        lambda size: [[at + 1] if at + 1 < size else [] for at in range(size)],
        lambda size: [list(range(1, size)), *([] for _ in range(size - 1))],
        lambda size: binary(size.bit_length()),
        lambda size: [[at + 1, at + 2] if at % 2 == 0 and at + 2 < size else [] for at in range(size)],
    ],
    ids=["chain", "star", "binary", "comb"],
)
def test_the_layout_takes_time_in_proportion_to_the_boxes(make: Any) -> None:
    def work(size: int) -> float:
        children = make(size)
        return calls(lambda: tidy([(100.0, 50.0)] * len(children), children)) / len(children)

    assert work(4_000) < 1.3 * work(500)


def view_of_shape(shape: Any) -> View:
    children = flat(shape)
    parents = {child: at for at, below in enumerate(children) for child in below}
    result = node("Result")
    return View(tuple(Entry(result, None, parents.get(at, -1), tuple(below)) for at, below in enumerate(children)))


@settings(max_examples=60, deadline=None)
@given(shapes)
def test_an_outline_has_every_box_once_below_its_parent_and_little_indented(shape: Any) -> None:
    view = view_of_shape(shape)
    places = {place.at: place for place in outline(view)}

    assert sorted(place.row for place in places.values()) == list(range(len(view.entries)))
    for at, place in places.items():
        parent = view.entries[at].parent
        if parent >= 0:
            assert place.row > places[parent].row
            assert place.indent == places[parent].indent + place.branch
    assert 2 ** max(place.indent for place in places.values()) <= len(view.entries)


def test_forty_nested_loops_are_a_straight_line_in_an_outline() -> None:
    tree = PlanTree(chain(40))
    indents = {place.indent for place in outline(tree.view)}

    assert indents == {0, 1}
    assert tree.picture.width < 1_280


def test_a_plan_of_three_nodes_is_a_tree_and_one_that_is_too_wide_an_outline() -> None:
    small = plan(node("Hash Join", scan("a"), scan("b")))
    sorts = [node("Sort", scan(f"t{at}"), sort_keys=("k",) * at) for at in range(4)]
    wide = plan(node("Append", *sorts, *map(grown, [[], [[]], [[[]]], [[], []]])))

    assert boxes_of(small)[1].y == boxes_of(small)[2].y, "children stand side by side"
    ys = [box.y for box in boxes_of(wide)]
    assert len(set(ys)) == len(ys), "one below the other"


def boxes_of(found: Any) -> tuple[Box, ...]:
    from planroom.plans.showing.pictures.picture import drawing_of

    tree = PlanTree(found)
    return drawing_of(tree.view, tree.captions, tree.weights).boxes


@pytest.mark.parametrize("layout", ["tree", "outline"])
@settings(max_examples=15, deadline=None)
@given(shape=shapes)
def test_no_boxes_of_a_picture_overlap(layout: str, shape: Any) -> None:
    from planroom.plans.showing.pictures.picture import drawing_of

    tree = PlanTree(plan(grown(shape)), layout=layout)
    drawing = drawing_of(tree.view, tree.captions, tree.weights, layout=layout)

    assert not any(one.overlaps(other) for one, other in combinations(drawing.boxes, 2))
    assert all(box.x >= 0 and box.right <= drawing.width and box.bottom <= drawing.height for box in drawing.boxes)


def test_a_picture_is_drawn_in_time_in_proportion_to_the_plan() -> None:
    def work(size: int) -> float:
        found = partitions(size)
        return calls(lambda: found.tree().svg) / size

    assert work(8_000) < 1.3 * work(1_000)


def test_a_very_deep_plan_is_drawn() -> None:
    assert chain(5_000).tree().picture.height < 4_000
