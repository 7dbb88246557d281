"""What each rule about migrations claims, tried on a server whose tables hold rows: bad examples show it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from planroom.ddl import read_postgres
from planroom.experiments.tracing import Observed, trace, trace_alone
from planroom.findings import Effect, Finding
from planroom.linting import MIGRATION_RULES, MigrationRule, lint_migrations
from planroom.linting.effects import Lock
from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.model import Model, Table

pytestmark = pytest.mark.server

# The rule about an application's queries is held against the server in test_compatibility_against_server.
PROVEN = [rule for rule in MIGRATION_RULES if not rule.unproven and not rule.queries]
LOCKS = {str(lock): lock for lock in Lock}
BLOCKING = {Effect.BLOCKS_READS, Effect.BLOCKS_WRITES}
LOSING = {Effect.LOSES_DATA, Effect.BREAKS_QUERIES}

BY_COLUMN = {"at": "'2026-06-01'", "kind": "'z'", "id": "g"}
BY_TABLE = {("e27", "at"): "'2027-06-01'", ("e28", "at"): "'2028-06-01'", ("m_a", "kind"): "'a'", ("m", "kind"): "'a'",
            ("r", "k_id"): "NULL::int"}  # fmt: skip
BY_TYPE = {
    "integer": "g", "bigint": "g", "text": "'a@' || g", "character varying": "'a' || g",
    "int4range": "int4range(g, g + 1)",
    "mood": "'ok'", "d": "'x'",
}  # fmt: skip


def model_of(ddl: str) -> Model:
    return read_postgres([("before.sql", ddl)])


def filled(table: Table) -> str:
    """Return the statement that puts 300 rows into a table."""
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(
        BY_TABLE.get((table.name, column.name)) or BY_COLUMN.get(column.name) or BY_TYPE[column.type.name]
        for column in table.columns
    )
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM generate_series(1, 300) g;"


def prepared(engine: OwnedPostgres, rule: MigrationRule) -> None:
    engine.run(rule.before)
    model = model_of(rule.before)
    waiting = [table for table in model.tables if not table.partition_of and table.columns]
    for table in sorted(waiting, key=lambda each: len(each.foreign_keys)):
        if not table.partitioning or any(other.partition_of for other in model.tables):
            engine.run(filled(table))
    for view in model.views:
        if view.materialised:
            engine.run(f"REFRESH MATERIALIZED VIEW {view.name}")


def observed(engine: OwnedPostgres, sql: str) -> Iterator[tuple[str, Observed]]:
    """Trace each statement of a script where it stands, in its transaction, and carry out what is committed."""
    before: list[str] | None = None
    for statement in parse_postgres(sql):
        text = statement.text
        if statement.kind == "TransactionStmt":
            if before is not None and "COMMIT" in text:
                engine.run(";".join(["BEGIN", *before, "COMMIT"]))
            before = [] if before is None else None
            continue
        seen = trace(engine, text, before="; ".join(before or []))
        if before is None and "cannot run inside a transaction" in seen.failed:
            yield text, trace_alone(engine, text)
            continue
        yield text, seen
        if before is not None:
            before.append(text)
        elif not seen.failed:
            engine.run(text)


def found_in(rule: MigrationRule, sql: str) -> Finding:
    (finding,) = lint_migrations([("m.sql", sql)], model=model_of(rule.before), rules=[rule]).findings
    return finding


def keys(names: object) -> list[tuple[str, str]]:
    assert isinstance(names, list)
    return [tuple(name.split(".")) for name in names]  # type: ignore[misc]


def stops_others(seen: Observed, old: set[tuple[str, str]]) -> bool:
    """Whether work on a table that was there is done under a lock that blocks, taken now or held from before."""
    held = {key: lock for key, lock in {**seen.locks, **seen.held}.items() if key in old and lock.blocks_writes}
    return bool(held) and any(key in old for key in seen.work)


def old_relations(rule: MigrationRule) -> set[tuple[str, str]]:
    model = model_of(rule.before)
    return {("public", each.name) for each in (*model.tables, *model.views)}


def rows_of(engine: OwnedPostgres, query: str) -> int | None:
    """Return how many rows a query finds; None where it fails."""
    seen = trace(engine, query)
    return None if seen.failed else int(str(engine.query(f"SELECT count(*) FROM ({query}) q").rows[0][0]))


def queries(rule: MigrationRule) -> list[str]:
    """Return queries that an application could have: every column of every relation that is there before."""
    model = model_of(rule.before)
    return [
        f"SELECT {column.name} FROM {relation.name}"
        for relation in (*model.tables, *model.views)
        for column in relation.columns
        if relation.name != "e" or model.tables_by_id["public.e"].partitioning is None
    ]


@pytest.mark.parametrize(
    ("rule", "sql"), [(rule, sql) for rule in PROVEN for sql in rule.bad], ids=lambda each: getattr(each, "slug", "")
)
def test_a_bad_example_does_what_its_finding_says(fresh_database: OwnedPostgres, rule: MigrationRule, sql: str) -> None:
    prepared(fresh_database, rule)
    finding = found_in(rule, sql)
    if finding.effect in BLOCKING:
        blocked(fresh_database, sql, finding)
    elif finding.effect is Effect.FAILS:
        code = str(finding.facts["sqlstate"])
        for _, seen in observed(fresh_database, sql):
            if seen.failed:
                assert code in seen.failed
                return
        raise AssertionError("nothing failed")
    elif finding.effect in LOSING:
        before = {query: rows_of(fresh_database, query) for query in queries(rule)}
        fresh_database.run(sql)
        after = {query: rows_of(fresh_database, query) for query in queries(rule)}
        assert all(before.values())
        worse = {query for query in before if not after[query]}
        assert worse
        fails = any(after[query] is None for query in worse)
        assert fails == (rule.slug not in {"truncated", "every-row-changed"})
    elif finding.effect is Effect.SLOW and "work" in finding.facts:
        ((_, seen),) = observed(fresh_database, sql)
        assert all(key in seen.work for key in keys(finding.facts["relations"]))
        assert max(seen.locks.values()) == LOCKS[str(finding.facts["lock"])]
    elif "lock" in finding.facts:
        momentary(fresh_database, sql, finding)
    else:
        assert rule.slug == "concurrent-index-may-be-skipped"  # tried below


def blocked(engine: OwnedPostgres, sql: str, finding: Finding) -> None:
    """The claimed work is done on the claimed relations, while the claimed lock is held on those that are blocked."""
    lock = LOCKS[str(finding.facts["lock"])]
    relations = keys(finding.facts["relations"])
    for text, seen in observed(engine, sql):
        assert seen.failed == "", text
        held = {**seen.locks, **seen.held}
        if finding.slug == "index-rebuilt-in-place":  # to plan a query takes a lock on every index of its tables
            assert max(seen.index_locks.values()) == lock
            held = dict.fromkeys(held, lock)
        works = {key: str(kind) for key, kind in seen.work.items()}
        claimed = [(tuple(each["relation"].split(".")), each["kind"]) for each in finding.facts["work"]]  # type: ignore[attr-defined]
        if all(key in works for key, _ in claimed) and all(held.get(key) == lock for key in relations):
            assert dict(claimed).items() <= works.items()
            return
    raise AssertionError("the claimed work was not seen under the claimed lock")


def momentary(engine: OwnedPostgres, sql: str, finding: Finding) -> None:
    """The claimed lock is taken, and no work is done under it."""
    lock = LOCKS[str(finding.facts["lock"])]
    seen = [each for _, each in observed(engine, sql)][-1]
    assert seen.failed == ""
    taken = [seen.locks.get(key) for key in keys(finding.facts["relations"])]
    assert max(level for level in taken if level) == lock
    assert seen.work == {}


@pytest.mark.parametrize(
    ("rule", "sql"), [(rule, sql) for rule in PROVEN for sql in rule.good], ids=lambda each: getattr(each, "slug", "")
)
def test_a_good_example_does_not(fresh_database: OwnedPostgres, rule: MigrationRule, sql: str) -> None:
    prepared(fresh_database, rule)
    old = old_relations(rule)
    before = {query: rows_of(fresh_database, query) for query in queries(rule)}
    claims = [found_in(rule, bad) for bad in rule.bad]

    for text, seen in observed(fresh_database, sql):
        assert seen.failed == "", text
        if rule.effect in BLOCKING:
            assert not stops_others(seen, old), text
        for claim in claims if rule.effect is Effect.ADVICE and rule.slug != "no-lock-timeout" else ():
            lock = LOCKS[str(claim.facts["lock"])]
            assert all(seen.locks.get(key, 0) < lock for key in keys(claim.facts["relations"])[:1]), text
    if rule.effect in LOSING and rule.slug != "every-row-changed":
        assert {query: rows_of(fresh_database, query) for query in queries(rule)} == before


def test_if_not_exists_keeps_an_invalid_index(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)")
    with pytest.raises(Exception, match="could not create unique index"):
        fresh_database.run("CREATE UNIQUE INDEX CONCURRENTLY ix ON t (a)")
    fresh_database.run("DELETE FROM t")

    fresh_database.run("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a)")

    assert fresh_database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass").rows == ((False,),)
    fresh_database.run("DROP INDEX CONCURRENTLY IF EXISTS ix")
    fresh_database.run("CREATE UNIQUE INDEX CONCURRENTLY ix ON t (a)")
    assert fresh_database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass").rows == ((True,),)


@pytest.mark.parametrize("timeout", ["0", "50ms"])
def test_without_lock_timeout_readers_queue_behind_a_waiting_statement(
    fresh_database: OwnedPostgres, timeout: str
) -> None:
    fresh_database.run("CREATE TABLE t (a int)")
    reader, altering, later = fresh_database.connect(), fresh_database.connect(), fresh_database.connect()
    outcome: list[str] = []

    def alter() -> None:
        try:
            altering.execute(b"ALTER TABLE t ADD COLUMN c int")
            outcome.append("")
        except Exception as error:
            outcome.append(str(error))

    reader.execute(b"BEGIN; SELECT * FROM t")
    altering.execute(f"SET lock_timeout = '{timeout}'".encode())
    thread = threading.Thread(target=alter)
    thread.start()
    deadline = time.monotonic() + 10
    waiting = b"SELECT count(*) FROM pg_locks WHERE NOT granted"
    while timeout == "0" and time.monotonic() < deadline and later.execute(waiting).fetchone() != (1,):
        time.sleep(0.005)
    if timeout != "0":
        thread.join(10)
    later.execute(b"SET lock_timeout = '50ms'")
    if timeout == "0":
        with pytest.raises(Exception, match="lock timeout"):
            later.execute(b"SELECT * FROM t")
        reader.rollback()
        thread.join(10)
        assert outcome == [""]
    else:
        later.execute(b"SELECT * FROM t")
        assert "lock timeout" in outcome[0]
    for each in (reader, altering, later):
        each.close()
