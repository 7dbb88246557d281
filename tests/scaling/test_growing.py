"""Statistics at other numbers of rows: the rules, and what the model says of each column."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

import planroom as pr
from planroom.errors import QuantityError
from planroom.model import annotate
from planroom.scaling.analysing import drawn_from, estimated_apart
from planroom.scaling.growing import grown
from planroom.scaling.statistics import ColumnStatistics, ExtendedData, RelationStatistics, Statistics

SHOP = annotate(
    pr.read(
        """
    CREATE TABLE customers (id bigint PRIMARY KEY, email text UNIQUE, country text);
    CREATE TABLE orders (
        id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, status text, placed_at timestamptz, due date,
        note text
    );
    CREATE INDEX orders_customer ON orders (customer_id);
    CREATE INDEX orders_day ON orders (date_trunc('day', placed_at, 'UTC'));
    CREATE STATISTICS together (ndistinct, dependencies, mcv) ON customer_id, status FROM orders;
    """
    ),
    {
        "orders": {"growth": "10% per month"},
        "orders.status": {"domain": "closed"},
        "orders.note": {"domain": "grows"},
    },
)


def column(table: str, name: str, **told: object) -> ColumnStatistics:
    """What is known of a column."""
    return ColumnStatistics(schema="public", table=table, column=name, **told)  # type: ignore[arg-type]


def relation(name: str, pages: int, rows: float, **told: object) -> RelationStatistics:
    """What is known of a relation."""
    return RelationStatistics(schema="public", name=name, pages=pages, rows=rows, **told)  # type: ignore[arg-type]


KNOWN = Statistics(
    relations=(
        relation("customers", 100, 1e4, all_visible=100),
        relation("customers_pkey", 30, 1e4, table="customers", method="btree", height=1),
        relation("orders", 1000, 1e5, all_visible=500),
        relation("orders_customer", 100, 1e5, table="orders", method="btree", height=1),
        relation("orders_pkey", 276, 1e5, table="orders", method="btree", height=1),
    ),
    columns=(
        column("customers", "country", distinct=20.0, common_values=("DE",), common_frequencies=(0.5,)),
        column("customers", "id", distinct=-1.0, width=8, histogram=("1", "5000", "10000"), ends=("1", "10000")),
        column("orders", "customer_id", distinct=9000.0, width=8, histogram=("1", "10000"),
               common_values=("7",), common_frequencies=(0.0003,)),
        column("orders", "due", distinct=1000.0, histogram=("2025-01-01", "2025-12-31")),
        column("orders", "id", distinct=-1.0, width=8, histogram=("1", "50000", "100000")),
        column("orders", "note", distinct=500.0),
        column("orders", "placed_at", distinct=-1.0, histogram=("2025-01-01 00:00:00+00", "2026-01-01 00:00:00+00")),
        column("orders", "status", distinct=6.0, common_values=("paid",), common_frequencies=(0.9,)),
    ),
    extended=(
        ExtendedData(schema="public", name="together", distinct=(((2, 3), 20_000.0),),
                     dependencies=(((2, 3), 0.4),), common="00"),
    ),
)  # fmt: skip


def told(statistics: Statistics, table: str, name: str) -> ColumnStatistics:
    """One column of the public schema."""
    return statistics.by_column["public", table, name, False]


def test_pages_rows_and_entries_grow_in_proportion_and_heights_follow() -> None:
    found = grown(KNOWN, SHOP, {"public.orders": 1e8}).by_relation

    assert found["public", "orders"] == relation("orders", 1_000_000, 1e8, all_visible=500_000)
    assert found["public", "orders_pkey"].pages == pytest.approx(275_000, rel=0.01)
    assert found["public", "orders_pkey"].height == 3
    assert found["public", "customers"] == KNOWN.by_relation["public", "customers"]


def test_a_closed_domain_keeps_its_values_and_one_that_grows_does_not() -> None:
    found = grown(KNOWN, SHOP, {"public.orders": 1e8})

    assert told(found, "orders", "status") == told(KNOWN, "orders", "status")
    assert told(found, "orders", "note").distinct == pytest.approx(500_000, rel=0.01)
    assert told(found, "customers", "country") == told(KNOWN, "customers", "country")


def test_a_key_is_counted_on_and_a_reference_has_what_its_parent_has() -> None:
    found = grown(KNOWN, SHOP, {"public.orders": 1e8, "public.customers": 1e5})

    assert told(found, "orders", "id").histogram == ("1", "49999001", "99999001")
    assert told(found, "customers", "id").ends == ("1", "99991")
    reference = told(found, "orders", "customer_id")
    assert reference.distinct == pytest.approx(90_000, rel=0.02)
    assert reference.histogram == ("1", "99991")
    assert reference.common_values is None


def test_a_reference_to_a_table_that_stays_keeps_its_values() -> None:
    found = told(grown(KNOWN, SHOP, {"public.orders": 1e8}), "orders", "customer_id")

    assert replace(found, distinct=9_000.0) == told(KNOWN, "orders", "customer_id")
    assert found.distinct == pytest.approx(9_000, rel=0.02)


def test_a_common_value_that_stands_out_stays_common() -> None:
    skewed = replace(told(KNOWN, "orders", "customer_id"), common_frequencies=(0.1,))
    known = replace(KNOWN, columns=tuple(skewed if each.column == "customer_id" else each for each in KNOWN.columns))

    found = told(grown(known, SHOP, {"public.orders": 1e8, "public.customers": 1e5}), "orders", "customer_id")

    assert (found.common_values, found.common_frequencies) == (("61",), (0.1,))


def test_moments_go_on_for_as_long_as_the_table_needs_to_grow() -> None:
    found = told(grown(KNOWN, SHOP, {"public.orders": 1e6}), "orders", "placed_at")

    assert found.histogram is not None
    assert found.histogram[0] == "2025-01-01 00:00:00+00"
    assert found.histogram[-1][:7] == "2028-01"  # ln 10 / ln 1.1 is 24.2 months
    assert told(grown(KNOWN, SHOP, {"public.orders": 1e6}), "orders", "due") == told(KNOWN, "orders", "due")


def test_a_smaller_table_ends_earlier_and_shows_fewer_values() -> None:
    found = grown(KNOWN, SHOP, {"public.orders": 1000})

    assert told(found, "orders", "placed_at").histogram[-1] < "2025-02"  # type: ignore[index]
    assert told(found, "orders", "id").histogram == ("1", "501", "1001")
    assert told(found, "orders", "customer_id").distinct < 1000
    assert found.by_relation["public", "orders"].pages == 10


def test_groups_of_columns_grow_with_the_one_that_grows_most() -> None:
    same = grown(KNOWN, SHOP, {"public.orders": 1e8}).extended
    more = grown(KNOWN, SHOP, {"public.orders": 1e8, "public.customers": 1e5}).extended

    assert same == KNOWN.extended
    assert more[0].distinct == (((2, 3), 200_000.0),)
    assert more[0].dependencies == (((2, 3), 0.4),)
    assert more[0].common is None


def test_each_rule_is_said() -> None:
    found = grown(KNOWN, SHOP, {"public.orders": 1e8, "public.customers": 1e5}).assumptions

    said = {(each.subject, each.text.split(":")[0]) for each in found}
    assert ("public.orders", "status") in said
    assert ("public.orders", "placed_at") in said
    assert {each.source for each in found} == {"rule"}


def test_values_that_nearly_all_differ_are_taken_to_go_on_so_and_that_is_said() -> None:
    known = replace(KNOWN, columns=(column("orders", "note2", distinct=-0.8), *KNOWN.columns))
    model = pr.read("CREATE TABLE orders (note2 text)")

    found = grown(known, model, {"public.orders": 1e8})

    assert told(found, "orders", "note2").distinct == -0.8
    assert any("domain: closed says otherwise" in each.text for each in found.assumptions)


def test_a_closed_domain_of_which_nearly_all_were_different_stays_closed() -> None:
    model = annotate(pr.read("CREATE TABLE orders (status text)"), {"orders.status": {"domain": "closed"}})
    known = replace(KNOWN, columns=(column("orders", "status", distinct=-0.8),))

    found = [told(grown(known, model, {"public.orders": rows}), "orders", "status").distinct for rows in (1e8, 1e10)]

    # that many values, of which each of 1e5 rows has one by chance, are found to be 8e4
    assert found[0] == pytest.approx(estimated_apart(drawn_from(8e4, 1e5), 1e8))
    assert found[1] == pytest.approx(found[0], rel=0.01)


def test_rows_of_partitions_keep_their_proportions() -> None:
    model = pr.read(
        """CREATE TABLE e (at date, k int) PARTITION BY RANGE (at);
        CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE e2 PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"""
    )
    known = Statistics(
        relations=(relation("e", -1, 400.0), relation("e1", 30, 300.0), relation("e2", 10, 100.0)),
        columns=(column("e", "k", distinct=-1.0, inherited=True),),
    )

    found = grown(known, model, {"public.e": 4e6})

    rows = {each.name: each.rows for each in found.relations}
    assert rows == {"e": 4e6, "e1": 3e6, "e2": 1e6}
    assert found.by_relation["public", "e"].pages == -1
    assert found.by_relation["public", "e1"].pages == 300_000


def test_going_up_and_down_again_is_nearly_where_it_began() -> None:
    up = grown(KNOWN, SHOP, {"public.orders": 1e9, "public.customers": 1e8})
    down = grown(up, SHOP, {"public.orders": 1e5, "public.customers": 1e4})

    for before, after in zip(KNOWN.relations, down.relations, strict=True):
        assert after.pages == pytest.approx(before.pages, rel=0.03)
        assert after.height == before.height
    for old, new in zip(KNOWN.columns, down.columns, strict=True):
        assert new.distinct == pytest.approx(old.distinct, rel=0.06)


@pytest.mark.parametrize("rows", [-1.0, math.nan, math.inf, 1e16])
def test_absurd_numbers_are_refused(rows: float) -> None:
    with pytest.raises(QuantityError, match="cannot have"):
        grown(KNOWN, SHOP, {"public.orders": rows})


@pytest.mark.parametrize("rows", [0.0, 1.0, 2.0, 1e15])
def test_any_number_within_the_limits_gives_statistics(rows: float) -> None:
    found = grown(KNOWN, SHOP, {"public.orders": rows, "public.customers": rows, "public.nowhere": 5})

    assert found.by_relation["public", "orders"].rows == rows
    assert all(-1 <= each.pages < 2**63 for each in found.relations)


def test_what_the_model_does_not_hold_stays_as_it_is() -> None:
    known = replace(KNOWN, relations=(*KNOWN.relations, relation("strange", 5, 5)))

    assert grown(known, SHOP, {"public.orders": 1e7}).by_relation["public", "strange"] == relation("strange", 5, 5)
