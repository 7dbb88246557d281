"""Replays scripts that were written for psql on the embedded server, and watches each statement that changes a design.

A statement runs in a transaction of its own, or in the one that the script opened, and stays; what the server refuses
leaves no trace in the catalog that planroom follows. The predictor knows of the state before a statement what the
scripts have said, and which tables hold no rows.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg

from planroom.ddl import Catalog, apply
from planroom.experiments.tracing import Observed, observe
from planroom.model import quote_identifier
from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.linting.effects import Key
    from planroom.sqltext import Statement

__all__ = ["Moment", "Replay", "digest", "is_design"]

_TIMEOUT_S = 10
_OUTSIDE = "25001"  # active_sql_transaction: it cannot run in a transaction block
_SPACE = re.compile(r"\s+")

_NO_DESIGN = frozenset(
    """SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt CopyStmt ExplainStmt TransactionStmt VariableSetStmt
    VariableShowStmt DeclareCursorStmt FetchStmt ClosePortalStmt PrepareStmt ExecuteStmt DeallocateStmt NotifyStmt
    ListenStmt UnlistenStmt DiscardStmt CheckPointStmt LoadStmt DoStmt CallStmt ConstraintsSetStmt LockStmt VacuumStmt
    broken psql copy-data""".split()
)
"""What asks, changes rows, or steers the session; all else changes the design, or how it is stored."""

_RELATIONS = """
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, pg_catalog.pg_relation_size(c.oid)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'p', 'v', 'f', 'i')
        AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
"""


_OF_SYSTEM = """
    SELECT count(*) > 0 FROM pg_catalog.unnest($1::text[]) AS n (name)
    JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(n.name)
    WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace, 'information_schema'::regnamespace)
"""


@dataclass(frozen=True)
class Moment:
    """One statement, what is known before it, and what it did.

    Attributes:
        statement: The statement, which the server took.
        occurrence: How many statements of the same text came before it in the script.
        before: What its transaction has said so far: nothing, where it has one of its own.
        catalog: What planroom knows; it goes on after this.
        private: Tables that nobody else can wait for: temporary ones, and those that this transaction made.
        shadowed: The names that temporary tables bear, as planroom's catalog has them.
        empty: Other tables that hold no rows.
        filled: Tables and materialised views that hold rows.
        of_system: It names a table of the system's own.
        seen: What it did.
    """

    statement: Statement
    occurrence: int
    before: tuple[str, ...]
    catalog: Catalog
    private: frozenset[Key]
    shadowed: frozenset[Key]
    empty: frozenset[Key]
    filled: frozenset[Key]
    of_system: bool
    seen: Observed


def digest(sql: str) -> str:
    """Return what a statement is known by: its text may not be kept, nor may blanks and letter case matter."""
    return hashlib.sha256(_SPACE.sub(" ", sql).strip().lower().encode()).hexdigest()[:12]


def is_design(statement: Statement) -> bool:
    """Whether a statement changes a design, or how it is stored."""
    return statement.kind not in _NO_DESIGN


def _relations(node: object) -> Iterator[tuple[str, ...]]:
    """Yield the names of all relations in a syntax tree."""
    if isinstance(node, Mapping):
        if "relname" in node:
            yield tuple(filter(None, (node.get("schemaname"), node["relname"])))
        for each in node.values():
            yield from _relations(each)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _relations(each)


@dataclass
class Replay:
    """One session on a database, and the catalog that follows it.

    Attributes:
        ran: How many statements that change a design the server took.
        alone: How many of them ran outside transactions, where their locks are gone before they can be seen.
    """

    engine: OwnedPostgres
    catalog: Catalog = field(default_factory=Catalog)
    ran: int = 0
    alone: int = 0
    _before: list[Statement] = field(default_factory=list)
    _old: frozenset[int] = frozenset()
    _broken: bool = False
    _filled: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session = self.engine.connect()
        self._session.execute(f"SET statement_timeout = '{_TIMEOUT_S}s'; SET lock_timeout = '2s'".encode())

    def close(self) -> None:
        """End the session."""
        self._session.close()

    @property
    def _open(self) -> bool:
        return self._session.info.transaction_status in {
            psycopg.pq.TransactionStatus.INTRANS, psycopg.pq.TransactionStatus.INERROR
        }  # fmt: skip

    def play(self, text: str, source: str) -> Iterator[Moment]:
        """Run a script, and yield each statement that changes a design, before the catalog goes on with it."""
        occurrences: Counter[str] = Counter()
        statements = parse_postgres(text, source)
        for number, statement in enumerate(statements):
            if not is_design(statement):
                self._follow(statement, statements[number + 1] if number + 1 < len(statements) else None)
                continue
            key = digest(statement.text)
            moment = self._watched(statement, occurrences[key])
            occurrences[key] += 1
            if moment:
                yield moment
                self._apply(statement)

    # -- what is not watched ------------------------------------------------------------------------------------------

    def _follow(self, statement: Statement, following: Statement | None) -> None:
        kind = str(statement.tree.get("kind", "")) if statement.kind == "TransactionStmt" else ""
        if statement.kind in {"psql", "copy-data"} or not (self._open or self._may_act(statement)):
            return
        broken = self._session.info.transaction_status == psycopg.pq.TransactionStatus.INERROR
        rows = following.text if following is not None and following.kind == "copy-data" else ""
        copies = statement.kind == "CopyStmt" and "filename" not in statement.tree
        done = self._copied(statement, rows) if copies else self._ran(statement.text)
        self._filled.clear()
        if kind in {"TRANS_STMT_BEGIN", "TRANS_STMT_START"} and done:
            self._old = frozenset(oid for oid, *_ in self._all(_RELATIONS))
        if kind == "TRANS_STMT_COMMIT" and broken:
            self.catalog.rollback()
        elif done and kind:
            apply(self.catalog, statement, last=True)
        elif done:
            self._apply(statement)
        if not self._open:
            self._before.clear()

    @staticmethod
    def _may_act(statement: Statement) -> bool:
        """Whether a statement may change something: a SELECT that calls no function and makes no table does not."""
        return statement.kind != "SelectStmt" or "(" in statement.text or "intoClause" in statement.tree

    def _ran(self, sql: str) -> bool:
        try:
            self._session.execute(sql.encode())
        except (psycopg.Error, UnicodeError):
            return False
        return True

    def _copied(self, statement: Statement, rows: str) -> bool:
        if not statement.tree.get("is_from"):
            return False
        try:
            with self._session.cursor() as cursor, cursor.copy(statement.text.encode()) as copy:
                copy.write(rows.strip("\n").removesuffix("\\.").encode())
        except (psycopg.Error, UnicodeError, TypeError):
            return False
        return True

    def _apply(self, statement: Statement) -> None:
        apply(self.catalog, statement, last=True)
        if self._open:
            self._before.append(statement)

    # -- what is ------------------------------------------------------------------------------------------------------

    def _all(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        cursor = self._session.execute(sql.encode(), params or None)
        return cursor.fetchall() if cursor.description else []

    def _watched(self, statement: Statement, occurrence: int) -> Moment | None:
        """Run a statement in a transaction; nothing where the server refused it, or it could not be watched."""
        if self._session.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
            return None
        own = not self._open
        try:
            if own:
                self._session.execute(b"BEGIN")
                self._old = frozenset()
            moment = self._moment(statement, occurrence, own=own)
            if own:
                self._session.execute(b"COMMIT")
        except (psycopg.Error, UnicodeError) as error:
            if own:
                self._session.rollback()
                if isinstance(error, psycopg.Error) and error.sqlstate == _OUTSIDE and self._ran(statement.text):
                    self.alone += 1
                    self._filled.clear()
                    self._apply(statement)
            return None
        self.ran += 1
        return moment

    def _moment(self, statement: Statement, occurrence: int, *, own: bool) -> Moment:
        relations = self._all(_RELATIONS)
        private, filled, empty, shadowed = set(), set(), set(), set()
        path = self.catalog.search_path
        held = self._holding(
            {oid: (schema, name) for oid, schema, name, kind, _, size in relations if size and kind in "rm"}
        )
        for oid, schema, name, kind, persistence, _ in relations:
            if persistence == "t":
                private.add((schema, name))
                shadowed.add((path[0] if path else "public", name))
            elif not own and oid not in self._old:
                private.add((schema, name))
            elif oid in held:
                filled.add((schema, name))
            elif kind in "rm":
                empty.add((schema, name))
        before = tuple(each.text for each in self._before)
        of_system = self._is_of_system(statement)
        seen = observe(self._all, statement.text)
        return Moment(statement, occurrence, before, self.catalog, frozenset(private), frozenset(shadowed),
                      frozenset(empty), frozenset(filled), of_system, seen)  # fmt: skip

    def _is_of_system(self, statement: Statement) -> bool:
        names = [".".join(map(quote_identifier, each)) for each in _relations(statement.tree)]
        return bool(self._all(_OF_SYSTEM, names)[0][0])

    def _holding(self, names: dict[int, Key]) -> set[int]:
        """Return the tables that hold rows; asked again once rows may have changed."""
        asked = {oid: key for oid, key in names.items() if oid not in self._filled}
        if asked:
            sql = " UNION ALL ".join(
                f"SELECT {oid}::oid, EXISTS (SELECT FROM ONLY {'.'.join(map(quote_identifier, key))})"
                for oid, key in asked.items()
            )
            self._filled |= dict(self._all(sql))
        return {oid for oid in names if self._filled[oid]}
