"""Rows take the bytes that are calculated from the order of their columns."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planroom.ddl import read_postgres
from planroom.linting import SCHEMA_RULES
from planroom.linting.layout import best_order, data_bytes, slots_of, wasted_bytes
from planroom.linting.types import Types
from tests.linting.asking import one

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

pytestmark = pytest.mark.server

FIXED = {
    "boolean": "true", "smallint": "1", "integer": "1", "bigint": "1", "real": "1", "double precision": "1",
    "date": "'2026-01-01'", "time": "'1:00'", "timetz": "'1:00+01'", "timestamptz": "now()", "interval": "'1 day'",
    "uuid": "gen_random_uuid()", '"char"': "'x'", "money": "1", "macaddr": "'08:00:2b:01:02:03'", "oid": "1",
    "macaddr8": "'08:00:2b:01:02:03:04:05'", "point": "'(1,2)'", "box": "'((1,2),(3,4))'", "circle": "'<(1,2),3>'",
    "line": "'{1,2,3}'", "lseg": "'((1,2),(3,4))'", "pg_lsn": "'0/1'", "xid8": "'1'", "name": "'x'",
    "regclass": "'pg_class'", "mood": "'good'", "tid": "'(0,1)'",
}  # fmt: skip
MOOD = "CREATE TYPE mood AS ENUM ('good', 'bad');"
HEADER = 24  # of a row without NULLs


def slots(ddl: str) -> Any:
    model = read_postgres([("x.sql", ddl)])
    found = slots_of(model.table("t"), Types(model))
    assert found is not None
    return found


@given(st.lists(st.sampled_from(sorted(FIXED)), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_has_the_bytes_that_are_calculated(fresh_database: OwnedPostgres, types: list[str]) -> None:
    ddl = "CREATE TABLE t (" + ", ".join(f"c{number} {kind}" for number, kind in enumerate(types)) + ");"
    fresh_database.run("DROP TABLE IF EXISTS t; DROP TYPE IF EXISTS mood;" + MOOD + ddl)
    fresh_database.run(f"INSERT INTO t VALUES ({', '.join(FIXED[kind] for kind in types)})")

    assert one(fresh_database, "SELECT pg_column_size(t.*) FROM t") == HEADER + data_bytes(slots(MOOD + ddl), {})


@pytest.mark.parametrize(
    "kinds",
    [("boolean", "bigint", "smallint", "integer", "timetz"), ("macaddr", "date", "boolean", "tid", "interval"),
     ("timetz", "timetz", "integer", "boolean", "uuid")],
)  # fmt: skip
def test_no_order_of_the_columns_takes_fewer_bytes_than_the_best(kinds: tuple[str, ...]) -> None:
    orders = [
        slots("CREATE TABLE t (" + ", ".join(f"c{number} {kind}" for number, kind in order) + ")")
        for order in itertools.permutations(enumerate(kinds))
    ]
    fewest = min(data_bytes(order, {}) for order in orders)

    assert {data_bytes(best_order(order), {}) for order in orders} == {fewest}


def test_the_bytes_that_another_order_saves_are_those_of_real_rows(fresh_database: OwnedPostgres) -> None:
    ddl = SCHEMA_RULES["column-order-waste"].bad[1]
    columns = {slot.name: slot for slot in slots(ddl)}
    fresh_database.run(ddl)
    kinds = {name: one(fresh_database, f"SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid ="
                       f" 't'::regclass AND attname = '{name}'") for name in columns}  # fmt: skip
    best = [slot.name for slot in best_order(tuple(columns.values()))]
    fresh_database.run(f"CREATE TABLE u ({', '.join(f'{name} {kinds[name]}' for name in best)})")
    texts = [name for name in columns if kinds[name] == "text"]
    values = {name: f"repeat('x', {name}_)" if name in texts else FIXED.get(kinds[name], "now()") for name in columns}
    values["id"] = "row_number() OVER ()"
    lengths = ", ".join(f"generate_series(0, 7) {name}_" for name in texts)
    for table in ("t", "u"):
        fresh_database.run(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values.values())} FROM {lengths}"
        )
    mean = "(SELECT avg(pg_column_size({0}.*)) FROM {0})"
    saved = one(fresh_database, f"SELECT ({mean.format('t')} - {mean.format('u')})::float8")

    assert wasted_bytes(tuple(columns.values())) == pytest.approx(saved, abs=0.01)
