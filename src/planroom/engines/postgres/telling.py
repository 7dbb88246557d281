"""A database of planroom's own is told how large it is and what is in it, again and again if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.accounts import server_account
from planroom.engines.postgres.completing import completed
from planroom.engines.postgres.expression_leaves import (
    LeadingExpression,
    expression_ends,
    leading_expressions,
    plant_leaf,
)
from planroom.engines.postgres.extending import allow_bytes, restore_extended
from planroom.engines.postgres.inflating import SparseFiles
from planroom.engines.postgres.restoring import forget_columns, restore_columns, restore_relations
from planroom.engines.postgres.scaled_checks import Check, checks_of, uncarried
from planroom.engines.postgres.seeding import Seeds, leading_columns, plant, seed_rows, seeds_of
from planroom.engines.postgres.sizing import Sizes, column_names, stored_relations
from planroom.engines.postgres.supervisor import DATA
from planroom.scaling.statistics import RelationStatistics
from planroom.sqltext import qualified

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.engines.postgres.planned_database import PlannedDatabase
    from planroom.model import Model
    from planroom.scaling.statistics import ColumnStatistics, ExtendedData, Statistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["Telling"]


class Telling:
    """What a database was told last; it holds a model and no rows.

    Args:
        database: The database; the caller holds its lock here and in `tell`.

    Attributes:
        statistics: What the planner was told, with the sizes of indexes that were worked out.
        checks: What the planner was asked after that.
        notes: What of the statistics is not carried, in sentences.
    """

    statistics: Statistics
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()

    def __init__(self, database: PlannedDatabase) -> None:
        self._database = database
        run = database.send
        allow_bytes(run)
        self._sizes = Sizes(_files(database), stored_relations(run))
        self._oids = {(each.schema, each.name): oid for oid, each in self._sizes.relations.items()}
        self._leading = leading_columns(run)
        self._expressions = leading_expressions(run)
        self._names = column_names(run)
        self._sizes.keep(run, empty=True)
        self._model: Model | None = None
        self._seeds: Seeds = {}
        self._leaves: dict[LeadingExpression, tuple[str, ...]] = {}
        self._unseeded: dict[int, str] = {}
        self._columns: frozenset[ColumnStatistics] = frozenset()
        self._extended: tuple[tuple[ExtendedData, ...], tuple[ColumnStatistics, ...]] = ((), ())
        self._extended_notes: tuple[str, ...] = ()

    @property
    def disk_bytes(self) -> int:
        """What the database takes on the disk, the server's own catalog included."""
        return self._sizes.files.disk_bytes

    def tell(self, statistics: Statistics) -> None:
        """Make the database as large as the statistics say; its session is another one afterwards.

        Raises:
            EngineError: The disk or its file system does not let files be so long.
        """
        run, database = self._database.send, self._database
        statistics, worked_out = completed(statistics, self._sizes.relations.values(), self._catalog)
        self._seed(run, statistics)
        self._sizes.evict(run, self._sizes.changing(statistics))
        self._sizes.apply(run, statistics)
        refused = self._restore(run, statistics)
        self._restore_extended(run, statistics)
        database.end_session()  # another one has no memory of how long files were
        with database.trial() as inquire:
            self.checks = checks_of(inquire, database.plan, self._sizes, statistics)
        told = uncarried(self._sizes, self._names, statistics, database.major)
        self.notes = (*told, *worked_out, *refused, *self._extended_notes, *self._unseeded.values())
        self.statistics = statistics

    def _catalog(self) -> Model:
        """Return the design with the names that the server gave, candidates among them; read once."""
        if self._model is None:
            self._model = self._database.model()
        return self._model

    def _seed(self, run: Run, statistics: Statistics) -> None:
        """Put the ends of the keys where the planner looks for them, into tables where they differ from before."""
        wanted = seeds_of(run, self._leading, statistics)
        leaves = {each: ends for each in self._expressions if (ends := expression_ends(each, statistics))}
        tables = {oid for oid in {**wanted, **self._seeds} if wanted.get(oid) != self._seeds.get(oid)}
        tables |= {each.table for each in self._expressions if leaves.get(each) != self._leaves.get(each)}
        if not tables:
            return
        if tables & self._seeds.keys():
            self._sizes.evict(run, self._sizes.relations)
            self._sizes.empty(tables)
            self._database.end_session()
        run("BEGIN")
        try:
            notes = plant(run, {oid: ends for oid, ends in wanted.items() if oid in tables})
            run("COMMIT")
        except BaseException:
            self._database.abandon()
            raise
        self._sizes.keep(run, tables=tables)
        for each, ends in leaves.items():
            if each.table in tables - notes.keys() and len(seed_rows(wanted.get(each.table, {}))) >= len(ends):
                plant_leaf(run, self._sizes, each, ends)
        self._unseeded = {oid: note for oid, note in self._unseeded.items() if oid not in tables} | notes
        self._seeds, self._leaves = wanted, leaves

    def _restore(self, run: Run, statistics: Statistics) -> tuple[str, ...]:
        """Tell the planner what differs from what it was told before, and say in sentences what it refuses."""
        unknown = {oid: RelationStatistics(schema="", name="", pages=0, rows=-1) for oid in self._oids.values()}
        known = {self._oids[key]: each for key, each in statistics.by_relation.items() if key in self._oids}
        restore_relations(run, unknown | known)
        columns = {each for each in statistics.columns if (each.schema, each.table, each.column) in self._names}
        forget_columns(run, self._columns - columns)
        refused = restore_columns(run, columns - self._columns)
        self._columns = frozenset(
            each for each in columns if qualified(each.schema, each.table, each.column) not in refused
        )
        return tuple(f"The statistics of {each} do not suit its type, and are not used." for each in refused)

    def _restore_extended(self, run: Run, statistics: Statistics) -> None:
        expressions = tuple(each for each in statistics.columns if (each.schema, each.table) not in self._oids)
        if (statistics.extended, expressions) != self._extended:
            same_major = statistics.version // 10_000 == self._database.major
            self._extended = (statistics.extended, expressions)
            self._extended_notes = restore_extended(run, *self._extended, same_major=same_major)


def _files(database: PlannedDatabase) -> SparseFiles:
    ((oid,),) = database.send("SELECT oid::int8 FROM pg_catalog.pg_database WHERE datname = current_database()")
    return SparseFiles(database.server.directory / DATA, f"base/{oid}", server_account())
