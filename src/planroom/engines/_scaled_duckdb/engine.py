"""DuckDB on forged Parquet files: it plans a statement, and never answers one."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from planroom.display import card, details, html_table, preformatted, text_table
from planroom.engines._explained import Explained, setting_pairs
from planroom.engines._plan_only import PlanOnlyEngine
from planroom.engines._scaled_duckdb.asking import identifier, literal
from planroom.engines._scaled_duckdb.folder import OwnFolder
from planroom.engines._scaled_duckdb.naming import named
from planroom.engines._scaled_duckdb.views import make_views
from planroom.engines.base import DEFAULT_TIMEOUT_S
from planroom.engines.duckdb import DuckDBEngine
from planroom.errors import StatementRefusedError
from planroom.quantities import format_count, parse_bytes
from planroom.scaling.parquet.forging import row_groups_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from planroom.engines._scaled_duckdb.forged_table import ForgedDatabase
    from planroom.model import Model
    from planroom.plans.memory import MemoryNeeds

__all__ = ["AS_PARQUET", "ScaledDuckDB"]

AS_PARQUET = (
    "Planned as Parquet: of such files DuckDB knows rows and the ends of columns. Of its own tables it knows distinct "
    "values too, and it plans them otherwise."
)
_SHOWN = 12
_WORDS = {"MULTI": "a PIVOT that does not list its values"}


class ScaledDuckDB(PlanOnlyEngine):
    """A DuckDB of planroom's own whose tables are Parquet files that are nothing but their footers.

    It only gives plans: a query would be answered from the footers, with numbers that nobody counted.

    Args:
        database: The forged tables, and what goes with them.
        model: The design; by default what DuckDB's catalog says.
        settings: Settings of DuckDB for all plans, such as ``{"memory_limit": "16GB"}``.

    Raises:
        StatementFailedError: DuckDB refuses a footer or a setting; the message is its own.
        EngineError: There is no room for the footers.
        MissingExtraError: duckdb is not installed.

    Attributes:
        database: What it was made of.
        notes: What a reader of a plan has to know, in sentences.
    """

    name: ClassVar[str] = "duckdb"

    def __init__(
        self, database: ForgedDatabase, model: Model | None = None, *, settings: Mapping[str, object] | None = None
    ) -> None:
        self.database = database
        self._model = model
        self._settings = setting_pairs(settings)
        self._engine = DuckDBEngine()
        self._folder = OwnFolder()
        try:
            notes = make_views(self._engine, database, self._folder)
            for name, value in self._settings:
                self._engine.run(f"SET {identifier(name)} = {literal(value)}")
        except BaseException:
            self.close()
            raise
        self.notes: tuple[str, ...] = (AS_PARQUET, *database.notes, *notes)
        self._names = [(each.schema, each.name) for each in database.tables]

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
    ) -> Explained:
        """Return the plan of one SELECT, with the tables named at its scans; see `Engine.explain`.

        Args:
            sql: One SELECT without EXPLAIN; ``$1``, ``$2`` ... stand for ``params``.
            analyze: Refused: there are no rows to measure.
            params: The values of the placeholders; the plan is the one for these values.
            generic: Refused, as by every DuckDB.
            settings: Settings for this plan alone.
            allow_functions: Without effect: nothing is run.
            timeout_s: Seconds after which DuckDB gives up; 0 is never.

        Raises:
            StatementRefusedError: It is not one SELECT, or it was to be run.
            StatementFailedError: DuckDB refused it; the message is its own.
            ServerUnavailableError: The engine is closed, or belongs to the parent process.
        """
        if analyze:
            raise self._refusal("measure")
        kinds = self._engine.kinds(sql)
        if len(kinds) == 1 and kinds[0] not in {"SELECT", "EXPLAIN"}:
            raise StatementRefusedError(
                f"There is no plan of {_WORDS.get(kinds[0], kinds[0])} at scale.",
                why="the tables are Parquet files of which there is only the footer: nothing reads or changes them.",
                fix="ask for the plan of a SELECT.",
            )
        found = self._engine.explain(sql, params=params, generic=generic, settings=settings, timeout_s=timeout_s)
        return replace(
            found,
            document=named(found.document, self._names),
            settings=self._settings + found.settings,
            notes=self.notes + found.notes,
        )

    def memory(
        self,
        sql: str,
        *,
        memory_limit: str | float | None = None,
        params: Sequence[object] = (),
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> MemoryNeeds:
        """Return what the operators of a statement's plan would hold; see `planroom.plans.memory`.

        Args:
            sql: One SELECT.
            memory_limit: What to compare with, such as ``"16GB"``; by default the one that was set for this engine.
            params: The values of the placeholders.
            timeout_s: Seconds after which DuckDB gives up.

        Raises:
            QuantityError: The limit is no size.
            StatementRefusedError: It is not one SELECT.
            StatementFailedError: DuckDB refused it; the message is its own.
        """
        from planroom.plans import plan_of
        from planroom.plans.memory import memory_needs

        limit = self.memory_limit_bytes if memory_limit is None else parse_bytes(memory_limit)
        return memory_needs(plan_of(self.explain(sql, params=params, timeout_s=timeout_s).document), self.widths, limit)

    @cached_property
    def widths(self) -> dict[tuple[str, str, str], float]:
        """The mean bytes that DuckDB holds a value in, by schema, table and column; see `planroom.plans.memory`."""
        from planroom.engines._scaled_duckdb.widths import widths_of

        return widths_of(self._engine, self.database.tables)

    @property
    def memory_limit_bytes(self) -> int | None:
        """The memory limit set for this engine; None where it is DuckDB's own, which depends on the machine."""
        told = dict(self._settings).get("memory_limit")
        return None if told is None else parse_bytes(told)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the footers into a folder, a few kilobytes a table, so that plans can be checked without any data.

        Raises:
            SourceError: The folder holds something else, or cannot be written.
        """
        from planroom.engines._scaled_duckdb.stored import save

        return save(self.database, path)

    # -- an engine --

    @property
    def url(self) -> str:
        """``duckdb://``: it is in memory, and its files are planroom's own."""
        return self._engine.url

    @property
    def version(self) -> str:
        """The library's version, such as ``2.0.0``."""
        return self._engine.version

    @property
    def _product(self) -> str:
        return "DuckDB"

    def _refusal(self, what: str) -> StatementRefusedError:
        return StatementRefusedError(
            f"A DuckDB at scale cannot {what} a statement; it plans it.",
            why="its Parquet files are footers alone, so count(*), min and max would be the numbers that were forged.",
            fix="pr.duckdb() on the real files answers; explain() plans here.",
        )

    def model(self) -> Model:
        """Return the design that the footers were made for, or what DuckDB's catalog says where there was none."""
        return self._model if self._model is not None else self._engine.model()

    def close(self) -> None:
        """Close DuckDB and remove the footers; closing twice is fine."""
        self._engine.close()
        self._folder.remove()

    # -- how it shows --

    def _sizes(self) -> list[tuple[str, str, str]]:
        """Return the tables by their rows, the largest first."""
        tables = sorted(self.database.tables, key=lambda each: (-each.rows, each.schema, each.name))
        return [
            (
                each.name if each.schema == "main" else f"{each.schema}.{each.name}",
                format_count(each.rows),
                format_count(row_groups_of(each.rows)),
            )
            for each in tables
        ]

    @property
    def summary(self) -> str:
        """How much it would hold, and what there is of it."""
        size = sum(len(each.file) for each in self.database.tables)
        rows, count = sum(each.rows for each in self.database.tables), len(self.database.tables)
        return f"{format_count(rows)} rows in {count} tables, as Parquet · {format_count(size)} bytes of footers"

    def __str__(self) -> str:
        sizes = self._sizes()
        lines = [f"DuckDB at scale: {self.summary}", "", text_table(_HEADER, sizes[:_SHOWN], numeric={1, 2})]
        lines += [f"... and {len(sizes) - _SHOWN} more"] if len(sizes) > _SHOWN else []
        return "\n".join(lines)

    def _html(self) -> str:
        sizes = self._sizes()
        parts = [html_table(_HEADER, sizes[:_SHOWN], numeric={1, 2})]
        if len(sizes) > _SHOWN:
            parts.append(details(f"All {len(sizes)} tables", html_table(_HEADER, sizes, numeric={1, 2})))
        parts.append(details("What is assumed", preformatted("\n".join(self.notes))))
        return card(f"DuckDB at scale: {self.summary}", *parts)


_HEADER = ("table", "rows", "row groups")
