"""The prediction of what a statement does to a live database, held against a server whose tables hold rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.ddl import Catalog, apply
from planroom.experiments.tracing import contradictions, trace, trace_alone
from planroom.linting.effects import Cause, Effects, Lock, Work, WorkKind, effects
from planroom.linting.effects.volatility import VOLATILE
from planroom.sqltext import Statement, parse_postgres
from tests.experiments.effects_corpus import ALONE, SCHEMA, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.engines.postgres.server import Server


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("--")]


def catalog() -> Catalog:
    found = Catalog()
    for statement in parse_postgres(SCHEMA):
        apply(found, statement, last=True)
    return found


CATALOG = catalog()


UNSEEN = {  # they wait for nobody, or without a lock: theirs are held too briefly to be seen
    "VACUUM (FULL false) solid",
    "ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY",
}


def parsed(sql: str) -> Statement:
    (statement,) = parse_postgres(sql)
    return statement


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[OwnedPostgres]:
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as engine:
        engine.run(SCHEMA)
        yield engine


def test_the_catalog_holds_the_whole_schema() -> None:
    unread = [each.what for each in CATALOG.unread if each.kind in {"broken", "structure"}]

    assert unread == ["CREATE RULE", *["CREATE PUBLICATION"] * 2, "CREATE FOREIGN DATA WRAPPER", "CREATE SERVER"]


def test_there_are_enough_statements_and_none_twice() -> None:
    statements = [*lines(STATEMENTS), *lines(ALONE)]

    assert len(statements) >= 300
    assert len(statements) == len(set(statements))


@pytest.mark.server
@pytest.mark.parametrize("sql", lines(STATEMENTS))
def test_the_server_does_what_is_foreseen(filled: OwnedPostgres, sql: str) -> None:
    observed = trace(filled, sql)

    assert observed.failed == ""
    predicted = effects(CATALOG, parsed(sql))
    assert predicted.unknown == ()
    assert not predicted.alone
    assert contradictions(predicted, observed) == ()


@pytest.mark.server
@pytest.mark.parametrize("sql", lines(ALONE))
def test_the_server_does_what_is_foreseen_outside_transactions(fresh_database: OwnedPostgres, sql: str) -> None:
    if sql == "CLUSTER":
        fresh_database.run(SCHEMA + "ALTER TABLE keyless CLUSTER ON keyless_id;")
    else:
        fresh_database.run(SCHEMA)
    own = catalog()
    if sql == "CLUSTER":
        apply(own, parsed("ALTER TABLE keyless CLUSTER ON keyless_id"), last=True)

    observed = trace_alone(fresh_database, sql)

    assert observed.failed == ""
    predicted = effects(own, parsed(sql))
    assert predicted.alone
    assert trace(fresh_database, sql).failed
    assert sql in UNSEEN or not observed.untraced
    assert observed.untraced or contradictions(predicted, observed) == ()


@pytest.mark.server
def test_detaching_concurrently_reads_what_could_refer_to_the_partition(fresh_database: OwnedPostgres) -> None:
    sql = "ALTER TABLE hub DETACH PARTITION hub_4 CONCURRENTLY"
    fresh_database.run(SCHEMA)

    observed, predicted = trace_alone(fresh_database, sql), effects(CATALOG, parsed(sql))

    assert predicted.alone
    for key, kind in observed.work.items():  # the locks change from transaction to transaction of the statement
        assert predicted.locks[key if key in predicted.locks else ("public", "spoke")].blocks_writes
        assert predicted.heaviest(key) == kind
    assert ("public", "lone") in observed.work


@pytest.mark.server
def test_a_heavy_operation_that_is_not_foreseen_is_a_contradiction(filled: OwnedPostgres) -> None:
    observed = trace(filled, "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()")
    key = ("public", "t")

    assert contradictions(Effects({key: Lock.ACCESS_EXCLUSIVE}), observed)
    assert contradictions(
        Effects({key: Lock.SHARE}, (Work(WorkKind.REWRITE, key, Cause.VOLATILE_DEFAULT, ""),)), observed
    )


@pytest.mark.server
def test_a_free_operation_that_is_called_heavy_is_a_contradiction(filled: OwnedPostgres) -> None:
    observed = trace(filled, "ALTER TABLE t ADD COLUMN c int DEFAULT 1")
    key = ("public", "t")

    assert contradictions(
        Effects({key: Lock.ACCESS_EXCLUSIVE}, (Work(WorkKind.REWRITE, key, Cause.VOLATILE_DEFAULT, ""),)), observed
    )


@pytest.mark.server
def test_the_list_of_volatile_functions_is_the_servers(filled: OwnedPostgres) -> None:
    rows = filled.query(
        "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'v'",
        limit=1000,
    )
    volatile = {name for (name,) in rows.rows}

    assert volatile >= VOLATILE
    assert {"random", "nextval", "gen_random_uuid", "uuidv7", "clock_timestamp", "timeofday"} <= VOLATILE


@pytest.mark.server
@pytest.mark.parametrize(
    "action",
    ["ADD CONSTRAINT c CHECK (a > 0)", "ALTER COLUMN b SET NOT NULL", "ADD UNIQUE (a)", "ALTER COLUMN a TYPE bigint",
     "ADD CONSTRAINT f FOREIGN KEY (ref) REFERENCES parent", "ALTER COLUMN small_text TYPE varchar(5)"],
)  # fmt: skip
def test_nothing_is_read_in_a_table_that_was_truncated(fresh_database: OwnedPostgres, action: str) -> None:
    sql, key = parsed(f"ALTER TABLE t {action}"), ("public", "t")
    fresh_database.run(f"{SCHEMA}; TRUNCATE t CASCADE;")

    observed, foreseen = trace(fresh_database, sql.text), effects(CATALOG, sql, empty={key})

    assert observed.failed == ""
    assert effects(CATALOG, sql).heaviest(key) is not None
    assert foreseen.heaviest(key) is None
    assert contradictions(foreseen, observed) == ()
