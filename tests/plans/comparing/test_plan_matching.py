"""Which node of one plan is which of another."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.plans.comparing.changes import Pairing, State
from planroom.plans.comparing.matching import match
from planroom.plans.node import PlanNode
from planroom.plans.plan import Plan
from tests.counting import calls
from tests.plans.comparing.trees import join, plan, plans, scan, unary


def renumbered(root: PlanNode) -> PlanNode:
    """Return a tree with numbers from the top down."""
    numbers = {id(node): at + 1 for at, node in enumerate(root.walk())}

    def again(node: PlanNode) -> PlanNode:
        return replace(node, number=numbers[id(node)], children=tuple(map(again, node.children)))

    return again(root)


def mirrored(node: PlanNode) -> PlanNode:
    """Return a tree with the children of every node the other way round."""
    return replace(node, children=tuple(mirrored(child) for child in reversed(node.children)))


def inserted(root: PlanNode, number: int) -> PlanNode:
    """Return a tree with a Sort put above the node with a number."""

    def again(node: PlanNode) -> PlanNode:
        whole = replace(node, children=tuple(map(again, node.children)))
        if node.number != number:
            return whole
        return PlanNode(
            0,
            "Incremental Sort",
            relationship=node.relationship,
            subplan=node.subplan,
            children=(replace(whole, relationship="Outer", subplan=""),),
        )

    return renumbered(again(root))


@settings(max_examples=30, deadline=None)
@given(plans())
def test_a_plan_matched_with_itself_is_the_same_everywhere(one: Plan) -> None:
    pairing = Pairing(one, one)

    assert pairing.matching.pairs == {node.number: node.number for node in one.nodes}
    assert {change.state for change in pairing.changes} == {State.SAME}


@settings(max_examples=30, deadline=None)
@given(plans(), plans())
def test_every_node_is_matched_at_most_once_and_none_is_lost(one: Plan, other: Plan) -> None:
    found = match(one, other)

    assert len(set(found.pairs.values())) == len(found.pairs)
    assert sorted([*found.pairs, *found.removed]) == [node.number for node in one.nodes]
    assert sorted([*found.pairs.values(), *found.added]) == [node.number for node in other.nodes]


@settings(max_examples=30, deadline=None)
@given(plans())
def test_sides_the_other_way_round_are_found(one: Plan) -> None:
    other = Plan(one.engine, renumbered(mirrored(one.root)))

    readers = [node for node in one.nodes if node.relation or node.source]
    found = match(one, other)

    assert all(node.number in found.pairs for node in readers)
    # where two sides read the very same things, which is which cannot be told; otherwise everything is found
    names = [(node.relation, node.alias) for node in readers]
    if len(set(names)) == len(names):
        assert not found.removed or any(not _reads(node) for node in one.nodes)


def _reads(node: PlanNode) -> bool:
    return any(each.relation or each.source for each in node.walk())


@settings(max_examples=30, deadline=None)
@given(plans(), st.data())
def test_a_sort_put_in_anywhere_is_added_and_nothing_else(one: Plan, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(one.nodes)))
    other = Plan(one.engine, inserted(one.root, number))

    found = match(one, other)

    assert not found.removed
    assert [other.nodes[each - 1].operator for each in found.added] == ["Incremental Sort"] or any(
        node.operator == "Sort" for node in one.nodes
    )


@settings(max_examples=30, deadline=None)
@given(plans())
def test_renamed_aliases_are_found(one: Plan) -> None:
    def renamed(node: PlanNode) -> PlanNode:
        return replace(node, alias=f"{node.alias}x" if node.alias else "", children=tuple(map(renamed, node.children)))

    other = Plan(one.engine, renamed(one.root))

    assert len(match(one, other).pairs) == len(one.nodes)


def test_a_scan_that_became_another_one_is_changed_and_not_removed() -> None:
    old = plan(join("Hash Join", scan("a"), unary("Hash", scan("b"))))
    new = plan(join("Nested Loop", scan("a"), scan("b", "Index Scan", index="b_pkey")))

    changes = {str(change.node): change.state for change in Pairing(old, new).changes}

    assert changes == {
        "#1 Nested Loop": State.CHANGED,
        "#2 Seq Scan on a": State.SAME,
        "#3 Index Scan using b_pkey on b": State.CHANGED,
        "#3 Hash": State.REMOVED,
    }


def test_a_renamed_table_is_found_by_its_place() -> None:
    old = plan(join("Hash Join", scan("a"), unary("Hash", scan("b"))))
    new = plan(join("Hash Join", scan("a"), unary("Hash", scan("c"))))

    (changed,) = [change for change in Pairing(old, new).changes if change.state is not State.SAME]

    assert [(facet.name, facet.old, facet.new) for facet in changed.facets] == [("relation", "b", "c")]


def test_joins_of_other_sides_are_other_joins() -> None:
    old = plan(join("Hash Join", join("Hash Join", scan("a"), scan("b")), scan("c")))
    new = plan(join("Hash Join", join("Hash Join", scan("a"), scan("c")), scan("b")))

    states = [change.state for change in Pairing(old, new).changes]

    assert states.count(State.ADDED) == states.count(State.REMOVED) == 1


def wide(members: int, operator: str = "Seq Scan") -> Plan:
    """Return a join of a partitioned table with itself: about twice as many nodes as members."""

    def side(alias: str) -> dict[str, object]:
        row = [
            {**scan(f"m_{at}", operator, alias=f"{alias}_{at}"), "Parent Relationship": "Member"}
            for at in range(members)
        ]
        return {"Node Type": "Append", "Total Cost": 1.0, "Plan Rows": 5, "Plans": row}

    return plan(join("Hash Join", side("x"), unary("Hash", side("y"))))


def test_the_cost_of_matching_is_linear_in_the_size() -> None:
    from planroom.plans.comparing import compared

    def work(members: int) -> int:
        old, new = wide(members), wide(members, "Index Scan")
        return calls(lambda: str(compared(old, new)))

    small, large = work(300), work(3000)  # 6,000 nodes

    assert large < 10 * small * 1.2


def test_a_deep_plan_does_not_recurse() -> None:
    from planroom.plans.comparing import compared

    node = scan("a")
    for _ in range(3000):
        node = unary("Materialize", node)
    old = plan(node)
    new = plan(unary("Sort", node))

    text = str(compared(old, new))

    assert "Sort over a added" in text
    assert json.dumps(text)


@settings(max_examples=30, deadline=None)
@given(plans(), plans())
def test_the_merged_tree_holds_every_node_once(one: Plan, other: Plan) -> None:
    from planroom.plans.comparing.merged import merged

    pairing = Pairing(one, other)
    tree = merged(pairing)

    assert [node.number for node in tree.plan.nodes] == list(range(1, len(pairing.changes) + 1))
    assert {id(change) for change in tree.changes.values()} == {id(change) for change in pairing.changes}


def test_a_join_is_found_again_whose_subplan_stands_elsewhere() -> None:
    sub = {**scan("c"), "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1"}
    below, above = join("Hash Join", scan("a"), scan("b")), unary("Sort", join("Nested Loop", scan("a"), scan("b")))
    old = plan(unary("Sort", {**below, "Plans": [sub, *below["Plans"]]}))
    new = plan({**above, "Plans": [sub, *above["Plans"]]})

    states = {change.node.operator: change.state for change in Pairing(old, new).changes}

    assert states == {"Sort": State.SAME, "Nested Loop": State.CHANGED, "Seq Scan": State.SAME}


def test_a_node_is_rather_the_same_operator_than_one_of_its_kind() -> None:
    old = plan(unary("Sort", scan("a")))
    new = plan(unary("Incremental Sort", unary("Sort", scan("a"))))

    states = {change.node.operator: change.state for change in Pairing(old, new).changes}

    assert states == {"Incremental Sort": State.ADDED, "Sort": State.SAME, "Seq Scan": State.SAME}
