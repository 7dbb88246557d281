"""What a DuckDB plan would hold in memory: DuckDB itself has the say on how much that is."""

from __future__ import annotations

import pytest

from planroom.plans import plan_of
from planroom.plans.memory import MemoryNeed, memory_needs
from planroom.plans.value_widths import width_of

duckdb = pytest.importorskip("duckdb")

ROWS = 400_000
TABLES = {
    "parents": f"SELECT range AS id, 'a text of about forty bytes, in each row' || range AS note, range % 97 AS k "
    f"FROM range({ROWS})",
    "children": f"SELECT range AS id, range % {ROWS} AS parent_id, range / 3.0 AS amount FROM range({2 * ROWS})",
}
WIDTHS = {
    ("", "", "id"): 8.0,
    ("", "", "note"): width_of("VARCHAR", 46),
    ("", "", "k"): 8.0,
    ("", "", "parent_id"): 8.0,
    ("", "", "amount"): 8.0,
}  # fmt: skip  (DuckDB does not name the table of a Parquet file)
HOLDING = {
    "join": "SELECT max(note), sum(amount) FROM children JOIN parents ON parents.id = parent_id",
    "group": "SELECT id, note, count(*) FROM parents GROUP BY ALL",
    "sort": "SELECT id, note, k FROM parents ORDER BY k, note",
}


@pytest.fixture(scope="module")
def connect(tmp_path_factory):
    """Open a database over files: tables in memory would count as memory that is taken."""
    folder = tmp_path_factory.mktemp("memory")
    for name, select in TABLES.items():
        duckdb.execute(f"COPY ({select}) TO '{folder / name}.parquet' (FORMAT parquet)")

    def opened():
        found = duckdb.connect(config={"threads": 1})
        for name in TABLES:
            found.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder / name}.parquet')")
        return found

    return opened


@pytest.fixture(scope="module")
def connection(connect):
    with connect() as opened:
        yield opened


def _plan(connection, sql: str, how: str = ""):
    return plan_of(connection.execute(f"EXPLAIN ({how}FORMAT json) {sql}").fetchall()[-1][1])


@pytest.mark.parametrize("name", HOLDING)
def test_it_is_about_what_duckdb_takes(connect, connection, name):
    needs = memory_needs(_plan(connection, HOLDING[name]), WIDTHS)
    with connect() as fresh:  # the high-water mark is the database's
        measured = _plan(fresh, HOLDING[name], "ANALYZE, ").peak_memory_bytes

    assert measured
    assert 0.5 < needs.needs[0].size_bytes / measured < 2


def test_the_build_side_is_what_a_join_holds(connection):
    (need,) = memory_needs(_plan(connection, HOLDING["join"]), WIDTHS).needs

    assert (need.operator, need.what, need.rows) == ("HASH_JOIN", "build side", ROWS)
    assert need.on == "parent_id = id"
    # three bits and two columns, a hash, and 2^20 pointers for twice as many rows
    assert need.size_bytes == ROWS * (1 + 8 + WIDTHS["", "", "note"] + 8) + 8 * 2**20
    assert need.certain


def test_what_is_more_than_the_limit_goes_to_disk(connection):
    plan = _plan(connection, HOLDING["join"])
    tight, wide = memory_needs(plan, WIDTHS, 10 << 20), memory_needs(plan, WIDTHS, 1 << 30)

    assert len(tight.spilling) == 1
    assert tight.summary.endswith("of 10 MB: 1 of 1 operators go to disk")
    assert wide.spilling == ()
    assert wide.summary.endswith("nothing goes to disk")
    assert memory_needs(plan, WIDTHS).spilling == ()


@pytest.mark.parametrize(("share", "spills"), [(0.89, False), (0.91, True)])
def test_a_tenth_of_the_limit_is_not_for_operators(share, spills):
    assert MemoryNeed(1, "HASH_JOIN", "build side", "", 1, 1, share * 1000).spills(1000) is spills


def test_an_expression_of_unknown_width_is_marked(connection):
    needs = memory_needs(_plan(connection, "SELECT upper(note) u, count(*) FROM parents GROUP BY u"), WIDTHS)

    assert not needs.needs[0].certain
    assert "~" in str(needs)
    assert "taken as 16 bytes" in str(needs)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT * FROM parents, children",
        "WITH c AS MATERIALIZED (SELECT k, count(*) n FROM parents GROUP BY k) SELECT * FROM c a JOIN c b USING (k)",
        "SELECT row_number() OVER (ORDER BY note) FROM parents",
        "SELECT * FROM parents WHERE id IN (SELECT parent_id FROM children WHERE amount > 5)",
        "FROM parents p WHERE NOT EXISTS (SELECT 1 FROM children c WHERE c.parent_id = p.id AND c.amount > p.k)",
        "SELECT * FROM parents a JOIN parents b ON a.id < b.k",
        "FROM parents UNION SELECT id, 'x', 1 FROM children",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) FROM r",
        "SELECT DISTINCT ON (k) * FROM parents ORDER BY k, id DESC",
    ],
)
def test_every_kind_of_plan_has_an_answer(connection, sql):
    needs = memory_needs(_plan(connection, sql), WIDTHS, 1 << 30)

    assert all(each.size_bytes >= 0 and each.row_bytes >= 0 for each in needs.needs)
    assert str(needs).startswith("Memory: ")
    assert "Memory: " in needs._repr_mimebundle_()["text/html"]


def test_a_plan_of_thousands_of_operators_does_not_recurse():
    top = {"name": "SEQ_SCAN", "children": [], "extra_info": {"Table": "t", "Estimated Cardinality": "5"}}
    for _ in range(3_000):
        top = {"name": "ORDER_BY", "children": [top], "extra_info": {"Estimated Cardinality": "5"}}
    from planroom.plans._duckdb.nodes import tree_of
    from planroom.plans.plan import Plan

    assert len(memory_needs(Plan("duckdb", tree_of(top))).needs) == 3_000


@pytest.mark.parametrize(
    ("kind", "length", "width"),
    [
        ("BIGINT", None, 8), ("DECIMAL(4,2)", None, 2), ("DECIMAL(38,0)", None, 16), ("INTEGER[]", None, 32),
        ("VARCHAR", None, 40), ("VARCHAR", 12, 16), ("VARCHAR", 100, 116), ("STRUCT(a INTEGER)", None, 40),
    ],
)  # fmt: skip
def test_values_are_as_wide_as_duckdb_holds_them(kind, length, width):
    assert width_of(kind, length) == width
