"""Plans for tests: random trees, and small ones by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from planroom.plans._postgres.document import plan_of_document
from planroom.plans.plan import Plan

__all__ = ["join", "plan", "plans", "scan", "unary"]

Node = dict[str, Any]
HOSTILE = [
    "orders",
    "customers",
    "order lines",
    'quo"te',
    "<b>x</b>",
    "a\nb",
    "as",
    "Ünïcode",
    "x (was y)",
    "\u202eevil",
]


def scan(relation: str, operator: str = "Seq Scan", *, alias: str = "", index: str = "", **more: Any) -> Node:
    """Return a node that reads a relation."""
    named = {"Index Name": index} if index else {}
    return {"Node Type": operator, "Relation Name": relation, "Alias": alias or relation, **named, **_numbers(), **more}


def unary(operator: str, below: Node, **more: Any) -> Node:
    """Return a node with one child."""
    return {"Node Type": operator, **_numbers(), "Plans": [{**below, "Parent Relationship": "Outer"}], **more}


def join(operator: str, outer: Node, inner: Node, **more: Any) -> Node:
    """Return a join of two sides."""
    sides = [{**outer, "Parent Relationship": "Outer"}, {**inner, "Parent Relationship": "Inner"}]
    return {"Node Type": operator, "Join Type": "Inner", **_numbers(), "Plans": sides, **more}


def _numbers() -> Node:
    return {"Startup Cost": 0.0, "Total Cost": 10.0, "Plan Rows": 100, "Plan Width": 8}


def plan(node: Node, **document: Any) -> Plan:
    """Return the plan with this tree."""
    return plan_of_document({"Plan": node, **document})


def _scans() -> st.SearchStrategy[Node]:
    operators = st.sampled_from(["Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan", "CTE Scan"])
    return st.builds(
        lambda relation, operator, alias: scan(
            relation, operator, alias=alias or relation, index="i_x" if operator.startswith("Index") else ""
        ),
        st.sampled_from(HOSTILE), operators, st.sampled_from(["", "o", "o_1", "t"]),
    )  # fmt: skip


def _grown(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    operators = st.sampled_from(["Sort", "Gather", "Hash", "Materialize", "Aggregate", "Limit", "Memoize", "Unique"])
    joins = st.sampled_from(["Hash Join", "Nested Loop", "Merge Join"])
    kinds = st.sampled_from(["Inner", "Left", "Anti", "Right Semi"])
    return st.one_of(
        st.builds(unary, operators, below),
        st.builds(lambda operator, a, b, kind: {**join(operator, a, b), "Join Type": kind}, joins, below, below, kinds),
        st.builds(_appended, st.lists(below, min_size=1, max_size=3)),
        st.builds(_with_initplan, below, below),
    )


def _appended(members: list[Node]) -> Node:
    return {
        "Node Type": "Append", **_numbers(),
        "Plans": [{**each, "Parent Relationship": "Member"} for each in members],
    }  # fmt: skip


def _with_initplan(top: Node, sub: Node) -> Node:
    first = {**sub, "Parent Relationship": "InitPlan", "Subplan Name": "CTE recent"}
    return {**top, "Plans": [first, *top.get("Plans", ())]}


def plans() -> st.SearchStrategy[Plan]:
    """Return random plans of up to a few dozen nodes, hostile names included."""
    return st.recursive(_scans(), _grown, max_leaves=12).map(plan)
