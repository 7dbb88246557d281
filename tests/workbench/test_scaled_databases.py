"""`pr.at_scale`: plans of a design at sizes that it does not have, on the real planner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import planroom as pr
from planroom.errors import PlanroomError, QuantityError, StatementFailedError, StatementRefusedError, UnknownNameError
from planroom.plans.shapes import fingerprint
from planroom.workbench import ScaledDatabase

SCHEMA = """
CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, region text NOT NULL);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    status text NOT NULL,
    placed_at timestamptz NOT NULL,
    amount numeric(10, 2) NOT NULL
);
CREATE TABLE lines (
    order_id bigint NOT NULL REFERENCES orders, line_no int, price numeric(10, 2), PRIMARY KEY (order_id, line_no)
);
CREATE INDEX orders_customer_idx ON orders (customer_id);
"""
BY_STATUS = "SELECT * FROM orders WHERE status = 'open'"
JOINED = "SELECT c.region, sum(o.amount) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.region"


@pytest.fixture(scope="module")
def big() -> Iterator[ScaledDatabase]:
    with pr.at_scale(SCHEMA, {"orders": "1bn", "customers": "10M"}) as opened:
        yield opened


def test_the_planner_reckons_with_the_rows_that_are_asked_for(big: ScaledDatabase) -> None:
    plan = big.explain("SELECT * FROM orders")

    assert plan.root.estimated_rows == pytest.approx(1e9, rel=0.01)
    assert big.rows["public.lines"] > 1e9
    assert pr.explain("SELECT * FROM orders", on=big).root.estimated_rows == plan.root.estimated_rows


def test_what_is_assumed_of_the_tables_stands_beside_the_plan(big: ScaledDatabase) -> None:
    notes = big.explain(BY_STATUS).notes

    assert any("orders" in note for note in notes)
    assert not any(note.startswith("public.customers") for note in notes)


def test_nothing_is_run(big: ScaledDatabase) -> None:
    for statement in ("DROP TABLE orders", "SELECT 1; SELECT 2", "EXPLAIN ANALYZE SELECT 1", "VACUUM orders"):
        with pytest.raises(StatementRefusedError):
            big.explain(statement)
    with pytest.raises(StatementRefusedError):
        pr.explain(BY_STATUS, on=big, analyze=True)
    with pytest.raises(StatementFailedError, match="no_such"):
        big.explain("SELECT no_such FROM orders")


def test_a_sweep_plans_at_each_size_and_ends_at_both_ends(big: ScaledDatabase) -> None:
    sweep = big.sweep(JOINED, "orders", 1e4, "10bn", points=7)

    assert [round(rows) for rows, _ in sweep.points] == [10**each for each in range(4, 11)]
    costs = [plan.total_cost or 0 for _, plan in sweep.points]
    assert costs == sorted(costs)
    assert len(set(sweep.letters)) > 1


def test_sizes_may_shrink_again(big: ScaledDatabase) -> None:
    up = big.sweep(JOINED, "orders", 1e4, 1e10, points=3)
    again = big.sweep(JOINED, "orders", 1e4, 1e6, points=2)

    assert again.points[0][1].total_cost == up.points[0][1].total_cost


def test_a_flip_is_found_within_the_precision_and_holds_on_both_sides(big: ScaledDatabase) -> None:
    flips = big.flips(JOINED, "orders", 1e4, 1e9, precision=0.02)

    assert len(flips) > 0
    for flip in flips:
        assert flip.above / flip.below <= 1.02
        assert fingerprint(flip.before) != fingerprint(flip.after)
        assert flip.drivers == ("public.orders",)
    first = flips[0]
    around = big.sweep(JOINED, "orders", first.below, first.above, points=2)
    assert [fingerprint(plan) for _, plan in around.points] == [fingerprint(first.before), fingerprint(first.after)]


def test_an_index_that_is_supposed_is_used_and_has_a_size(big: ScaledDatabase) -> None:
    supposed = big.what_if("CREATE INDEX orders_status_idx ON orders (status, placed_at)")
    sql = f"{BY_STATUS} ORDER BY placed_at DESC LIMIT 10"

    before, after = big.explain(sql), supposed.explain(sql)

    assert {node.index for node in after.nodes} & {"orders_status_idx"}
    assert (after.total_cost or 1e9) < (before.total_cost or 0) / 1000
    size = supposed.statistics.by_relation["public", "orders_status_idx"]
    assert 1e9 * 8 < size.pages * 8192 < 1e9 * 60
    assert supposed.changes == ("CREATE INDEX orders_status_idx ON orders (status, placed_at)",)
    assert "public", "orders_status_idx" not in big.statistics.by_relation


TIED = """
CREATE TABLE t (a bigint NOT NULL, b int NOT NULL, c int NOT NULL, filler text NOT NULL, PRIMARY KEY (a, b));
CREATE INDEX m_idx ON t (a, b);
"""


def test_of_equal_indexes_the_one_that_is_made_last_wins_as_on_a_server() -> None:
    """A server looks at indexes from the one that was made last; the name says nothing."""
    sql = "SELECT filler FROM t WHERE a = 4711"
    names = ("a_idx", "z_idx", "b_idx")
    ddl = [f"CREATE INDEX {name} ON t (a, b)" for name in names]
    with pr.at_scale(pr.read(TIED), rows={"t": 1e7}) as big:
        for number in range(1, len(names) + 1):
            found = big.what_if(*ddl[:number]).explain(sql)

            assert {node.index for node in found.nodes if node.index} == {names[number - 1]}
        twice = big.what_if(*ddl[:2]).what_if(ddl[2])
        assert {node.index for node in twice.explain(sql).nodes if node.index} == {"b_idx"}
    with pr.database(pr.read(TIED)) as rows:
        rows.run("INSERT INTO t SELECT i / 4, i % 4, i, 'x' FROM generate_series(1, 10000) i; VACUUM ANALYZE t")
        for name, statement in zip(names, ddl, strict=True):
            rows.run(statement)
            assert f'"{name}"' in rows.explain(sql).document


def test_an_index_may_be_supposed_away(big: ScaledDatabase) -> None:
    sql = "SELECT * FROM orders WHERE customer_id = 7"

    assert "orders_customer_idx" in {node.index for node in big.explain(sql).nodes}
    without = big.what_if("DROP INDEX orders_customer_idx").explain(sql)
    assert "orders_customer_idx" not in {node.index for node in without.nodes}


@pytest.mark.parametrize(
    "ddl",
    [
        "DROP TABLE orders",
        "CREATE TABLE t (n int)",
        "ALTER TABLE orders DROP COLUMN status",
        "CREATE INDEX ON nowhere (x)",
        "CREATE INDEX ON orders (nothing)",
        "DROP INDEX none_such",
        "not sql",
    ],
)
def test_what_cannot_be_supposed_is_refused(big: ScaledDatabase, ddl: str) -> None:
    with pytest.raises(PlanroomError):
        big.what_if(ddl)


def test_growth_sorts_a_workload_by_how_fast_it_grows(big: ScaledDatabase) -> None:
    queries = {
        "one": "SELECT * FROM orders WHERE id = 1",
        "pairs": "SELECT count(*) FROM orders a, orders b WHERE a.amount < b.amount",
        "broken": "SELECT nothing FROM orders",
    }

    growth = big.growth(queries, factors=(1, 10))

    assert [each.name for each in growth.queries if each.plans] == ["pairs", "one"]
    assert growth.queries[0].exponent == pytest.approx(2.0, abs=0.1)
    assert [each.name for each in growth.faster] == ["pairs"]
    assert any(each.name == "broken" and "nothing" in each.reason for each in growth.queries)


def test_a_workload_is_planned_at_scale(big: ScaledDatabase) -> None:
    found = pr.workload({"by status": BY_STATUS}, on=big)

    assert found["by status"].root.estimated_rows
    assert big.explain(BY_STATUS).total_cost == found["by status"].total_cost


def test_calls_that_make_no_sense_are_refused(big: ScaledDatabase) -> None:
    with pytest.raises(UnknownNameError, match="ordres"):
        pr.at_scale(SCHEMA, {"ordres": 1})
    with pytest.raises(QuantityError, match="does not read"):
        big.sweep(BY_STATUS, "customers")
    for low, high, points in ((1e6, 1e4, 3), (0, 1e4, 3), (1e4, 1e5, 1)):
        with pytest.raises(QuantityError):
            big.sweep(BY_STATUS, "orders", low, high, points=points)


def test_a_closed_database_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    del tmp_path
    opened = pr.at_scale(SCHEMA, {"orders": 1e6})
    other = opened.what_if("CREATE INDEX ON orders (status)")
    assert other.explain(BY_STATUS).total_cost
    opened.close()
    opened.close()

    for each in (opened, other):
        with pytest.raises(PlanroomError, match="closed"):
            each.explain(BY_STATUS)


def test_a_hostile_name_is_harmless() -> None:
    schema = 'CREATE TABLE "x""><script>" ("a;b" int PRIMARY KEY, "t\'" text)'

    with pr.at_scale(schema, {'x"><script>': 1e8}) as opened:
        sweep = opened.sweep('SELECT * FROM "x""><script>"', 'x"><script>', points=3)
        for form in (
            opened._html(),
            sweep._html(),
            sweep.svg,
            opened.flips(sweep.points[0][1].sql, 'x"><script>')._html(),
        ):
            assert "<script>" not in form


def test_a_live_database_tells_its_own_statistics() -> None:
    with pr.database(SCHEMA, rows={"orders": 3000}) as db, pr.at_scale(db, {"orders": 3e6}) as opened:
        assert opened.rows["public.customers"] == db.query("SELECT count(*) FROM customers").scalar()
        assert opened.explain("SELECT * FROM orders").root.estimated_rows == pytest.approx(3e6, rel=0.01)


def test_what_the_design_does_not_hold_does_not_keep_an_index_from_being_supposed() -> None:
    odd = f"{SCHEMA}; CREATE RULE r AS ON DELETE TO lines DO INSTEAD NOTHING;"

    with pr.at_scale(odd, {"orders": 1e6}) as opened:
        assert opened.model.unread
        assert opened.what_if("CREATE INDEX ON orders (status)").explain(BY_STATUS).total_cost


def test_what_no_relation_can_hold_ends_a_sweep_and_is_said(big: ScaledDatabase) -> None:
    sweep = big.sweep("SELECT count(*) FROM orders", "orders", 1e9, 1e13, points=9)
    growth = big.growth({"all": "SELECT count(*) FROM orders"}, factors=(1, 10_000))

    assert 1e10 < sweep.points[-1][0] < 1e13
    assert "32 TiB" in sweep.notes[-1]
    assert growth.factors == (1,)
    assert any("32 TiB" in note for note in growth.notes)
    assert big.flips("SELECT count(*) FROM orders", "orders", 1e9, 1e13).high < 1e13
