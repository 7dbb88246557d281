"""Time is charged to the node that spent it: naps are planted, and must be found where they were taken."""

# ruff: noqa: E501  (a statement or a plan reads best on one line)
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from planroom.plans import plan_of
from planroom.plans._postgres.charging import _shared as shared
from planroom.plans._postgres.charging import adoptions_of, exclusive, waiting_ms
from planroom.plans._postgres.draft import drafts_of
from tests.plans.zoo.postgres import QUERIES, Query

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

pytestmark = pytest.mark.server

PARALLEL = (
    "parallel_setup_cost = 0; parallel_tuple_cost = 0; min_parallel_table_scan_size = 0; "
    "max_parallel_workers_per_gather = 2"
)
NAP = (
    "CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN PERFORM pg_sleep(0.03); RETURN COALESCE(NEW, OLD); END'; CREATE TRIGGER napping "
)


@dataclass(frozen=True)
class Planted:
    """A nap, where it must be found, and how long it is."""

    query: Query
    where: str
    ms: float


def planted(sql: str, where: str, ms: float, settings: str = "", before: str = "") -> Planted:
    return Planted(Query(sql, settings, before), where, ms)


NAPS = {
    "the inner side of a loop": planted(
        "SELECT * FROM (VALUES (1), (2), (3)) v(a) CROSS JOIN LATERAL (SELECT a FROM pg_sleep(0.01 + a * 0)) s",
        "Function Scan on pg_sleep",
        30,
    ),
    "a CTE scanned once": planted("WITH c AS MATERIALIZED (SELECT pg_sleep(0.03), 1 AS a) SELECT * FROM c", "Result", 30),
    "a CTE scanned twice": planted("WITH c AS MATERIALIZED (SELECT pg_sleep(0.03), 1 AS a) SELECT * FROM c x, c y", "Result", 30),
    "a CTE scanned by an inner query": planted("WITH c AS MATERIALIZED (SELECT pg_sleep(0.03), 1 AS a) SELECT * FROM customer WHERE id IN (SELECT a FROM c OFFSET 0)", "Result", 30),
    "a CTE whose name is used again": planted("WITH c AS MATERIALIZED (SELECT 1 AS a) SELECT * FROM c WHERE a IN (WITH c AS MATERIALIZED (SELECT 2 AS a, pg_sleep(0.03)) SELECT a FROM c OFFSET 0)", "#5 Result", 30),
    "a CTE that reads another": planted("WITH c AS MATERIALIZED (SELECT 1 AS a, pg_sleep(0.01)), d AS MATERIALIZED (SELECT a, pg_sleep(0.04) FROM c) SELECT * FROM d, c", "#3 CTE Scan on c", 40),
    "a CTE read for every row": planted("WITH c AS MATERIALIZED (SELECT g AS a, pg_sleep(0.01) FROM generate_series(1, 3) g) SELECT id, (SELECT count(*) FROM c WHERE c.a = customer.id) FROM customer WHERE id < 6", "Function Scan on generate_series", 30),
    "an InitPlan in a filter": planted("SELECT * FROM orders WHERE total > (SELECT 3 FROM pg_sleep(0.03)) AND id < 100", "Function Scan on pg_sleep", 30),
    "an InitPlan in the output": planted("SELECT id, (SELECT 1 FROM pg_sleep(0.03)) FROM orders LIMIT 20", "Function Scan on pg_sleep", 30),
    "an InitPlan below a Gather": planted("SELECT count(*) FROM big WHERE length(text) > (SELECT 3 FROM pg_sleep(0.03))", "Function Scan on pg_sleep", 30, PARALLEL),
    "an InitPlan in a one-time filter": planted("SELECT * FROM customer WHERE (SELECT true FROM pg_sleep(0.03))", "Function Scan on pg_sleep", 30),
    "two InitPlans": planted("SELECT a.id FROM customer a JOIN orders o ON o.customer_id = a.id WHERE a.id = (SELECT 3 FROM pg_sleep(0.03)) AND o.customer_id = (SELECT 3 FROM pg_sleep(0.01))", "#2 Function Scan on pg_sleep", 30),
    "a correlated SubPlan": planted("SELECT id, (SELECT o.id FROM pg_sleep(0.01 + o.id * 0)) FROM orders o WHERE id < 4", "Function Scan on pg_sleep", 30),
    "a correlated SubPlan in a filter": planted("SELECT id FROM orders o WHERE id < 4 AND (SELECT o.id FROM pg_sleep(0.01 + o.id * 0)) > 2", "Function Scan on pg_sleep", 30),
    "a hashed SubPlan": planted("SELECT id FROM customer WHERE region NOT IN (SELECT 100 + g FROM generate_series(1, 3) g, pg_sleep(0.03))", "Function Scan on pg_sleep", 30),
    "one of the parallel processes": planted("SELECT count(*) FROM big WHERE length(text) > 3 AND (CASE WHEN id = 15000 THEN pg_sleep(0.05) IS NOT NULL ELSE true END)", "Parallel Seq Scan on", 50, PARALLEL),
    "parallel workers alone": planted("SELECT count(*) FROM big WHERE length(text) > 3 AND (CASE WHEN id % 10000 = 99 THEN pg_sleep(0.05) IS NOT NULL ELSE true END)", "Parallel Seq Scan on", 50, PARALLEL + "; parallel_leader_participation = off"),
    "all parallel processes": planted("SELECT count(*) FROM big WHERE (CASE WHEN id % 1000 = 0 THEN pg_sleep(0.01) IS NOT NULL ELSE true END)", "Parallel Seq Scan on", 70, PARALLEL),
    "a member of a Parallel Append": planted("SELECT count(*) FROM measure WHERE CASE WHEN day = 250 AND value = 550 THEN pg_sleep(0.05) IS NOT NULL ELSE true END", "Seq Scan on", 50, PARALLEL + "; enable_parallel_append = on"),
    "below a Gather for show": planted("SELECT pg_sleep(0.05), id FROM customer WHERE id = 4", "Seq Scan on", 50, "debug_parallel_query = on"),
    "a BEFORE trigger": planted("UPDATE customer SET name = 'x' WHERE id = 3", "Update on", 30, before=NAP + "BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION nap()"),
    "a data-modifying CTE that nothing scans": planted("WITH gone AS (DELETE FROM item WHERE order_id < 2 AND pg_sleep(0.02) IS NOT NULL) SELECT 1", "Index Scan using item_pkey", 40),
    "a data-modifying CTE that is scanned": planted("WITH gone AS (DELETE FROM item WHERE order_id < 2 AND pg_sleep(0.02) IS NOT NULL RETURNING *) SELECT count(*) FROM gone", "Index Scan using item_pkey", 40),
    "below a Limit that stops early": planted("SELECT * FROM (SELECT pg_sleep(0.01), id FROM customer OFFSET 0) s LIMIT 3", "Seq Scan on", 30),
    "a member of an Append": planted("SELECT 1 UNION ALL SELECT 2 FROM pg_sleep(0.03)", "Function Scan on pg_sleep", 30),
    "a recursive query": planted("WITH RECURSIVE w(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w, LATERAL pg_sleep(0.01 + n * 0) WHERE n < 4) SELECT * FROM w", "Function Scan on pg_sleep", 30),
    "below a Memoize": planted("SELECT count(*) FROM orders o JOIN LATERAL (SELECT c.name FROM customer c, pg_sleep(0.002 + o.customer_id * 0) WHERE c.id = o.customer_id OFFSET 0) n ON true WHERE o.id < 16", "Function Scan on pg_sleep", 30),
}  # fmt: skip


UNEVEN = {
    "one of the parallel processes",
    "parallel workers alone",
    "all parallel processes",
    "a member of a Parallel Append",
}


def rounding(plan: Plan, number: int) -> float:
    """What the engine's rounding to a thousandth of a millisecond, per loop, can amount to in one node."""
    involved = [plan.nodes[number - 1], *plan.nodes[number - 1].children]
    return 0.002 + 0.0006 * sum(max(1.0, node.loops or 0.0) for node in involved)


@pytest.mark.parametrize("verbose", [True, False], ids=["verbose", "plain"])
@pytest.mark.parametrize("name", NAPS)
def test_a_nap_is_charged_to_the_node_that_took_it(name, verbose, explainer):
    """Without VERBOSE, the processes cannot be told apart, and waiting for the slowest of them is the Gather's."""
    nap = NAPS[name]
    with explainer.prepared(nap.query):
        plan = plan_of(explainer.explain(nap.query.sql, "ANALYZE, BUFFERS OFF" + ", VERBOSE" * verbose, "json"))
    sleeper = max(plan.nodes, key=lambda node: node.self_ms)

    if verbose or name not in UNEVEN or sleeper.operator != "Gather":
        assert nap.where in str(sleeper).replace("public.", ""), str(plan)
        assert sleeper.self_ms >= (0.9 if verbose or name not in UNEVEN else 0.3) * nap.ms
    charged = sum(node.self_ms for node in plan.nodes)
    slack = sum(rounding(plan, node.number) for node in plan.nodes)
    if "nothing scans" not in name:
        assert charged == pytest.approx(plan.root.total_ms * plan.root.loops, abs=slack)
    assert charged <= plan.execution_ms + slack


def test_a_cte_s_whole_time_is_shared_when_one_scan_has_less_than_its_part():
    """What is left of a CTE's scans is in the proportion of their rows, but for one that has not that much."""
    row = drafts_of(
        {"Node Type": "Append", "Plans": [{"Node Type": "CTE Scan", "Actual Rows": 5, "Actual Loops": 1}] * 3}
    )

    assert shared(row, (1, 2, 3), [0.0, 1.0, 50.0, 50.0], 60.0) == {1: 0.0, 2: 30.0, 3: 30.0}


@pytest.mark.parametrize(
    ("statement", "when", "named"),
    [
        ("UPDATE customer SET name = 'x' WHERE id = 3", "BEFORE UPDATE ON customer", "napping"),
        ("UPDATE customer SET name = 'x' WHERE id = 3", "AFTER UPDATE ON customer", "napping"),
        ("DELETE FROM customer WHERE id = 9", "BEFORE DELETE ON orders", "orders_customer_id_fkey"),
    ],
    ids=["before", "after", "foreign key"],
)
def test_a_trigger_s_nap_is_the_trigger_s(statement, when, named, explainer):
    with explainer.prepared(Query(statement, before=f"{NAP} {when} FOR EACH ROW EXECUTE FUNCTION nap()")):
        plan = plan_of(explainer.explain(statement, "ANALYZE", "json"))
    slow = max(plan.triggers, key=lambda trigger: trigger.time_ms)
    within = when.startswith("BEFORE UPDATE")

    assert named in {slow.name, slow.constraint}
    assert slow.time_ms >= 30
    assert slow.relation == "customer"
    assert slow.inside == (1 if within else 0)
    assert (plan.root.self_ms >= 30) is within
    outside = sum(trigger.time_ms for trigger in plan.triggers if not trigger.inside)
    assert sum(node.self_ms for node in plan.nodes) + outside <= plan.execution_ms + 0.1


@pytest.mark.parametrize("name", QUERIES)
def test_no_node_is_charged_less_than_nothing_and_shares_add_up(name, zoo):
    """Before anything is cut off at zero: what lies below it is rounding."""
    plan = plan_of(zoo[name].run.json)
    row = drafts_of(plan.raw["Plan"])
    waits = waiting_ms(row)
    own = exclusive(row, waits, adoptions_of(row, waits))

    assert [(str(plan.nodes[at]), ms) for at, ms in enumerate(own) if ms < -rounding(plan, at + 1) - 0.01] == []
    assert sum(node.self_cost for node in plan.nodes) == pytest.approx(plan.total_cost, rel=1e-6, abs=0.02)
    assert all(node.self_cost >= 0 for node in plan.nodes)
    assert all(getattr(node.self_buffers, "touched", 0) <= node.buffers.touched for node in plan.nodes)


@pytest.mark.parametrize(
    ("sql", "node", "loops"),
    [
        ("SELECT id, (SELECT count(*) FROM item i WHERE i.order_id = o.id) FROM orders o", 2, 4000),
        ("SELECT id FROM customer WHERE region NOT IN (SELECT quantity FROM item)", 2, 1),
        ("SELECT id FROM orders o WHERE (SELECT count(*) FROM item i WHERE i.order_id = o.id) > 2", 2, 4004),
        ("SELECT * FROM customer c JOIN orders o ON o.customer_id = c.id WHERE c.id < 4", 3, 3),
    ],
    ids=["correlated", "hashed", "in a filter", "inner side"],
)  # fmt: skip
def test_the_executions_that_the_planner_reckons_with(sql, node, loops, explainer):
    plan = plan_of(explainer.explain(sql, "", "json"))

    assert plan.nodes[node - 1].estimated_loops == loops, str(plan)
    assert sum(each.self_cost for each in plan.nodes) == pytest.approx(plan.total_cost)
