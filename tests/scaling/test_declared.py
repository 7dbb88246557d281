"""Statistics from declarations alone: what is declared, what is taken where nothing is, and that it is said."""

from __future__ import annotations

import datetime
import itertools
import time
from typing import TYPE_CHECKING

import pytest

import planroom as pr
from planroom.errors import QuantityError
from planroom.generating.conditions import Demands
from planroom.generating.kinds import Kinds
from planroom.generating.mixing import MACROS
from planroom.generating.quoting import input_text
from planroom.generating.recipes import recipe_for
from planroom.model import annotate
from planroom.scaling.declared import declared
from planroom.scaling.distributions import Listed, Zipf, hits, squares
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics
from planroom.scaling.storing import statistics_text
from planroom.sqltext import parse_type

if TYPE_CHECKING:
    from planroom.model import Model

SHOP = annotate(
    pr.read(
        """
    CREATE TYPE state AS ENUM ('open', 'paid', 'sent');
    CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, country text NOT NULL, born date);
    CREATE TABLE orders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers,
        status state NOT NULL, placed_at timestamptz NOT NULL, paid_at timestamptz, total numeric(10,2) NOT NULL,
        kind text NOT NULL CHECK (kind IN ('web', 'app')), gift boolean NOT NULL, note text
    );
    CREATE INDEX orders_customer ON orders (customer_id);
    CREATE INDEX orders_open ON orders (placed_at) WHERE status = 'open';
    CREATE TABLE lines (
        order_id bigint REFERENCES orders, no smallint, quantity int NOT NULL, PRIMARY KEY (order_id, no)
    );
    CREATE TABLE events (at timestamptz NOT NULL, order_id bigint NOT NULL REFERENCES orders) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
    CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
    CREATE TABLE events_rest PARTITION OF events DEFAULT;
    """
    ),
    {
        "orders.status": {"skew": 1.5},
        "orders.customer_id": {"skew": 0.8},
        "orders.paid_at": {"null_fraction": 0.25},
        "customers.country": {"distinct": 12, "skew": 1.0},
        "orders.total": {"distinct": 5000, "skew": 0.0},
    },
)
ROWS = {"public.customers": 1e4, "public.orders": 1e5, "public.lines": 3e5, "public.events": 2e5}
FOUND = declared(SHOP, ROWS)


def told(table: str, column: str, *, inherited: bool = False) -> ColumnStatistics:
    """What was told of a column."""
    return FOUND.by_column["public", table, column, inherited]


def test_every_table_column_and_index_has_statistics() -> None:
    names = {each.name for each in FOUND.relations}

    assert names == {
        "customers", "customers_pkey", "customers_email_key", "orders", "orders_pkey", "orders_customer",
        "orders_open", "lines", "lines_pkey", "events", "events_1", "events_2", "events_rest",
    }  # fmt: skip
    for table in SHOP.tables:
        whole = bool(table.partitioning)
        assert all(("public", table.name, each.name, whole) in FOUND.by_column for each in table.columns)
    assert FOUND.by_relation["public", "orders_pkey"].height == 1
    assert FOUND.by_relation["public", "orders"].all_visible == FOUND.by_relation["public", "orders"].pages > 500


def test_what_is_declared_is_what_statistics_say() -> None:
    status, country = told("orders", "status"), told("customers", "country")

    assert status.common_values == ("open", "paid", "sent")
    assert status.common_frequencies is not None
    assert sum(status.common_frequencies) == pytest.approx(1.0)
    assert status.common_frequencies[0] > 2 * status.common_frequencies[1] * 0.9
    assert country.distinct == 12.0
    assert told("orders", "paid_at").null_fraction == 0.25
    assert told("orders", "total").distinct == 5000.0
    assert told("orders", "kind").common_values == ("web", "app")
    assert told("orders", "gift").common_values == ("t", "f")


def test_keys_are_unique_and_counted() -> None:
    key = told("orders", "id")

    assert (key.distinct, key.correlation) == (-1.0, 1.0)
    assert key.histogram is not None
    assert (key.histogram[0], key.histogram[50], key.histogram[-1]) == ("1", "50001", "100000")
    assert told("customers", "email").distinct == -1.0


def test_moments_follow_the_rows_and_each_other() -> None:
    placed, paid = told("orders", "placed_at"), told("orders", "paid_at")

    assert placed.correlation == 1.0
    assert placed.histogram is not None
    assert placed.histogram[0][:10] == "2024-01-01"
    assert placed.histogram[-1][:10] == "2026-12-30"
    assert paid.correlation == pytest.approx(1.0, abs=0.02)


def test_partitions_share_the_rows_and_what_is_left_over_has_none() -> None:
    rows = {each.name: each.rows for each in FOUND.relations if each.name.startswith("events")}

    assert rows == {"events": 2e5, "events_1": 1e5, "events_2": 1e5, "events_rest": 0.0}
    first = told("events_1", "at")
    assert first.histogram is not None
    assert first.histogram[-1] < "2025-02-01"
    assert told("events", "at", inherited=True).histogram is not None


def test_a_default_is_said_once_for_a_table_and_never_for_what_is_declared() -> None:
    said = {each.subject: each.text for each in FOUND.assumptions}

    assert len(FOUND.assumptions) <= 2 * len(SHOP.tables)
    assert "note" in said["public.orders"]
    assert "total" not in said["public.orders"]


def test_moments_end_when_somebody_says_and_begin_when_rows_are_no_longer_kept() -> None:
    model = annotate(SHOP, {"orders": {"retention": "90 days"}})

    found = declared(model, ROWS, until=datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC))

    placed = found.by_column["public", "orders", "placed_at", False].histogram
    assert placed is not None
    assert (placed[0][:10], placed[-1][:10]) == ("2026-08-30", "2026-11-28")
    born = found.by_column["public", "customers", "born", False].histogram
    assert born == told("customers", "born").histogram
    assert "2026-11-28" in {each.text for each in found.assumptions if not each.subject}.pop()


def test_what_is_known_wins() -> None:
    known = Statistics(
        relations=(RelationStatistics(schema="public", name="orders", pages=77, rows=5e4),),
        columns=(ColumnStatistics(schema="public", table="orders", column="status", distinct=1.0),),
    )

    found = declared(SHOP, ROWS, known)

    assert found.by_relation["public", "orders"].pages == 77
    assert found.by_relation["public", "orders_pkey"].rows == 5e4
    assert found.by_column["public", "orders", "status", False].distinct == 1.0


def test_the_same_model_gives_the_same_bytes() -> None:
    assert statistics_text(declared(SHOP, ROWS)) == statistics_text(FOUND)


@pytest.mark.parametrize("rows", [0.0, 1.0, 2.0, 1e11, 1e15])
def test_any_number_of_rows_gives_statistics(rows: float) -> None:
    found = declared(SHOP, dict.fromkeys(ROWS, rows))

    assert all(-1 <= each.pages < 2**63 for each in found.relations)
    assert all(-1 <= each.distinct <= max(rows, 1.0) for each in found.columns)


def test_absurd_numbers_are_refused() -> None:
    with pytest.raises(QuantityError, match="cannot have"):
        declared(SHOP, {"public.orders": -1.0})


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE t ()",
        'CREATE TABLE "a.b" ("c ""d" text, "é" int[], "%s" tsvector)',
        """CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY REFERENCES a);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b""",
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL REFERENCES t)",
        "CREATE TABLE p (a int) PARTITION BY LIST (a)",
        """CREATE TABLE p (a int) PARTITION BY HASH (a);
        CREATE TABLE q PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0)""",
        "CREATE TABLE t (p point, j json, x xml, b bytea, r int4range, m money, v interval, u uuid)",
    ],
)
def test_strange_models_give_statistics(script: str) -> None:
    model = pr.read(script)

    found = declared(model, {each.id: 1000.0 for each in model.tables if not each.partition_of})

    assert {each.name for each in model.tables} <= {each.name for each in found.relations}


def _chain(tables: int) -> Model:
    parts = ["CREATE TABLE t0 (id bigint PRIMARY KEY, name text, at timestamptz);"]
    parts += [
        f"CREATE TABLE t{each} (id bigint PRIMARY KEY, p bigint NOT NULL REFERENCES t{each // 2}, name text, n int);"
        for each in range(1, tables)
    ]
    return pr.read("".join(parts))


def test_time_grows_with_the_number_of_tables() -> None:
    took = []
    for size in (50, 200):
        model = _chain(size)
        start = time.process_time()
        declared(model, {each.id: 1e6 for each in model.tables})
        took.append((time.process_time() - start) / size)

    assert took[1] < 2 * took[0]


@pytest.mark.parametrize(
    ("type_", "column"),
    [
        ("integer", "quantity"),
        ("integer", "amount"),
        ("numeric(10,2)", "price"),
        ("numeric", "rate"),
        ("text", "email"),
        ("text", "title"),
        ("text", "country"),
        ("text", "code"),
        ("text", "description"),
        ("character(2)", "country"),
        ("timestamp with time zone", "created_at"),
        ("timestamp without time zone", "sent_at"),
        ("date", "due"),
        ("time without time zone", "opens"),
        ("uuid", "id"),
        ("jsonb", "payload"),
        ("inet", "ip"),
        ("boolean", "is_new"),
        ("bytea", "data"),
        ("macaddr", "mac"),
        ("bit(8)", "flags"),
        ("cidr", "net"),
        ("money", "fee"),
    ],
)
def test_a_value_without_an_engine_is_the_value_with_one(type_: str, column: str) -> None:
    kind = Kinds(pr.read("CREATE TABLE t ()")).of(parse_type(type_))
    recipe = recipe_for(kind, column, "t", Demands(), rising=True)
    assert recipe is not None
    assert recipe.sample is not None
    most = min(recipe.capacity, recipe.distinct or 5000)
    numbers = sorted({0, 1, 7 % most, most // 2, most - 1} - {most})
    with pr.duckdb() as duckdb:
        for macro in MACROS:
            duckdb.run(macro)
        duckdb.run("SET TimeZone = 'UTC'")
        values = [f"CAST({recipe.make(f'CAST({each} AS BIGINT)', most)} AS {kind.stored})" for each in numbers]
        query = f"SELECT {', '.join(input_text(kind.family, each) for each in values)}"
        (made,) = duckdb.query(query)

    found = [recipe.sample(each, most) for each in numbers]
    assert [_same(kind.family, each) for each in found] == [_same(kind.family, str(each)) for each in made]


def _same(family: str, text: str) -> object:
    if family == "decimal":
        return float(text)
    if family == "money":
        return float(text.replace("$", "").replace(",", ""))
    if family == "json":
        return {*text.strip("{}").replace(" ", "").split(",")}
    if family == "boolean":
        return text[0]
    if family == "bytes":
        return text.lower()
    return text


@pytest.mark.parametrize("skew", [0.0, 0.5, 1.0, 1.7])
def test_a_number_is_found_again_from_its_share(skew: float) -> None:
    zipf = Zipf(1000, skew)

    for number in (0, 1, 10, 500, 998):
        assert zipf.number(zipf.below(number) + 1e-9) == number
    assert (zipf.below(0), zipf.below(1000)) == (0.0, pytest.approx(1.0))


def test_hits_and_squares_are_those_of_the_single_shares() -> None:
    for distribution in (Zipf(5000, 0.9), Zipf(50), Listed((5.0, 3.0, 0.0, 2.0))):
        shares = [distribution.below(each + 1) - distribution.below(each) for each in range(distribution.size)]

        assert hits(distribution, 1e4) == pytest.approx(sum(1 - (1 - each) ** 10_000 for each in shares), rel=0.02)
        assert squares(distribution) == pytest.approx(sum(each**2 for each in shares), rel=0.05)
    assert list(itertools.accumulate((0.5, 0.3, 0.0, 0.2)))[:1] == [Listed((5.0, 3.0, 0.0, 2.0)).below(1)]
