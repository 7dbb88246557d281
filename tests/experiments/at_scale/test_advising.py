"""Indexes for a workload, chosen by a real planner that believes in rows that are not there."""

from __future__ import annotations

import dataclasses
import json

import pytest

import planroom as pr
from planroom.advice.indexing import IndexAdvice, candidate_indexes
from planroom.advice.indexing.plain import json_text
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.errors import SourceError
from planroom.experiments.at_scale.advising import advise
from planroom.experiments.at_scale.index_costs import sizes_of_candidates, with_sizes
from planroom.plans import Plan, plan_of
from planroom.plans.shapes import fingerprint
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics
from planroom.sqltext.weighted_queries import WeightedQuery

pytestmark = pytest.mark.server

SHOP = """
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, region int NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, status text NOT NULL,
    placed_at timestamp NOT NULL, total numeric NOT NULL);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_total ON orders (total);
CREATE INDEX orders_status ON orders (status);
CREATE INDEX orders_status_again ON orders (status);
CREATE TABLE events (id bigint, at date NOT NULL, kind int NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
"""
MODEL = pr.read(SHOP)
ROWS = 50_000_000.0
LOOKUP = "SELECT total FROM orders WHERE placed_at = '2026-03-01 10:00'"


def table(name: str, rows: float, pages: int) -> RelationStatistics:
    return RelationStatistics(schema="public", name=name, pages=pages, rows=rows, all_visible=pages)


def index(name: str, of: str, rows: float, pages: int) -> RelationStatistics:
    return RelationStatistics(schema="public", name=name, pages=pages, rows=rows, table=of, method="btree", height=2)


def column(of: str, name: str, distinct: float, **more: object) -> ColumnStatistics:
    return ColumnStatistics(schema="public", table=of, column=name, width=8, distinct=distinct, **more)  # type: ignore[arg-type]


STATISTICS = Statistics(
    relations=(
        table("customers", 1e6, 10_000), index("customers_pkey", "customers", 1e6, 2745),
        table("orders", ROWS, 500_000), index("orders_pkey", "orders", ROWS, 137_000),
        *(index(name, "orders", ROWS, 50_000) for name in ("orders_customer", "orders_total", "orders_status")),
        index("orders_status_again", "orders", ROWS, 50_000),
        table("events_1", 1e7, 60_000), table("events_2", 1e7, 60_000),
    ),
    columns=(
        column("customers", "id", -1), column("customers", "email", -1), column("customers", "region", 50),
        column("orders", "id", -1), column("orders", "customer_id", 1e6), column("orders", "placed_at", -0.9),
        column("orders", "total", 100_000),
        column("orders", "status", 3, common_values=("done", "open"), common_frequencies=(0.98, 0.001)),
        *(column(name, "kind", 10_000) for name in ("events_1", "events_2")),
        column("events", "kind", 10_000, inherited=True),
    ),
    version=180000,
)  # fmt: skip


def ask(*queries: str | WeightedQuery, **options: object) -> IndexAdvice:
    given = [
        each if isinstance(each, WeightedQuery) else WeightedQuery(f"q{at}", each) for at, each in enumerate(queries)
    ]
    return advise(MODEL, STATISTICS, given, **options)  # type: ignore[arg-type]


def test_a_lookup_gets_its_index_with_what_it_is_worth_and_the_plans() -> None:
    advice = ask(LOOKUP)
    (chosen,) = advice.chosen
    (query,) = advice.queries

    assert str(chosen.candidate.index.columns[0]) == "placed_at"
    assert query.before is not None
    assert query.after is not None
    assert query.after < query.before / 1000
    assert chosen.serves == (("q0", pytest.approx(query.before - query.after, rel=1e-6)),)
    assert 0.5e9 < chosen.size_bytes < 4e9
    assert query.plans is not None
    assert chosen.candidate.name in str(query.plans[1])
    assert chosen.candidate.name not in str(query.plans[0])
    assert "CONCURRENTLY" in advice.ddl


def test_what_it_says_is_text_a_card_and_json() -> None:
    advice = ask(LOOKUP, "SELEC", WeightedQuery("gone", "BEGIN", reason="BEGIN has no plan"))

    assert str(advice).splitlines()[0].startswith("1 query · cost ")
    assert "syntax error" in str(advice)
    assert "<script" not in advice._html()
    assert "The script" in advice._html()
    told = json.loads(json_text(advice))
    assert told["schema"] == "planroom.indexes/1"
    assert told["chosen"][0]["ddl"] == advice.chosen[0].candidate.ddl
    assert [each["reason"] for each in told["queries"]][2] == "BEGIN has no plan"


def test_a_budget_is_kept_and_bought_with_what_is_worth_most() -> None:
    mail = "SELECT id FROM customers WHERE email = 'a@b.c'"
    free = ask(LOOKUP, mail)
    tight = ask(LOOKUP, mail, budget_bytes=60e6)

    assert len(free.chosen) == 2
    assert [each.candidate.table for each in tight.chosen] == ["public.customers"]
    assert tight.size_bytes <= 60e6


def test_placeholders_are_planned_for_any_values() -> None:
    advice = ask(WeightedQuery("lookup", "SELECT total FROM orders WHERE placed_at = $1", generic=True))

    assert [str(each.candidate.index.columns[0]) for each in advice.chosen] == ["placed_at"]


def test_what_no_query_uses_and_what_is_there_twice_may_go_but_not_what_supports_a_foreign_key() -> None:
    advice = ask("SELECT id FROM orders WHERE status = 'open' LIMIT 5")
    reasons = {each.existing.name: each.reason for each in advice.dropped}

    assert reasons["orders_total"] == "no query of the workload uses it"
    assert len(reasons.keys() & {"orders_status", "orders_status_again"}) >= 1
    assert "orders_customer" not in reasons
    assert "DROP INDEX CONCURRENTLY public.orders_total;" in advice.ddl


def test_writing_much_and_reading_little_is_better_off_without_an_index() -> None:
    rare = WeightedQuery("rare", LOOKUP, calls=1)
    often = ask(rare, write_rates={"public.orders": 1e9}, period_s=1.0)

    assert often.chosen == ()
    assert ask(rare, write_rates={"public.orders": 0.01}).chosen[0].upkeep == pytest.approx(0.01 * 4 * 4, rel=0.5)


def test_an_index_of_a_partitioned_table_is_seen_in_the_plans_of_its_partitions() -> None:
    advice = ask("SELECT id FROM events WHERE kind = 7")
    (chosen,) = advice.chosen

    assert chosen.candidate.table == "public.events"
    assert [each.table for each in chosen.candidate.partitions] == ["public.events_1", "public.events_2"]
    assert advice.queries[0].uses == (chosen.candidate.name,)
    assert advice.after < advice.before / 20


def test_the_same_is_advised_again() -> None:
    queries = (LOOKUP, "SELECT id FROM orders WHERE status = 'open'", "SELECT id FROM customers WHERE region = 3")

    assert str(ask(*queries)) == str(ask(*queries))


def databases() -> list[str]:
    with OwnedPostgres() as database:
        rows = database.query("SELECT datname FROM pg_database ORDER BY 1").rows
    return [str(name) for (name,) in rows]


def test_nothing_is_left_behind_when_it_is_interrupted() -> None:
    before = len(databases())

    def stop(told: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(LOOKUP, progress=stop)

    assert len(databases()) == before


def test_a_workload_without_queries_is_told() -> None:
    with pytest.raises(SourceError, match="no queries to advise on"):
        ask("SELECT * FROM nowhere")


def test_an_expression_that_cuts_a_text_is_as_wide_as_what_is_left() -> None:
    known = column("customers", "email", -1)
    wide = Statistics(
        relations=STATISTICS.relations,
        columns=(
            *(each for each in STATISTICS.columns if each.column != "email"),
            dataclasses.replace(known, width=60),
        ),
    )
    found = {
        str(each.index.columns[0]): sizes_of_candidates([each], MODEL, wide)[each.name][0].pages
        for sql in ("left(email, 2) = 'ab'", "lower(email) = 'x'", "email = 'x'")
        for each in candidate_indexes([f"SELECT * FROM customers WHERE {sql}"], MODEL)
    }

    assert found["(left(email, 2))"] * 2 < found["email"]
    assert 0.9 < found["(lower(email))"] / found["email"] < 1.2


def test_plans_after_are_those_of_the_indexes_made_in_the_order_of_the_script() -> None:
    """Of two that cost the same the planner takes the one that is made last; so what is shown follows the script."""
    queries = [
        WeightedQuery("look-up", LOOKUP),
        WeightedQuery("range", "SELECT count(*) FROM orders WHERE placed_at > '2026-03-01' AND status = 'open'"),
        WeightedQuery("customer", "SELECT o.total FROM customers c JOIN orders o ON o.customer_id = c.id"
                      " WHERE c.email = 'a@example.org'"),
    ]  # fmt: skip
    advice = advise(MODEL, STATISTICS, queries)
    made = [each.candidate for each in advice.chosen]
    gone = [each.existing.name for each in advice.dropped]
    told = with_sizes(STATISTICS, sizes_of_candidates(made, MODEL, STATISTICS))

    with ScaledPostgres(MODEL, told, candidates=[each.statement for each in made]) as database:
        for query, asked in zip(advice.queries, queries, strict=True):
            if query.plans:
                after = plan_of(database.explain(asked.sql, visible=database.candidates, hidden=gone).document)
                assert isinstance(query.plans[1], Plan)
                assert fingerprint(query.plans[1]) == fingerprint(after)
                assert query.plans[1].total_cost == after.total_cost
    assert len(made) > 1
