"""Puts generated rows into a PostgreSQL database of planroom's own, which then proves them: every constraint holds."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.display import Displayable, card, html_table, text_table
from planroom.errors import PlanroomError, StatementRefusedError
from planroom.generating.copying import copy_plan, framed
from planroom.model import qualified, quote_identifier
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planroom.engines import Engine
    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.generating.plan import GenerationPlan, TablePlan

__all__ = ["STATISTICS", "Loaded", "LoadedTable", "load_rows"]

STATISTICS = ("whole", "sampled", "none")
_ROWS_PER_TARGET = 300  # analyze.c: the sample that a histogram of so many bins needs
_MOST_TARGET = 10_000
_HEADER = ("table", "rows", "copied as", "statistics")


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """One table that was loaded.

    Attributes:
        id: The table's id.
        rows: How many rows the server took.
        format: ``binary``, or ``text`` where a column's type has no binary form in planroom.
        why: What kept it from binary.
        statistics: ``whole`` where ANALYZE read every row, so that they are the same each time; ``sampled``, ``none``.
    """

    id: str
    rows: int
    format: str
    why: str
    statistics: str


@dataclass(frozen=True)
class Loaded(Displayable):
    """What was loaded; every constraint has been validated by the server.

    Attributes:
        tables: The tables, parents first.
        foreign_keys: How many foreign keys the server has validated over the loaded rows.
    """

    tables: tuple[LoadedTable, ...]
    foreign_keys: int

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(each.rows for each in self.tables)

    def headline(self) -> str:
        """Return in one line what was loaded."""
        return (
            f"{format_count(self.rows)} rows in {format_count(len(self.tables))} tables"
            f" · {format_count(self.foreign_keys)} foreign keys validated"
        )

    def _lines(self) -> list[tuple[str, str, str, str]]:
        return [
            (
                each.id,
                format_count(each.rows),
                f"{each.format}: {each.why}" if each.why else each.format,
                each.statistics,
            )
            for each in self.tables
        ]

    def __str__(self) -> str:
        return f"{self.headline()}\n\n{text_table(_HEADER, self._lines(), numeric={1})}"

    def _html(self) -> str:
        return card(self.headline(), html_table(_HEADER, self._lines(), numeric={1}))


def load_rows(
    plan: GenerationPlan,
    source: Engine,
    into: OwnedPostgres,
    *,
    statistics: str = "whole",
    progress: Callable[[str, int, int], None] | None = None,
) -> Loaded:
    """Copy generated rows into a database that holds the model's tables, all of it or nothing.

    Foreign keys are not enforced while rows arrive and are validated afterwards, each in one query over its table:
    that is the server's own proof, and many times faster than a look-up a row. Triggers of the model do not fire.

    ANALYZE looks at 300 rows for each unit of its statistics target, 30,000 as a rule, and at other ones each time.
    Tables up to 3 million rows are analysed with a target at which it reads every row, so that statistics, and with
    them plans, are the same each time; larger ones are sampled.

    Args:
        plan: What was generated.
        source: The DuckDB engine that holds the rows.
        into: A database of planroom's own that holds the model, without rows in these tables.
        statistics: ``whole`` as above, ``sampled`` for PostgreSQL's own targets, or ``none``.
        progress: Called before each table with its id, how many are done, and how many there are.

    Raises:
        StatementRefusedError: The database is the user's.
        StatementFailedError: The server refused a row; the message is its own.
    """
    if not into.owned:
        raise StatementRefusedError(
            f"planroom does not load rows into {into.url}.",
            why="it is your database, and planroom only reads it.",
            fix="load them into one that planroom made, or write them to a folder: its load.sql loads them anywhere.",
        )
    if statistics not in STATISTICS:
        raise PlanroomError(f"There are no statistics called {statistics!r}.", fix=f"choose {', '.join(STATISTICS)}.")
    return _Loading(plan, source, into, progress).loaded(statistics)


class _Loading:
    def __init__(
        self,
        plan: GenerationPlan,
        source: Any,
        into: OwnedPostgres,
        progress: Callable[[str, int, int], None] | None,
    ) -> None:
        self.plan, self.source, self.into, self.progress = plan, source, into, progress

    def _run(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.into.query(sql, limit=1_000_000, timeout_s=0)]

    def loaded(self, statistics: str) -> Loaded:
        """Load everything."""
        with self._transaction():
            self._run("SET LOCAL session_replication_role = replica")  # no trigger of the model's fires
            keys = self._foreign_keys()
            for table, key in keys:
                self._run(f"ALTER TABLE {table} ALTER CONSTRAINT {key} NOT ENFORCED")
            found = [self._table(done, table) for done, table in enumerate(self.plan.tables)]
            for table, key in keys:
                self._run(f"ALTER TABLE {table} ALTER CONSTRAINT {key} ENFORCED")
            self._advance_sequences()
        self._refresh_views()
        return Loaded(
            tuple(self._analysed(table, statistics) for table in found) if statistics != "none" else tuple(found),
            len(keys),
        )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._run("BEGIN")
        try:
            yield
        except BaseException:
            with contextlib.suppress(PlanroomError):
                self._run("ROLLBACK")
            raise
        self._run("COMMIT")

    def _foreign_keys(self) -> list[tuple[str, str]]:
        """Return the enforced and validated foreign keys of the tables, none that a partition has from its parent."""
        ids = ", ".join(_quoted(each.id) + "::regclass" for each in self.plan.tables)
        if not ids:
            return []
        rows = self._run(
            "SELECT conrelid::regclass::text, conname FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conenforced"  # noqa: S608
            f" AND convalidated AND conparentid = 0 AND conrelid IN ({ids}) ORDER BY 1, 2"
        )
        return [(str(table), quote_identifier(str(name))) for table, name in rows]

    def _table(self, done: int, table: TablePlan) -> LoadedTable:
        if self.progress:
            self.progress(table.id, done, len(self.plan.tables))
        plan = copy_plan(table)
        rows = self.into.copy_in(plan.statement, framed(plan, self.source.batches(plan.query)))
        return LoadedTable(table.id, rows, plan.format, plan.why, "none")

    def _advance_sequences(self) -> None:
        """Let identity and serial columns go on after the rows that are there."""
        for table in self.plan.tables:
            for column in table.columns:
                if column.family != "integer" or column.base == "oid":
                    continue
                target, shown = qualified(table.schema, table.name), quote_identifier(column.name)
                self._run(
                    f"SELECT setval(s::regclass, (SELECT max({shown}) FROM {target})) FROM"  # noqa: S608
                    f" pg_get_serial_sequence({_quoted(target)}, {_quoted(column.name)}) AS s"
                    f" WHERE s IS NOT NULL AND EXISTS (SELECT 1 FROM {target} WHERE {shown} IS NOT NULL)"
                )

    def _refresh_views(self) -> None:
        views = self._run(
            "SELECT c.oid::regclass::text FROM pg_catalog.pg_class c WHERE c.relkind = 'm' AND c.relispopulated"
            " ORDER BY c.oid"
        )
        for (view,) in views:
            self._run(f"REFRESH MATERIALIZED VIEW {view}")

    def _analysed(self, table: LoadedTable, statistics: str) -> LoadedTable:
        target = -(-table.rows // _ROWS_PER_TARGET)
        whole = statistics == "whole" and target <= _MOST_TARGET
        usual = int(str(self._run("SHOW default_statistics_target")[0][0]))
        if whole and target > usual:
            self._run(f"SET default_statistics_target = {target}")
        self._run(f"VACUUM (ANALYZE) {table.id}")
        self._run("RESET default_statistics_target")
        kind = "whole" if whole or target <= usual else "sampled"
        return LoadedTable(table.id, table.rows, table.format, table.why, kind)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
