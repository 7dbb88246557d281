"""Runs a plan of synthetic rows in DuckDB: makes them, holds them against their constraints, mends, counts."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.display import Displayable, card, details, html_table, text_table
from planroom.engines import ENGINES
from planroom.errors import StatementFailedError
from planroom.generating.checking import HELPERS
from planroom.generating.mixing import MACROS
from planroom.generating.quoting import name
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Self

    from planroom.engines import Engine
    from planroom.engines.duckdb import DuckDBEngine
    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.experiments.loading import Loaded
    from planroom.generating.plan import Condition, GenerationPlan, KeyCheck, TablePlan

__all__ = ["GeneratedRows", "GeneratedTable", "Verdict", "make_rows"]

_SHOWN_TABLES = 40
_LARGEST = 10  # tables on the card, which is to be one screen
_PASSES = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a constraint of a generated table.

    Attributes:
        constraint: Its name.
        result: ``holds``, ``mended`` (rows were made anew until it held), ``broken`` (some rows still fail), or
            ``cannot tell`` (DuckDB cannot ask it; PostgreSQL will).
        rows: How many rows failed: at first where they were mended, else at the end.
        detail: Why it could not be told.
    """

    constraint: str
    result: str
    rows: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GeneratedTable:
    """One table of generated rows.

    Attributes:
        id: The table's id.
        rows: How many rows it has.
        asked: That many were asked for; else the number follows from other tables'.
        digest: A hash of all its rows, whatever their order: the same for the same model, rows, seed and versions.
        verdicts: What became of its constraints.
        how: How each column is made, in words.
        notes: What is left to the engine, or was done otherwise.
    """

    id: str
    rows: int
    asked: bool
    digest: str
    verdicts: tuple[Verdict, ...]
    how: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @property
    def unmet(self) -> tuple[Verdict, ...]:
        """The constraints that do not hold, or of which that cannot be told."""
        return tuple(each for each in self.verdicts if each.result in {"broken", "cannot tell"})


@dataclass(frozen=True)
class GeneratedRows(Displayable):
    """Synthetic rows of a model, in a DuckDB database in memory.

    Use it in a ``with`` block, or close it: the rows are gone then.

    Attributes:
        name: The model's name.
        seed: The seed: with it, the model and the numbers of rows, the same rows come again.
        tables: The tables, parents first.
        skipped: Tables that got no rows, and why.
        engine: The DuckDB database that holds them; planroom owns it.
        plan: How they were made.
    """

    name: str
    seed: int
    tables: tuple[GeneratedTable, ...]
    skipped: tuple[tuple[str, str], ...]
    engine: Engine = field(compare=False, repr=False)
    plan: GenerationPlan = field(compare=False, repr=False)

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(each.rows for each in self.tables)

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows, by table id."""
        return {each.id: each.rows for each in self.tables}

    @property
    def unmet(self) -> tuple[tuple[str, Verdict], ...]:
        """The constraints that do not hold, or of which that cannot be told here, by table id."""
        return tuple((table.id, verdict) for table in self.tables for verdict in table.unmet)

    def load(
        self,
        into: OwnedPostgres,
        *,
        statistics: str = "whole",
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Loaded:
        """Copy the rows into a PostgreSQL database of planroom's own that holds the model; see `load_rows`."""
        from planroom.experiments.loading import load_rows

        return load_rows(self.plan, self.engine, into, statistics=statistics, progress=progress)

    def save(self, target: str | Path, *, force: bool = False) -> tuple[str, ...]:
        """Write the rows to a folder of Parquet files with a ``load.sql``, or to a new ``.duckdb`` file.

        Raises:
            SourceError: There is something already, or it cannot be written.
        """
        from planroom.experiments.saving import save_rows

        return save_rows(self.plan, self.engine, target, force=force)

    def close(self) -> None:
        """Let go of the rows."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- how it shows ------------------------------------------------------------------------------------------------

    def headline(self) -> str:
        """Return in one line how much there is, and whether all constraints hold."""
        verdicts = [each for table in self.tables for each in table.verdicts]
        parts = [f"{format_count(self.rows)} rows in {format_count(len(self.tables))} tables", f"seed {self.seed}"]
        broken = sum(each.result == "broken" for each in verdicts)
        unknown = sum(each.result == "cannot tell" for each in verdicts)
        parts.append(f"{format_count(len(verdicts) - broken - unknown)} constraints hold")
        parts += [f"{format_count(broken)} broken"] if broken else []
        parts += [f"{format_count(unknown)} left to PostgreSQL"] if unknown else []
        parts += [f"{format_count(len(self.skipped))} tables without rows"] if self.skipped else []
        return " · ".join(parts)

    def _lines(self) -> list[tuple[str, str, str, str]]:
        return [
            (each.id, format_count(each.rows), "asked for" if each.asked else "follows", each.digest)
            for each in self.tables
        ]

    def _unmet_lines(self) -> list[tuple[str, str, str]]:
        unmet = [(table, each.constraint, _said(each)) for table, each in self.unmet]
        return [*unmet, *((key, "no rows", why) for key, why in self.skipped)]

    def __str__(self) -> str:
        lines = [f"{self.name or 'rows'}: {self.headline()}", ""]
        shown = self._lines()
        lines.append(text_table(("table", "rows", "why so many", "digest"), shown[:_SHOWN_TABLES], numeric={1}))
        lines += [f"... and {len(shown) - _SHOWN_TABLES} more"] if len(shown) > _SHOWN_TABLES else []
        if unmet := self._unmet_lines():
            lines += ["", text_table(("table", "constraint", "what is not sure"), unmet)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<GeneratedRows {self.name}: {self.headline()}>"

    def _html(self) -> str:
        header, lines = ("table", "rows", "why so many", "digest"), self._lines()
        largest = sorted(range(len(lines)), key=lambda at: -self.tables[at].rows)[:_LARGEST]
        parts = [html_table(header, [lines[at] for at in sorted(largest)], numeric={1})]
        if len(lines) > _LARGEST:
            parts.append(details(f"all {len(lines)} tables", html_table(header, lines, numeric={1})))
        if unmet := self._unmet_lines():
            parts.append(details("what is not sure", html_table((), unmet), opened=True))
        how = [(each.id, column, words) for each in self.tables for column, words in each.how]
        parts.append(details("how each column is made", html_table(("table", "column", "how"), how)))
        notes = [(each.id, note) for each in self.tables for note in each.notes]
        parts += [details("left to the engine, or done otherwise", html_table((), notes))] if notes else []
        return card(f"{self.name or 'Rows'}: {self.headline()}", *parts)


def _said(verdict: Verdict) -> str:
    if verdict.result == "broken":
        return f"{format_count(verdict.rows)} rows break it"
    return f"cannot tell: {verdict.detail}; PostgreSQL checks it on loading"


def make_rows(
    plan: GenerationPlan,
    *,
    verify: bool = True,
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> GeneratedRows:
    """Make the rows of a plan in a fresh DuckDB database in memory, and hold them against their constraints.

    An interrupt ends it at once and leaves nothing behind.

    Args:
        plan: What to make.
        verify: Whether DuckDB is asked about all keys and foreign keys too, and a digest is taken; CHECK constraints
            and keys that do not hold by construction are asked about in any case, and mended.
        threads: How many threads DuckDB may use; the rows are the same with any number.
        progress: Called before each table with its id, how many are done, and how many there are.

    Raises:
        StatementFailedError: DuckDB refused a statement.
        MissingExtraError: duckdb is not installed.
    """
    engine: DuckDBEngine = ENGINES["duckdb"].connect()  # type: ignore[assignment]
    try:
        return _Making(plan, engine, verify, progress).made(threads)
    except BaseException:
        engine.close()
        raise


class _Making:
    def __init__(
        self,
        plan: GenerationPlan,
        engine: DuckDBEngine,
        verify: bool,
        progress: Callable[[str, int, int], None] | None,
    ) -> None:
        self.plan, self.engine, self.verify, self.progress = plan, engine, verify, progress
        self.verdicts: dict[str, list[Verdict]] = {}

    def made(self, threads: int | None) -> GeneratedRows:
        """Make everything."""
        setting = [f"SET threads = {int(threads)}"] if threads else []
        self.engine.run(";\n".join([*setting, *MACROS, *HELPERS]))
        for schema in self.plan.schemas:
            self.engine.run(f"CREATE SCHEMA IF NOT EXISTS {name(schema)}")
        for table in self._told():
            self.engine.run(table.create)
            if not table.late:
                self.verdicts[table.id] = self._judged(table)
        for table in self.plan.tables:
            for statement in table.late:
                self.engine.run(statement)
            if table.late:
                self.verdicts[table.id] = self._judged(table)
        return GeneratedRows(
            name=self.plan.name,
            seed=self.plan.seed,
            tables=tuple(self._described(table) for table in self.plan.tables),
            skipped=tuple((each.id, each.why) for each in self.plan.skipped),
            engine=self.engine,
            plan=self.plan,
        )

    def _told(self) -> Iterator[TablePlan]:
        for done, table in enumerate(self.plan.tables):
            if self.progress:
                self.progress(table.id, done, len(self.plan.tables))
            yield table

    def _count(self, query: str) -> int:
        return int(str(self.engine.query(query, timeout_s=0).scalar() or 0))

    # -- before others refer to it -----------------------------------------------------------------------------------

    def _judged(self, table: TablePlan) -> list[Verdict]:
        """Hold a table against its CHECK constraints and keys, and mend what fails."""
        asked = [each for each in table.conditions if each.sql]
        found = {each.name: Verdict(each.name, "cannot tell", detail=each.why_not) for each in table.conditions}
        first = self._failing(table, asked)
        failing = first
        for _ in range(_PASSES):
            if any(failing.values()):
                self._mend(table, [each for each in asked if failing[each.name]])
                failing = self._failing(table, asked)
        for each in asked:
            found[each.name] = _verdict(each.name, first[each.name], failing[each.name])
        return [*found.values(), *(self._key(each) for each in table.keys if self.verify or not each.sure)]

    def _failing(self, table: TablePlan, asked: list[Condition]) -> dict[str, int]:
        """Return how many rows fail each condition, in one pass over the table."""
        if not asked:
            return {}
        counts = ", ".join(f"count(*) FILTER (WHERE ({each.sql}) IS FALSE)" for each in asked)
        (row,) = self.engine.query(f"SELECT {counts} FROM {table.target}", timeout_s=0)  # noqa: S608
        return {each.name: int(str(number)) for each, number in zip(asked, row, strict=True)}

    def _mend(self, table: TablePlan, failing: list[Condition]) -> None:
        for each in failing:
            for statement in each.repairs:
                with contextlib.suppress(StatementFailedError):  # a value that the column cannot hold: the next attempt
                    self.engine.run(statement)
                if not self._failing(table, [each])[each.name]:
                    break

    def _key(self, key: KeyCheck) -> Verdict:
        first = last = self._count(key.count)
        if first and key.repair:
            self.engine.run(key.repair)
            last = self._count(key.count)
        return _verdict(key.name, first, last)

    # -- when all are there ------------------------------------------------------------------------------------------

    def _described(self, table: TablePlan) -> GeneratedTable:
        references = [
            _verdict(each.name, count := self._count(each.count), count) for each in table.references if self.verify
        ]
        return GeneratedTable(
            id=table.id,
            rows=self._count(f"SELECT count(*) FROM {table.target}"),  # noqa: S608
            asked=table.asked,
            digest=self._digest(table) if self.verify else "",
            verdicts=(*self.verdicts[table.id], *references),
            how=tuple((each.name, each.how) for each in table.columns),
            notes=table.notes,
        )

    def _digest(self, table: TablePlan) -> str:
        """Return a hash of all rows: the sum of their own hashes, so that no order and no thread matters."""
        cells = ", ".join(f"coalesce(CAST({name(each.name)} AS VARCHAR), chr(0))" for each in table.columns)
        query = f"SELECT sum(CAST(md5_number_lower(concat_ws(chr(31), {cells})) AS HUGEINT)) FROM {table.target}"  # noqa: S608
        number = int(str(self.engine.query(query, timeout_s=0).scalar() or 0)) % (1 << 64)
        return f"{number:016x}"


def _verdict(constraint: str, first: int, last: int) -> Verdict:
    if last:
        return Verdict(constraint, "broken", last)
    return Verdict(constraint, "mended" if first else "holds", first)
