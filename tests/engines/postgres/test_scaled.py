"""A database whose planner believes the rows it is told of."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import signal
import threading
import time

import pytest

import planroom as pr
from planroom.engines.postgres import sizing, telling
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.inflating import SparseFiles
from planroom.engines.postgres.planned_database import PlannedDatabase
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.engines.postgres.server import Server
from planroom.engines.postgres.supervisor import DATA, runs
from planroom.errors import (
    EngineError,
    ServerUnavailableError,
    StatementFailedError,
    StatementRefusedError,
    UnknownNameError,
)
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics

pytestmark = pytest.mark.usefixtures("server")

SHOP = """
    CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
    CREATE TABLE orders (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer_id bigint NOT NULL REFERENCES customers,
        total numeric NOT NULL CHECK (total >= 0),
        placed_at timestamptz NOT NULL
    );
    CREATE INDEX orders_placed_at ON orders (placed_at);
"""


def size(name: str, pages: int, rows: float, **more: object) -> RelationStatistics:
    return RelationStatistics(schema="public", name=name, pages=pages, rows=rows, **more)


def orders(rows: float) -> Statistics:
    ids = tuple(str(round(rows * share / 100)) for share in range(101))
    days = tuple(f"2026-{1 + month // 8:02}-{1 + 3 * (month % 8):02} 00:00:00+00" for month in range(96))
    return Statistics(
        relations=(
            size("customers", 1000, 100_000, all_visible=1000),
            size("customers_pkey", 276, 100_000, table="customers", method="btree", height=1),
            size("customers_email_key", 400, 100_000, table="customers", method="btree", height=1),
            size("orders", int(rows / 100), rows, all_visible=int(rows / 100)),
            size("orders_pkey", int(rows / 365), rows, table="orders", method="btree", height=3),
            size("orders_placed_at", int(rows / 365), rows, table="orders", method="btree", height=3),
        ),
        columns=(
            ColumnStatistics(
                schema="public", table="orders", column="id", width=8, distinct=-1, histogram=ids, correlation=1.0,
                ends=("1", str(round(rows))),
            ),
            ColumnStatistics(
                schema="public", table="orders", column="placed_at", width=8, distinct=-1, histogram=days,
                correlation=1.0,
            ),
            ColumnStatistics(schema="public", table="orders", column="customer_id", width=8, distinct=100_000),
            ColumnStatistics(schema="public", table="orders", column="total", width=6, distinct=5000),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def shop():
    with ScaledPostgres(pr.read(SHOP), orders(1e9), candidates=["CREATE INDEX wanted ON orders (customer_id)"]) as made:
        yield made


def plan(document: str) -> dict:
    return json.loads(document)[0]["Plan"]


def test_the_planner_believes_the_rows(shop):
    found = plan(shop.explain("SELECT * FROM orders").document)

    assert (found["Plan Rows"], found["Node Type"]) == (1e9, "Seq Scan")


def test_the_planner_finds_the_ends_of_keys(shop):
    beyond = plan(shop.explain("SELECT * FROM orders WHERE id > 2000000000").document)
    last = plan(shop.explain("SELECT * FROM orders WHERE id > 999000000").document)

    assert beyond["Plan Rows"] == 1
    assert last["Plan Rows"] == pytest.approx(1e6, rel=0.01)


def test_it_takes_next_to_no_room(shop):
    assert shop.disk_bytes < 50e6


def test_a_candidate_is_seen_when_it_is_asked_for(shop):
    sql = "SELECT * FROM orders WHERE customer_id = 7"

    without, _ = shop.cost(sql)
    with_it, used = shop.cost(sql, visible={"wanted"})

    assert shop.candidates == ("wanted",)
    assert used == {"wanted"}
    assert with_it < without / 100
    assert shop.cost(sql) == (without, frozenset())
    assert plan(shop.explain(sql, visible=["wanted"]).document)["Total Cost"] == with_it


def test_an_index_of_a_constraint_can_be_hidden_and_what_follows_is_told(shop):
    sql = "SELECT * FROM orders WHERE id = 7"

    assert shop.cost(sql)[1] == {"orders_pkey"}
    assert shop.cost(sql, hidden=["public.orders_pkey"])[1] == frozenset()
    assert any("unique" in note for note in shop.explain(sql, hidden=["orders_pkey"]).notes)
    with pytest.raises(UnknownNameError, match="orders_pkye"):
        shop.cost(sql, hidden=["orders_pkye"])


def test_other_sizes_are_taken_on_and_left_again():
    sql = "SELECT * FROM orders WHERE id > 0"
    with ScaledPostgres(pr.read(SHOP), orders(1e6)) as shop:
        before = shop.cost(sql)
        for rows in (1e9, 1e4, 1e8, 1e10):
            shop.resize(orders(rows))
            with ScaledPostgres(pr.read(SHOP), orders(rows)) as fresh:
                assert shop.cost(sql) == fresh.cost(sql)
                assert plan(shop.explain(sql).document)["Plan Rows"] == pytest.approx(rows, rel=1e-6)
        shop.resize(orders(1e6))
        assert shop.cost(sql) == before


@pytest.mark.parametrize(
    "call",
    [
        lambda shop: shop.query("SELECT 1"),
        lambda shop: shop.run("DELETE FROM orders"),
        lambda shop: shop.explain("SELECT 1", analyze=True),
        lambda shop: shop.explain("SELECT 1; DROP TABLE orders"),
        lambda shop: shop.explain("DROP TABLE orders"),
        lambda shop: shop.explain("EXPLAIN ANALYZE SELECT 1"),
        lambda shop: shop.cost("VACUUM orders"),
        lambda shop: shop.cost("EXPLAIN ANALYZE SELECT 1"),
    ],
)
def test_nothing_but_plans_is_given(shop, call):
    with pytest.raises(StatementRefusedError):
        call(shop)


def test_a_mistake_leaves_the_next_plan_as_it_was(shop):
    sql = "SELECT * FROM orders WHERE customer_id = 7"
    before = shop.cost(sql, visible=["wanted"])

    with pytest.raises(StatementFailedError, match="no_such"):
        shop.cost("SELECT no_such FROM orders", visible=["wanted"])
    with pytest.raises(StatementFailedError, match="no_such"):
        shop.explain("SELECT no_such FROM orders")

    assert shop.cost(sql, visible=["wanted"]) == before


def test_a_candidate_is_one_new_index():
    for statement in ("SELECT 1", "CREATE INDEX a ON orders (total); CREATE INDEX b ON orders (total)"):
        with pytest.raises(StatementRefusedError, match="one CREATE INDEX"):
            ScaledPostgres(pr.read(SHOP), orders(1e6), candidates=[statement])
    with pytest.raises(StatementFailedError, match="no_such"):
        ScaledPostgres(pr.read(SHOP), orders(1e6), candidates=["CREATE INDEX ON orders (no_such)"])


def test_statistics_that_do_not_suit_their_column_are_named():
    known = orders(1e6)
    odd = dataclasses.replace(known.columns[1], histogram=("yesterday's child", "x"))

    with ScaledPostgres(pr.read(SHOP), dataclasses.replace(known, columns=(odd,))) as shop:
        assert any("public.orders.placed_at" in note for note in shop.notes)


def test_settings_of_the_planner_are_carried_and_others_named():
    known = dataclasses.replace(orders(1e6), settings={"random_page_cost": "1.1", "no_such": "1", "work_mem": "x"})

    with ScaledPostgres(pr.read(SHOP), known, settings={"work_mem": "64MB"}) as shop:
        document = json.loads(shop.explain("SELECT * FROM orders").document)[0]
        assert document["Settings"].items() >= {"random_page_cost": "1.1", "work_mem": "64MB"}.items()
        assert sum("no_such" in note or "work_mem" in note for note in shop.notes) == 2
    with pytest.raises(UnknownNameError, match="fsync"):
        ScaledPostgres(pr.read(SHOP), known, settings={"fsync": "on"})


READING = """
    CREATE FUNCTION dearest() RETURNS numeric LANGUAGE sql STABLE AS 'SELECT max(total) FROM orders';
    CREATE FUNCTION writes() RETURNS int LANGUAGE plpgsql IMMUTABLE
        AS $$ BEGIN INSERT INTO customers (email) VALUES ('x'); RETURN 1; END $$;
    CREATE FUNCTION double(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
"""


def test_a_function_that_reads_a_table_to_plan_is_ended_or_told():
    model = pr.read(SHOP + READING)
    sql = "SELECT * FROM orders WHERE total = dearest()"
    with ScaledPostgres(model, orders(1e9)) as shop:
        with pytest.raises(StatementFailedError, match="not planned in time"):
            shop.explain(sql, timeout_s=0.2)
        assert shop.cost("SELECT * FROM orders WHERE id = 7")[1] == {"orders_pkey"}

        shop.resize(orders(1e4))
        assert any("dearest" in note for note in shop.explain(sql).notes)
        assert not any("double" in note for note in shop.explain("SELECT * FROM orders WHERE total = double(2)").notes)


def test_a_function_that_writes_to_plan_is_refused_and_nothing_stays():
    with ScaledPostgres(pr.read(SHOP + READING), orders(1e6)) as shop:
        with pytest.raises(StatementFailedError, match="non-volatile function"):
            shop.explain("SELECT * FROM orders WHERE id = writes()")
        assert plan(shop.explain("SELECT * FROM customers").document)["Plan Rows"] == 100_000


@pytest.fixture
def own_server(monkeypatch):
    """A server that only this test uses, and may lose."""
    from planroom.engines.postgres import engine

    with Server.start() as started:
        monkeypatch.setattr(engine, "embedded", lambda: started)
        yield started


def databases_of(server: Server) -> int:
    return len(list((server.directory / DATA / "base").iterdir()))


@pytest.mark.parametrize("at_work", ["explain", "cost", "resize"])
def test_the_server_s_end_is_told(own_server, at_work):
    with ScaledPostgres(pr.read(SHOP), orders(1e6)) as shop:
        session = shop._database.connection.info.backend_pid
        os.kill(own_server._postmaster, signal.SIGKILL)  # as the system does when memory runs out
        while runs(session):
            time.sleep(0.01)  # until then it answers, and rightly
        with pytest.raises(ServerUnavailableError):
            shop.resize(orders(1e7)) if at_work == "resize" else getattr(shop, at_work)("SELECT * FROM orders")
        with pytest.raises(ServerUnavailableError):
            shop.explain("SELECT 1")


def test_the_end_of_a_session_ends_the_database(own_server):
    before = databases_of(own_server)
    with ScaledPostgres(pr.read(SHOP), orders(1e6)) as shop, OwnedPostgres(own_server) as other:
        other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> current_database()")
        with pytest.raises(ServerUnavailableError, match="was ended"):
            shop.explain("SELECT * FROM orders")
    assert databases_of(own_server) == before


def test_a_crash_of_another_session_does_not_end_the_server(own_server):
    """The server comes back by repeating its log; it must not repeat it on pages that planroom wrote."""
    with ScaledPostgres(pr.read(SHOP), orders(1e6)) as shop, OwnedPostgres(own_server) as other:
        ((pid,),) = other.query("SELECT pg_backend_pid()").rows
        os.kill(pid, signal.SIGSEGV)
        with pytest.raises(ServerUnavailableError):
            shop.explain("SELECT * FROM orders")
    with OwnedPostgres(own_server) as after:
        assert after.query("SELECT 1").rows == ((1,),)


@pytest.mark.parametrize(
    ("code", "advice"), [(errno.ENOSPC, "free some space"), (errno.EFBIG, "ulimit"), (errno.EIO, "open it again")]
)
def test_a_disk_that_says_no_leaves_nothing_behind(own_server, monkeypatch, code, advice):
    before = databases_of(own_server)

    def refuse(handle: int, size: int) -> None:
        if size >= 1 << 30:
            raise OSError(code, os.strerror(code))
        truncate(handle, size)

    truncate = os.ftruncate
    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(EngineError, match=advice):
        ScaledPostgres(pr.read(SHOP), orders(1e9))
    assert databases_of(own_server) == before


def test_an_interrupt_leaves_nothing_behind(own_server, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = databases_of(own_server)
    monkeypatch.setattr(os, "ftruncate", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ScaledPostgres(pr.read(SHOP), orders(1e9))
    assert databases_of(own_server) == before


def test_a_file_system_without_holes_is_told_and_small_sizes_still_work(own_server, monkeypatch):
    monkeypatch.setattr(SparseFiles, "_keeps_holes", lambda _: False)

    with ScaledPostgres(pr.read(SHOP), orders(1e5)) as shop:
        assert plan(shop.explain("SELECT * FROM orders").document)["Plan Rows"] == 1e5
    with pytest.raises(EngineError, match="keeps no holes"):
        ScaledPostgres(pr.read(SHOP), orders(1e9))


def test_what_is_beyond_the_largest_relation_is_told():
    with ScaledPostgres(pr.read(SHOP), orders(1e12)) as shop:
        assert not shop.faithful
        assert any("32 TiB" in note for note in shop.notes)


def test_columns_that_the_model_has_not_are_named():
    known = orders(1e6)
    gone = ColumnStatistics(schema="public", table="orders", column="gone")

    with ScaledPostgres(pr.read(SHOP), dataclasses.replace(known, columns=(*known.columns, gone))) as shop:
        assert any("public.orders.gone" in note for note in shop.notes)


def test_what_a_row_of_ends_would_break_does_not_stop_it():
    """Constraints, triggers, rules, generated columns and bounds of partitions say nothing about planroom's rows."""
    script = """
        CREATE DOMAIN there AS text NOT NULL;
        CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';
        CREATE TABLE t (
            a int NOT NULL, b int GENERATED ALWAYS AS (a / 0) STORED, c int NOT NULL CHECK (c > 10), d there, e uuid
        ) PARTITION BY RANGE (a);
        CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (10);
        CREATE UNIQUE INDEX ON t (a);
        CREATE INDEX ON t_1 (b);
        CREATE TRIGGER stop BEFORE INSERT ON t_1 FOR EACH ROW EXECUTE FUNCTION stop();
        ALTER TABLE t_1 ENABLE ALWAYS TRIGGER stop;
        CREATE RULE nothing AS ON INSERT TO t_1 DO INSTEAD NOTHING;
    """
    values = tuple(map(str, range(1, 102)))
    known = Statistics(
        relations=(size("t_1", 1000, 1e5), size("t_1_a_idx", 300, 1e5, table="t_1", method="btree", height=1)),
        columns=tuple(
            ColumnStatistics(
                schema="public", table="t_1", column=name, distinct=-1, histogram=values, ends=("1", "500")
            )
            for name in "ab"
        ),
    )
    with ScaledPostgres(pr.read(script), known) as database:
        assert not [note for note in database.notes if "ends of the keys" in note]
        for column in "ab":
            beyond = plan(database.explain(f"SELECT * FROM t_1 WHERE {column} > 400").document)
            assert beyond["Plan Rows"] > 100  # the histogram alone ends at 101
        assert json.loads(database.explain("INSERT INTO t_1 (a, c) VALUES (1, 1)").document) == []  # the rule is back


def test_ends_that_make_no_row_are_told():
    known = orders(1e6)
    broken = dataclasses.replace(known.columns[0], ends=("none", "x"))

    with ScaledPostgres(pr.read(SHOP), dataclasses.replace(known, columns=(broken,))) as shop:
        assert any("ends of the keys of public.orders" in note for note in shop.notes)
        assert shop.faithful


def test_a_candidate_on_a_partitioned_table_is_one_index():
    script = """
        CREATE TABLE t (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a);
        CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (b);
        CREATE TABLE t_1_x PARTITION OF t_1 DEFAULT;
        CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
    """
    known = Statistics(
        relations=(size("t_1_x", 10_000, 1e6), size("t_2", 10_000, 1e6)),
        columns=tuple(
            ColumnStatistics(schema="public", table=table, column="b", distinct=-1) for table in ("t_1_x", "t_2")
        ),
    )
    with ScaledPostgres(
        pr.read(script), known, candidates=["CREATE INDEX ON t (b)", "CREATE INDEX ON t_2 (a)"]
    ) as made:
        sql = "SELECT * FROM t WHERE b = 5"
        assert made.candidates == ("t_b_idx", "t_2_a_idx")
        assert made.cost(sql)[1] == frozenset()
        assert made.cost(sql, visible=["t_b_idx"])[1] == {"t_b_idx"}
        assert any("t_2_b_idx" in note and "worked out" in note for note in made.notes)
        assert made.statistics.by_relation["public", "t_2_b_idx"].pages > 2000


def test_an_older_server_is_refused(monkeypatch):
    monkeypatch.setattr(PlannedDatabase, "major", 17)

    with pytest.raises(ServerUnavailableError, match="need PostgreSQL 18"):
        ScaledPostgres(pr.read(SHOP), orders(1e6))


def test_an_extension_that_the_server_lacks_is_told_by_the_server(own_server):
    before = databases_of(own_server)

    with pytest.raises(StatementFailedError, match="no_such_extension"):
        ScaledPostgres(pr.read(f"CREATE EXTENSION no_such_extension; {SHOP}"), orders(1e6))
    assert databases_of(own_server) == before


def test_an_interrupt_while_planning_leaves_the_next_plan_as_it_was():
    with ScaledPostgres(pr.read(SHOP + READING), orders(1e10)) as shop:
        begun = time.monotonic()
        alarm = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
        alarm.start()
        with pytest.raises(KeyboardInterrupt):
            shop.cost("SELECT * FROM orders WHERE total = dearest()")
        assert time.monotonic() - begun < 5
        assert shop.cost("SELECT * FROM orders WHERE id = 7")[1] == {"orders_pkey"}


def test_statistics_of_another_version_are_told():
    with ScaledPostgres(pr.read(SHOP), dataclasses.replace(orders(1e6), version=150004)) as shop:
        assert any("from PostgreSQL 15" in note for note in shop.notes)


FAULTS = {
    "height": (sizing, "btree_spine", lambda true: lambda meta, height, leaf, **_: true(meta, height + 1, leaf)),
    "pages": (SparseFiles, "resize", lambda true: lambda self, file, pages, head: true(self, file, pages - 1, head)),
    "stale buffers": (sizing.Sizes, "evict", lambda _: lambda *_: None),
    "rows": (telling, "restore_relations", lambda _: lambda *_: None),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_self_checks_see_what_went_wrong(monkeypatch, fault):
    place, name, broken = FAULTS[fault]
    monkeypatch.setattr(place, name, broken(getattr(place, name)))

    with ScaledPostgres(pr.read(SHOP), orders(1e9)) as shop:
        assert not shop.faithful
        assert any("but should be" in str(check) for check in shop.checks)


@pytest.mark.parametrize("generic", [False, True])
def test_what_cannot_be_read_reaches_the_server_as_one_statement(shop, generic):
    with pytest.raises((StatementFailedError, StatementRefusedError)):
        shop.cost("SELEC 1; DROP TABLE orders", generic=generic)
    assert shop.cost("SELECT * FROM orders WHERE id = $1", generic=True)[1] == {"orders_pkey"}
