"""What the rules advise ends where the hurried statement ends, and nobody waits while rows are read or written."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.experiments.tracing import Observed, trace, trace_alone
from planroom.findings import Severity
from planroom.sqltext import Statement, parse_postgres

pytestmark = pytest.mark.server

TABLES = """
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE INDEX t_b ON t (b);
CREATE TABLE parted (d int NOT NULL) PARTITION BY RANGE (d);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000);
CREATE TABLE loose (d int NOT NULL);
"""
ROWS = """
INSERT INTO r SELECT g FROM generate_series(1, 500) g;
INSERT INTO t SELECT g, g, g::text FROM generate_series(1, 500) g;
INSERT INTO parted SELECT g FROM generate_series(1, 500) g;
INSERT INTO loose SELECT 1000 + g FROM generate_series(1, 500) g;
"""

FIXES = {
    "MIG001": (
        "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()",
        (
            "ALTER TABLE t ADD COLUMN c uuid; ALTER TABLE t ALTER COLUMN c SET DEFAULT gen_random_uuid();"
            "UPDATE t SET c = gen_random_uuid() WHERE id BETWEEN 1 AND 250 AND c IS NULL"
        ),
    ),
    "MIG006": ("CREATE INDEX ix ON t (a)", "CREATE INDEX CONCURRENTLY ix ON t (a)"),
    "MIG007": (
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID;ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null",
    ),
    "MIG007 before PostgreSQL 18": (
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
        (
            "ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL) NOT VALID;"
            "ALTER TABLE t VALIDATE CONSTRAINT proof;"
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL; ALTER TABLE t DROP CONSTRAINT proof"
        ),
    ),
    "MIG008": (
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c",
    ),
    "MIG009": (
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES r",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES r NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT f",
    ),
    "MIG010": (
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY u ON t (a); ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u",
    ),
    "MIG012": (
        "ALTER TABLE parted ATTACH PARTITION loose FOR VALUES FROM (1000) TO (2000)",
        (
            "ALTER TABLE loose ADD CONSTRAINT bounds CHECK (d >= 1000 AND d < 2000) NOT VALID;"
            "ALTER TABLE loose VALIDATE CONSTRAINT bounds;"
            "ALTER TABLE parted ATTACH PARTITION loose FOR VALUES FROM (1000) TO (2000);"
            "ALTER TABLE loose DROP CONSTRAINT bounds"
        ),
    ),
    "MIG017": ("REINDEX INDEX t_b", "REINDEX INDEX CONCURRENTLY t_b"),
    "MIG032": (
        "ALTER TABLE parted DETACH PARTITION parted_1",
        (
            "ALTER TABLE parted DETACH PARTITION parted_1 CONCURRENTLY;"
            "ALTER TABLE parted_1 DROP CONSTRAINT parted_1_d_check"
        ),
    ),
    "MIG035": ("DROP INDEX t_b", "DROP INDEX CONCURRENTLY t_b"),
}


def steps(script: str) -> tuple[Statement, ...]:
    return parse_postgres(script, "fix.sql")


def observed(engine: OwnedPostgres, sql: str) -> Observed:
    """What a statement does, with it done."""
    if "CONCURRENTLY" in sql:
        return trace_alone(engine, sql)
    seen = trace(engine, sql)
    engine.run(sql)
    return seen


def filled(server: Server) -> OwnedPostgres:
    engine = OwnedPostgres(server)
    engine.run(f"{TABLES}{ROWS}")
    return engine


@pytest.mark.parametrize("name", FIXES)
def test_a_fix_ends_where_the_statement_ends_and_blocks_nobody(server: Server, name: str) -> None:
    hurried, careful = FIXES[name]
    with filled(server) as first, filled(server) as second:
        first.run(hurried)
        for step in steps(careful):
            seen = observed(second, step.text)
            assert seen.failed == ""
            held = {key for key, lock in seen.locks.items() if lock.blocks_writes}
            assert held.isdisjoint(seen.work), f"{step.text} works under a lock that blocks"

        assert pr.diff(first.model(), second.model()).changes == ()
    code = name.split()[0]
    assert code in {each.code for each in pr.lint(hurried, model=TABLES).findings}
    left = pr.lint(careful, model=TABLES, ignore=["no-lock-timeout"]).at_least(Severity.WARNING)
    assert {each.code for each in left} <= {"READ001"}, "the CHECK that DETACH CONCURRENTLY leaves is not foretold"
    assert left == () or "DETACH" in careful
