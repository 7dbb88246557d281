"""Foreign keys are looked up, and indexes used, as the rules about designs say."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from planroom.ddl import read_postgres
from planroom.errors import StatementFailedError
from planroom.linting import SCHEMA_RULES, lint_schema
from tests.linting.asking import finds, one, plan

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

pytestmark = pytest.mark.server

INDEXES = {
    "none": "",
    "of its own": "CREATE INDEX ix ON c (a, b);",
    "in another order": "CREATE INDEX ix ON c (b, a, x);",
    "behind another column": "CREATE INDEX ix ON c (x, a, b);",
    "partial on a third column": "CREATE INDEX ix ON c (a, b) WHERE x > 5;",
    "partial where not null": "CREATE INDEX ix ON c (a, b) WHERE a IS NOT NULL AND b IS NOT NULL;",
    "partial where null": "CREATE INDEX ix ON c (a, b) WHERE a IS NULL;",
}
TABLES = (
    "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
    "CREATE TABLE c (id int PRIMARY KEY, a int, b int, x int, FOREIGN KEY (a, b) REFERENCES p);"
)


@pytest.mark.parametrize("kind", INDEXES)
def test_a_foreign_key_is_looked_up_by_a_scan_exactly_when_the_rule_says_so(
    fresh_database: OwnedPostgres, kind: str
) -> None:
    ddl = TABLES + INDEXES[kind]
    fresh_database.run(ddl)
    fresh_database.run(
        "INSERT INTO p SELECT n, n FROM generate_series(1, 20000) n;"
        "INSERT INTO c SELECT n, n, n, n FROM generate_series(1, 20000) n; ANALYZE c;"
    )
    # What a foreign key's own trigger asks: a plan for any value.
    fresh_database.connection.execute(
        b"PREPARE look AS SELECT 1 FROM ONLY c x WHERE $1::int = a AND $2::int = b FOR KEY SHARE OF x"
    )
    fresh_database.connection.execute(b"SET plan_cache_mode = force_generic_plan")

    scans = "Seq Scan" in plan(fresh_database, "EXECUTE look (7, 7)")

    assert scans == finds("foreign-key-without-index", ddl)


PARTITIONED = (
    "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (d int, p_id int REFERENCES p) PARTITION BY LIST (d);"
    "CREATE TABLE c1 PARTITION OF c FOR VALUES IN (1); CREATE TABLE c2 PARTITION OF c FOR VALUES IN (2);"
)


@pytest.mark.parametrize(
    "indexes",
    ["", "CREATE INDEX ON c (p_id);", "CREATE INDEX ON c1 (p_id);", "CREATE INDEX ON ONLY c (p_id);",
     "CREATE INDEX ON c1 (p_id); CREATE INDEX ON c2 (p_id);"],
)  # fmt: skip
def test_a_partitioned_table_is_read_whole_exactly_when_a_partition_lacks_the_index(
    fresh_database: OwnedPostgres, indexes: str
) -> None:
    fresh_database.run(PARTITIONED + indexes)
    fresh_database.run(
        "INSERT INTO p SELECT generate_series(1, 20000);"
        "INSERT INTO c SELECT 1 + n % 2, n FROM generate_series(1, 20000) n; ANALYZE c;"
    )

    assert ("Seq Scan" in plan(fresh_database, "SELECT 1 FROM c WHERE p_id = 7")) == finds(
        "foreign-key-without-index", PARTITIONED + indexes
    )


TYPES = (
    "smallint", "integer", "bigint", "numeric", "real", "double precision", "text", "varchar(10)", "char(3)", "date",
    "timestamp", "timestamptz", "uuid", "inet", "cidr", "oid", "name", "boolean",
)  # fmt: skip


def test_a_mismatch_is_an_error_for_casts_exactly_where_the_server_cannot_use_the_index(
    fresh_database: OwnedPostgres,
) -> None:
    """Each pair of types that a foreign key may join: the index of the referencing column serves it, or does not."""
    fresh_database.run("SET enable_seqscan = off; SET enable_bitmapscan = off;")
    differing, seen = [], 0
    for its, mine in itertools.product(TYPES, TYPES):
        ddl = f"CREATE TABLE p (k {its} PRIMARY KEY); CREATE TABLE c (k {mine} REFERENCES p); CREATE INDEX ix ON c (k);"
        try:
            fresh_database.run(ddl)
        except StatementFailedError:
            fresh_database.run("DROP TABLE IF EXISTS c, p;")
            continue
        seen += 1
        condition = one(
            fresh_database,
            "SELECT format('$1::%s OPERATOR(pg_catalog.%s) k%s', format_type(a.atttypid, NULL), o.oprname,"
            " CASE WHEN o.oprright <> f.atttypid THEN '::' || format_type(o.oprright, NULL) ELSE '' END)"
            " FROM pg_constraint n JOIN pg_operator o ON o.oid = n.conpfeqop[1]"
            " JOIN pg_attribute a ON a.attrelid = n.confrelid AND a.attname = 'k'"
            " JOIN pg_attribute f ON f.attrelid = n.conrelid AND f.attname = 'k'"
            " WHERE n.contype = 'f' AND n.conrelid = 'c'::regclass",
        )
        fresh_database.connection.execute(
            f"PREPARE look AS SELECT 1 FROM ONLY c x WHERE {condition} FOR KEY SHARE OF x".encode()
        )
        fresh_database.connection.execute(b"SET plan_cache_mode = force_generic_plan")
        used = "Index Cond" in plan(fresh_database, "EXECUTE look (NULL)")
        fresh_database.run("DEALLOCATE look; DROP TABLE c, p;")
        found = lint_schema(read_postgres([("x.sql", ddl)]), rules=[SCHEMA_RULES["foreign-key-type-mismatch"]]).findings
        said = any("casts" in each.message for each in found)
        if said == used:
            differing.append((its, mine, used, said))
    assert seen > 40
    assert differing == []


def test_a_narrower_integer_cannot_refer_to_every_key(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);")
    fresh_database.run("INSERT INTO p VALUES (3000000000)")

    with pytest.raises(StatementFailedError, match="integer out of range"):
        fresh_database.run("INSERT INTO c VALUES (3000000000)")


@pytest.mark.parametrize("slug", ["duplicate-index", "redundant-index"])
def test_without_a_needless_index_the_other_one_is_used(fresh_database: OwnedPostgres, slug: str) -> None:
    for ddl in SCHEMA_RULES[slug].bad:
        found = lint_schema(read_postgres([("x.sql", ddl)]), rules=[SCHEMA_RULES[slug]]).findings
        fresh_database.run(ddl + "INSERT INTO t SELECT FROM generate_series(1, 0); SET enable_seqscan = off;")
        [finding] = found
        kept = str(finding.facts.get("kept", finding.facts.get("longer")))
        fresh_database.run(f"DROP INDEX {finding.subject}")
        column = "id" if "y ON t (id)" in ddl else "a"
        condition = f"{column} IN (1, 2)" if "WHERE" in ddl else f"{column} = 1"
        assert kept in plan(fresh_database, f"SELECT * FROM t WHERE {condition}"), ddl
        fresh_database.run("DROP TABLE t")
