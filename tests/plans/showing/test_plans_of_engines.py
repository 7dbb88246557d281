"""Plans that the engines made, seen."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from planroom.plans import plan_of

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.plans import Plan

SCRIPT = """
CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int);
INSERT INTO customers SELECT i, 'name' FROM generate_series(1, 200) t(i);
INSERT INTO orders SELECT i, i % 200 + 1, i FROM generate_series(1, 2000) t(i);
"""
QUERY = """
WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE total > 1000)
SELECT name, sum(total) FROM recent JOIN customers c ON c.id = recent.customer_id GROUP BY name ORDER BY 2
"""


def looked_at(plan: Plan) -> None:
    """Assert what holds of every plan that was run."""
    tree = plan.tree()
    shares = [tree.weights.share(node.number) for node in plan.nodes]
    assert sum(shares) == pytest.approx(1.0, abs=0.001)
    ET.fromstring(tree.svg)
    ET.fromstring(plan.icicle().svg)
    assert len(str(plan).splitlines()) >= 2 + len(plan.nodes)
    for shown in (str(plan), tree.svg, tree.html, str(plan.table()), plan.icicle().svg):
        assert not re.search(r"\\d (ms|µs|s)\\b", shown), "no durations"


@pytest.mark.server
@pytest.mark.parametrize("options", ["FORMAT JSON", "ANALYZE, VERBOSE, BUFFERS, FORMAT JSON"])
def test_a_plan_of_postgres_is_seen(fresh_database: OwnedPostgres, options: str) -> None:
    fresh_database.run(SCRIPT)
    [[text]] = fresh_database.query(f"EXPLAIN ({options}) {QUERY}").rows
    plan = plan_of(text if isinstance(text, str) else json.dumps(text))

    looked_at(plan)
    assert "CTE recent" in str(plan)
    assert plan.tree().weights.metric.name == "cost"
    own = sum(node.self_cost or 0.0 for node in plan.nodes)
    assert own == pytest.approx(plan.total_cost, abs=0.05)


@pytest.mark.parametrize("options", ["FORMAT json", "ANALYZE, FORMAT json"])
def test_a_plan_of_duckdb_is_seen(options: str) -> None:
    duckdb: Any = pytest.importorskip("duckdb")
    with duckdb.connect() as database:
        database.execute(SCRIPT)
        text = database.execute(f"EXPLAIN ({options}) {QUERY}").fetchall()[0][1]
    plan = plan_of(text)

    looked_at(plan)
    assert plan.tree().weights.metric.name == "rows"
