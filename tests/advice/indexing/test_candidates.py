"""Which indexes a query makes candidates."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.advice.indexing import CandidateIndex, candidate_indexes
from planroom.errors import QuantityError
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics

SHOP = """
CREATE EXTENSION pg_trgm;
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, name varchar(80), "Weird Col" int, tags text[],
    profile jsonb, search tsvector, period tstzrange, gone_at timestamptz);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, status text NOT NULL,
    placed_at timestamp NOT NULL, seen_at timestamptz, total numeric(12,2), paid boolean NOT NULL, note text);
CREATE INDEX orders_customer_idx ON orders (customer_id, placed_at);
CREATE TABLE "Odd ""Table" (id int PRIMARY KEY, "select" int, "a.b" text);
CREATE TABLE events (id bigint, at timestamp NOT NULL, kind int) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE VIEW open_orders AS SELECT id, customer_id AS customer, total AS worth FROM orders WHERE status = 'open';
"""
MODEL = pr.read(SHOP)


def made(*queries: str, statistics: Statistics | None = None, width: int = 3) -> list[CandidateIndex]:
    return list(candidate_indexes(queries, MODEL, statistics, width=width))


def told(*queries: str, statistics: Statistics | None = None) -> set[str]:
    """Return what is after ON, without INCLUDE."""
    found = made(*queries, statistics=statistics)
    return {each.statement.partition(" ON public.")[2] for each in found if not each.index.include}


def orders(*columns: ColumnStatistics, rows: float = 1e6) -> Statistics:
    return Statistics(
        relations=(RelationStatistics(schema="public", name="orders", pages=10_000, rows=rows),), columns=columns
    )


STATUS = ColumnStatistics(
    schema="public", table="orders", column="status", distinct=3,
    common_values=("done", "open"), common_frequencies=(0.95, 0.03),
)  # fmt: skip


def test_equality_comes_before_the_range() -> None:
    found = told("SELECT note FROM orders WHERE total > 5 AND status = 'x'")

    assert "orders (status, total)" in found
    assert "orders (total, status)" not in found


def test_columns_of_equality_come_in_both_orders_and_alone() -> None:
    assert told("SELECT note FROM orders WHERE status = 'x' AND note = $1") == {
        "orders (status)", "orders (note)", "orders (status, note)", "orders (note, status)",
    }  # fmt: skip


def test_a_list_of_values_is_no_single_value_so_no_order_follows_it() -> None:
    found = told("SELECT note FROM orders WHERE status IN ('a', 'b') ORDER BY total LIMIT 5")

    assert "orders (status)" in found
    assert "orders (total)" in found
    assert "orders (status, total)" not in found


def test_an_order_follows_a_single_value_either_way_round() -> None:
    up = told("SELECT note FROM orders WHERE status = 'a' ORDER BY total, placed_at DESC LIMIT 5")
    down = told("SELECT note FROM orders WHERE status = 'a' ORDER BY total DESC, placed_at LIMIT 5")

    assert "orders (status, total, placed_at DESC)" in up
    assert "orders (status, total, placed_at DESC)" in down
    assert "orders (total NULLS FIRST)" in told("SELECT * FROM orders ORDER BY total DESC NULLS LAST LIMIT 1")


def test_what_is_there_is_no_candidate_nor_what_it_begins_with() -> None:
    found = told(
        "SELECT note FROM orders WHERE customer_id = 1 AND placed_at > '2026-01-01'",
        "SELECT 1 FROM orders WHERE id = 1",
    )

    assert found.isdisjoint({"orders (customer_id)", "orders (customer_id, placed_at)", "orders (id)"})


def test_joins_ask_for_both_sides_also_through_subqueries_and_using() -> None:
    assert "orders (total)" in told("SELECT 1 FROM customers c JOIN orders o ON o.total = c.id")
    assert "orders (total)" in told("SELECT 1 FROM customers WHERE id IN (SELECT total FROM orders)")
    assert "orders (total)" in told(
        "SELECT 1 FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.total = c.id)"
    )


def test_a_column_is_found_through_ctes_derived_tables_and_views() -> None:
    for sql in (
        "WITH few AS (SELECT total AS t FROM orders) SELECT 1 FROM few WHERE t = 5",
        "SELECT 1 FROM (SELECT * FROM orders) o WHERE o.total = 5",
        "SELECT 1 FROM open_orders WHERE worth = 5",
        "SELECT 1 FROM (SELECT total AS x FROM orders UNION ALL SELECT id FROM customers) u WHERE x = 5",
    ):
        assert "orders (total)" in told(sql), sql
    assert "orders (status, total)" in told("SELECT 1 FROM open_orders WHERE worth = 5")


def test_expressions_are_indexed_where_they_are_immutable() -> None:
    assert "customers (lower(email))" in {
        each.replace("((", "(").replace("))", ")")
        for each in told("SELECT 1 FROM customers c WHERE lower(c.email) = $1")
    }
    assert "orders ((date_trunc('day', placed_at)))" in told(
        "SELECT 1 FROM orders WHERE date_trunc('day', placed_at) = '2026-01-01'"
    )
    assert told("SELECT 1 FROM orders WHERE date_trunc('day', seen_at) = '2026-01-01'") == set()
    assert told("SELECT note FROM orders WHERE random() < total AND now() > seen_at") == {"orders (seen_at)"}


def test_patterns_that_begin_with_letters_want_their_operator_class_and_others_trigrams() -> None:
    assert told("SELECT note FROM orders WHERE note LIKE 'abc%'") == {"orders (note text_pattern_ops)"}
    assert told("SELECT note FROM orders WHERE note ILIKE '%abc%'") == {"orders USING gin (note gin_trgm_ops)"}


def test_contents_want_gin_and_ranges_gist() -> None:
    assert told("SELECT id FROM customers WHERE tags @> ARRAY['x']") == {"customers USING gin (tags)"}
    assert told("SELECT id FROM customers WHERE search @@ to_tsquery('x')") == {"customers USING gin (search)"}
    assert told("SELECT id FROM customers WHERE period && tstzrange(now(), NULL)") == {"customers USING gist (period)"}
    assert told("""SELECT id FROM customers WHERE profile @> '{"a": 1}'""") == {
        "customers USING gin (profile)", "customers USING gin (profile jsonb_path_ops)",
    }  # fmt: skip


def test_a_rare_value_makes_a_partial_index_where_statistics_show_it() -> None:
    sql = "SELECT id FROM orders WHERE status = 'open' ORDER BY total LIMIT 10"

    assert "orders (total) WHERE status = 'open'" in told(sql, statistics=orders(STATUS))
    assert not any("WHERE" in each for each in told(sql))
    assert not any("WHERE" in each for each in told(sql.replace("open", "done"), statistics=orders(STATUS)))


def test_null_and_its_opposite_make_partial_indexes_when_they_are_rare() -> None:
    rarely = ColumnStatistics(schema="public", table="orders", column="seen_at", null_fraction=0.02)
    mostly = ColumnStatistics(schema="public", table="orders", column="seen_at", null_fraction=0.97)

    assert "orders (seen_at) WHERE seen_at IS NULL" in told(
        "SELECT id FROM orders WHERE seen_at IS NULL", statistics=orders(rarely)
    )
    assert "orders (seen_at) WHERE seen_at IS NOT NULL" in told(
        "SELECT id FROM orders WHERE seen_at > '2026-01-01'", statistics=orders(mostly)
    )


def test_a_flag_that_is_rarely_set_makes_a_partial_index() -> None:
    paid = ColumnStatistics(
        schema="public", table="orders", column="paid", distinct=2,
        common_values=("t", "f"), common_frequencies=(0.99, 0.01),
    )  # fmt: skip
    found = told("SELECT id FROM orders WHERE NOT paid AND total > 3", statistics=orders(paid))

    assert "orders (total) WHERE NOT paid" in found


def test_columns_in_the_order_of_time_make_a_brin_index_of_large_tables() -> None:
    placed = ColumnStatistics(schema="public", table="orders", column="placed_at", distinct=-1, correlation=0.99)
    sql = "SELECT id FROM orders WHERE placed_at > '2026-01-01'"

    assert "orders USING brin (placed_at)" in told(sql, statistics=orders(placed))
    assert "orders USING brin (placed_at)" not in told(sql, statistics=orders(placed, rows=1000))


def test_what_else_a_query_needs_is_included_where_it_is_narrow() -> None:
    found = {each.statement for each in made("SELECT total, paid FROM orders WHERE status = 'x'")}

    assert any("(status) INCLUDE (total, paid)" in each for each in found)
    assert not any("INCLUDE" in each.statement for each in made("SELECT * FROM orders WHERE status = 'x'"))
    assert not any("INCLUDE" in each.statement for each in made("UPDATE orders SET total = 1 WHERE status = 'x'"))


def test_alternatives_ask_for_an_index_each_and_share_what_they_have_in_common() -> None:
    found = told("SELECT * FROM orders WHERE (paid AND status = 'a') OR (paid AND note = 'b')")

    assert {"orders (status)", "orders (note)", "orders (paid)"} <= found


def test_the_least_and_the_greatest_are_at_the_end_of_an_index() -> None:
    assert "orders (status, total)" in told("SELECT max(total) FROM orders WHERE status = 'x'")


def test_hostile_names_are_quoted_and_names_are_cut_and_unique() -> None:
    found = made('SELECT 1 FROM "Odd ""Table" WHERE "select" = 1 AND "a.b" = $1')

    assert 'CREATE INDEX "Odd ""Table_select_idx" ON public."Odd ""Table" ("select")' in {
        each.statement for each in found
    }
    everything = made(
        *(
            f"SELECT * FROM orders WHERE {one} = 1 AND {two} = 2 ORDER BY total"
            for one in ("status", "note")
            for two in ("paid", "placed_at")
        )
    )
    names = [each.name for each in everything]
    assert len(names) == len(set(names))
    assert all(len(name.encode()) <= 63 for name in names)


def test_a_partitioned_table_is_indexed_partition_by_partition() -> None:
    found = next(each for each in made("SELECT * FROM events WHERE kind = 3") if str(each.index.columns[0]) == "kind")

    assert found.statement == "CREATE INDEX events_kind_idx ON public.events (kind)"
    assert found.ddl.splitlines() == [
        "CREATE INDEX events_kind_idx ON ONLY public.events (kind);",
        "CREATE INDEX CONCURRENTLY events_1_kind_idx ON public.events_1 (kind);",
        "ALTER INDEX public.events_kind_idx ATTACH PARTITION public.events_1_kind_idx;",
        "CREATE INDEX CONCURRENTLY events_2_kind_idx ON public.events_2 (kind);",
        "ALTER INDEX public.events_kind_idx ATTACH PARTITION public.events_2_kind_idx;",
    ]


def test_a_candidate_tells_which_queries_made_it() -> None:
    found = {
        each.statement.partition(" ON ")[2]: each.queries
        for each in made("SELECT note FROM orders WHERE total = 1", "SELECT 1", "SELECT * FROM orders WHERE total = 2")
    }

    assert found["public.orders (total)"] == (0, 2)


def test_what_cannot_be_read_adds_nothing() -> None:
    assert made("SELEC", "", "DROP TABLE orders", "SELECT * FROM nowhere WHERE x = 1") == []


def test_an_index_without_columns_cannot_be() -> None:
    with pytest.raises(QuantityError, match="0 columns"):
        made("SELECT 1", width=0)
