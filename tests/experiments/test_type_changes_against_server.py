"""Every change of a column from one type to another, with and without an index: what is foreseen is what is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planroom.ddl import Catalog, catalog_of, read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.experiments.tracing import contradictions, trace
from planroom.linting.effects import effects
from planroom.sqltext import parse_postgres

pytestmark = pytest.mark.server

VALUES = {
    "smallint": "1", "integer": "1", "bigint": "1", "oid": "1", "real": "1", "float8": "1", "money": "1",
    "numeric": "1", "numeric(10,2)": "1", "numeric(12,2)": "1", "numeric(12,4)": "1", "boolean": "true",
    "text": "'1'", "varchar": "'1'", "varchar(10)": "'1'", "varchar(40)": "'1'", "char(5)": "'1'", "bpchar": "'1'",
    "name": "'1'", '"char"': "'1'", "json": "'1'", "jsonb": "'1'", "uuid": "gen_random_uuid()", "bytea": "'1'",
    "inet": "'1.2.3.4'", "cidr": "'1.2.3.4'", "bit(8)": "B'10101010'", "varbit": "B'1'", "varbit(20)": "B'1'",
    "date": "now()", "timestamp": "now()", "timestamp(3)": "now()", "timestamptz": "now()", "timestamptz(0)": "now()",
    "time": "now()", "time(3)": "now()", "timetz": "now()", "interval": "'1 day'", "interval(2)": "'1 day'",
    "text[]": "'{1}'", "varchar(10)[]": "'{1}'", "varchar(40)[]": "'{1}'", "integer[]": "'{1}'", "bigint[]": "'{1}'",
    "int4range": "int4range(1, 2)", "point": "point(1, 1)",
}  # fmt: skip
TYPES = list(VALUES)
UNORDERED = {"json", "point"}
TABLES = "".join(
    f"CREATE TABLE t{at} (id int PRIMARY KEY, c {name}, d {name} NOT NULL);"
    + (f"CREATE INDEX ON t{at} (d);" if name not in UNORDERED else "")
    for at, name in enumerate(TYPES)
)
ROWS = "".join(
    f"INSERT INTO t{at} SELECT g, {value}, {value} FROM generate_series(1, 300) g;"
    for at, value in enumerate(VALUES.values())
)


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(TABLES)
        engine.run(ROWS)
        yield engine


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return catalog_of(read_postgres([("tables.sql", TABLES)]))


@pytest.mark.parametrize("at", range(len(TYPES)), ids=TYPES)
def test_a_change_of_type_does_what_is_foreseen(filled: OwnedPostgres, catalog: Catalog, at: int) -> None:
    wrong, ran = [], 0
    for wanted in TYPES:
        for column in "cd":
            sql = f"ALTER TABLE t{at} ALTER COLUMN {column} TYPE {wanted}"
            observed = trace(filled, sql)
            if observed.failed:
                continue  # no cast, or no operator class for the index
            ran += 1
            wrong += [(sql, each) for each in contradictions(effects(catalog, parse_postgres(sql, "m")[0]), observed)]

    assert wrong == []
    assert ran >= 2, "to itself, at least"
