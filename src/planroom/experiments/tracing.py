"""What a statement does to tables that hold rows, seen on a server of planroom's own.

Locks are read from pg_locks in the statement's own transaction; a rewrite is a new file that is not empty, a build is
a new index file, a scan is rows read in order (the transaction's own statistics). What cannot run in a transaction is
held up by a second session, so that its locks can be seen by a third.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from planroom.errors import EngineError
from planroom.linting.effects import Effects, Key, Lock, WorkKind
from planroom.model import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.engine import OwnedPostgres

__all__ = ["Observed", "contradictions", "observe", "trace", "trace_alone"]

Run = Callable[..., list[tuple[Any, ...]]]
"""Sends SQL with values for ``$1`` ... and returns all rows."""

PATIENCE_S = 20.0
_POLL_S = 0.002

_MODES = {f"{''.join(word.capitalize() for word in lock.name.split('_'))}Lock": lock for lock in Lock}

_RELATIONS = """
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relfilenode, coalesce(i.indrelid, 0)
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
        AND c.relkind IN ('r', 'm', 'p', 'v', 'f', 'i')
"""
_FULL = "SELECT oid FROM pg_catalog.pg_class WHERE oid = ANY ($1) AND pg_catalog.pg_relation_size(oid) > 0"
_READ = """
    SELECT relid, seq_tup_read FROM {view}
    WHERE schemaname NOT IN ('pg_toast')
"""
_LOCKS = """
    SELECT relation, mode FROM pg_catalog.pg_locks
    WHERE pid = coalesce($1::int, pg_backend_pid()) AND locktype = 'relation' AND mode <> 'SIReadLock' AND database = (
        SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True)
class Observed:
    """What was seen.

    Attributes:
        locks: The strongest lock on each table, view and materialised view that was there before.
        index_locks: Likewise, on indexes.
        held: The strongest lock on each that the transaction holds at its end, those of earlier statements too.
        work: The heaviest work on each.
        complete: All locks were seen; False where one that is held for a moment may have been missed.
        failed: The server refused the statement, in its words.
        untraced: Why nothing could be seen.
    """

    locks: Mapping[Key, Lock] = field(default_factory=dict)
    index_locks: Mapping[Key, Lock] = field(default_factory=dict)
    held: Mapping[Key, Lock] = field(default_factory=dict)
    work: Mapping[Key, WorkKind] = field(default_factory=dict)
    complete: bool = True
    failed: str = ""
    untraced: str = ""


@dataclass(frozen=True)
class _State:
    """The relations, their files, and what has been read of them."""

    names: Mapping[int, Key]
    kinds: Mapping[int, str]
    files: Mapping[int, int]
    tables: Mapping[int, int]
    read: Mapping[int, int]


def trace(engine: OwnedPostgres, sql: str, *, before: str = "") -> Observed:
    """Return what one statement does; it runs in a transaction that is rolled back.

    Args:
        engine: A database that planroom owns, whose tables hold rows.
        sql: The statement.
        before: Statements that run first, in the same transaction.
    """
    try:
        with engine.trial() as run:
            if before:
                run(before)
            return observe(run, sql)
    except EngineError as error:
        return Observed(failed=error.what)


def observe(run: Run, sql: str) -> Observed:
    """Run a statement in the transaction that is open, and return what it did; the transaction stays open.

    Args:
        run: Sends SQL, with values for ``$1`` ..., and returns all rows; what it raises is passed on.
        sql: The statement.
    """
    view = "pg_stat_xact_user_tables"
    start, before = _state(run, view), _locks(run)
    run(sql)
    after = _locks(run)
    locks = {oid: lock for oid, lock in after.items() if lock > before.get(oid, 0)}
    seen = _observed(locks, start, _work(run, start, _state(run, view)))
    return replace(seen, held={start.names[oid]: lock for oid, lock in after.items() if oid in start.names})


def _state(run: Run, view: str) -> _State:
    rows, read = run(_RELATIONS), run(_READ.format(view=view))
    return _State(
        {oid: (schema, name) for oid, schema, name, *_ in rows},
        {oid: kind for oid, _, _, kind, *_ in rows},
        {oid: file for oid, _, _, _, file, _ in rows},
        {oid: table for oid, *_, table in rows if table},
        dict(read),
    )


def _locks(run: Run, pid: int | None = None) -> dict[int, Lock]:
    """Return the strongest lock that a session, by default the own one, holds on each relation, or waits for."""
    found: dict[int, Lock] = {}
    for oid, mode in run(_LOCKS, pid):
        found[oid] = max(_MODES[mode], found.get(oid, Lock.ACCESS_SHARE))
    return found


def _observed(locks: Mapping[int, Lock], state: _State, work: Mapping[Key, WorkKind]) -> Observed:
    known = {oid: lock for oid, lock in locks.items() if oid in state.names}
    indexes = {state.names[oid]: lock for oid, lock in known.items() if oid in state.tables}
    tables = {state.names[oid]: lock for oid, lock in known.items() if oid not in state.tables}
    return Observed(tables, indexes, work=work)


def _work(run: Run, start: _State, end: _State) -> dict[Key, WorkKind]:
    """Return the heaviest work on each table that was there before."""
    full = {oid for (oid,) in run(_FULL, list(end.files))}
    old_files = set(start.files.values())
    work: dict[Key, WorkKind] = {}
    for oid, key in start.names.items():
        if start.kinds[oid] == "i" or oid not in end.files:
            continue
        built = [index for index, table in end.tables.items() if table == oid and end.files[index] not in old_files]
        if end.files[oid] != start.files[oid] and oid in full:
            work[key] = WorkKind.REWRITE
        elif built and oid in full and end.files[oid] == start.files[oid]:
            work[key] = WorkKind.BUILD
        elif end.read.get(oid, 0) > start.read.get(oid, 0):
            work[key] = WorkKind.SCAN
    return work


def trace_alone(engine: OwnedPostgres, sql: str) -> Observed:
    """Return what a statement does that cannot run in a transaction; it changes the database.

    A second session holds ROW EXCLUSIVE locks and a snapshot until the statement waits for it, or ends; a third looks
    at the locks that it holds or waits for.
    """
    holder, watching, worker = engine.connect(), engine.connect(), engine.connect()

    def watcher(sql: str, *params: object) -> list[tuple[Any, ...]]:
        return watching.execute(sql.encode(), params or None).fetchall()

    try:
        start = _state(watcher, "pg_stat_user_tables")
        tables = ", ".join(
            f"{quote_identifier(schema)}.{quote_identifier(name)}"
            for oid, (schema, name) in start.names.items()
            if start.kinds[oid] in "rp"
        )
        holder.execute(f"BEGIN; LOCK TABLE {tables} IN ROW EXCLUSIVE MODE; SELECT 1".encode())
        locks, failed = _watched(worker, watcher, holder, sql)
        end = _state(watcher, "pg_stat_user_tables")
        if failed:
            return Observed(failed=failed)
        if not locks:
            return Observed(untraced="it ended before its locks were seen")
        return replace(_observed(locks, start, _work(watcher, start, end)), complete=False)
    finally:
        for each in (holder, worker, watching):
            each.close()


def _watched(worker: Any, watcher: Run, holder: Any, sql: str) -> tuple[dict[int, Lock], str]:
    """Run the statement in a thread; return the strongest locks seen, and why it failed if it did."""
    failures: list[str] = []
    seen: dict[int, Lock] = {}

    def run() -> None:
        try:
            worker.execute(sql.encode())
            worker.execute(b"SELECT pg_catalog.pg_stat_force_next_flush()")
            worker.execute(b"SELECT 1")
        except Exception as error:  # the driver's, in a thread: it is handed over as words
            failures.append(str(error).splitlines()[0])

    pid, deadline = worker.info.backend_pid, time.monotonic() + PATIENCE_S
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    released = False
    while thread.is_alive() and time.monotonic() < deadline:
        waits = not released and _waits(watcher, pid)  # asked first: what it waits with is then seen
        for oid, lock in _locks(watcher, pid).items():
            seen[oid] = max(lock, seen.get(oid, lock))
        if waits:
            holder.rollback()
            released = True
        time.sleep(_POLL_S)
    thread.join(PATIENCE_S)
    return seen, failures[0] if failures else ""


def _waits(watcher: Run, pid: int) -> bool:
    """Whether a session waits for a lock of another."""
    sql = "SELECT wait_event_type = 'Lock' FROM pg_catalog.pg_stat_activity WHERE pid = $1"
    return any(waits for (waits,) in watcher(sql, pid))


def contradictions(predicted: Effects, observed: Observed) -> tuple[str, ...]:
    """Return where a prediction and the server differ, in words; nothing where they agree.

    Locks are compared from SHARE UPDATE EXCLUSIVE up, which is where they begin to hold up changes of the schema;
    work on what is locked at least as UPDATE locks it: reading under less holds up nobody.
    """
    found = []
    for key in sorted({*predicted.locks, *observed.locks}):
        ours, theirs = predicted.locks.get(key), observed.locks.get(key, observed.index_locks.get(key))
        if theirs is None and not observed.complete:
            continue
        if ours != theirs and max(ours or 0, theirs or 0) >= Lock.SHARE_UPDATE_EXCLUSIVE:
            found.append(f"lock on {key[1]}: predicted {ours}, observed {theirs}")
    for key in sorted({*(each.relation for each in predicted.work), *observed.work}):
        held = observed.locks if observed.complete else predicted.locks
        if held.get(key, 0) < Lock.ROW_EXCLUSIVE:
            continue
        certain, possible, seen = (
            predicted.heaviest(key), predicted.heaviest(key, certain=False), observed.work.get(key),
        )  # fmt: skip
        if not (certain or 0) <= (seen or 0) <= (possible or 0):
            found.append(f"work on {key[1]}: predicted {certain}, at most {possible}, observed {seen}")
    return tuple(found)
