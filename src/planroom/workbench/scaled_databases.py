"""A design at production scale in PostgreSQL, without its data: what `pr.at_scale` gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.display import Displayable, card, details, html_table, preformatted, text_table
from planroom.errors import SourceError
from planroom.experiments.at_scale.resizing import StatementAtScale, found_flips, grown_workload, swept
from planroom.experiments.at_scale.scale import Scale
from planroom.experiments.at_scale.supposing import moved_names, supposed
from planroom.quantities import format_bytes, format_count, parse_bytes, parse_count, parse_duration
from planroom.workbench.files import read_text
from planroom.workbench.query_sources import queries_in, ready

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from planroom.advice.indexing import IndexAdvice
    from planroom.engines.postgres.scaled import ScaledPostgres
    from planroom.model import Model, ObjectId
    from planroom.plans import Plan
    from planroom.plans.at_scale import Flips, Growth, Sweep
    from planroom.scaling.statistics import Statistics

__all__ = ["ScaledDatabase", "statement_name", "statement_text"]

_LOW, _HIGH = 1e4, 1e11
_POINTS = 12
_TIMEOUT_S = 30.0
_SHOWN = 12
_PAGE = 8192


class ScaledDatabase(Displayable):
    """A design at production scale, which answers with plans.

    Use it in a ``with`` block, or close it; what it made is dropped then.

    Attributes:
        model: The design.
        changes: What was changed hypothetically, by `what_if`.
    """

    def __init__(self, scale: Scale, changes: tuple[str, ...] = (), origin: Model | None = None) -> None:
        self._scale = scale
        self.changes = changes
        self._origin = origin
        self._others: list[ScaledDatabase] = []

    @property
    def model(self) -> Model:
        """The design."""
        return self._scale.model

    @property
    def rows(self) -> Mapping[ObjectId, float]:
        """Rows of every table that is no partition."""
        return self._scale.rows

    @property
    def statistics(self) -> Statistics:
        """What the planner is told."""
        return self._scale.base

    @property
    def engine(self) -> ScaledPostgres:
        """The engine: `pr.explain` and `pr.workload` take it, or this object, as ``on=``."""
        return self._scale.engine

    @property
    def notes(self) -> tuple[str, ...]:
        """What is assumed, and what could not be carried faithfully."""
        return (*self._scale.notes, *self.engine.notes)

    # -- plans -------------------------------------------------------------------------------------------------------

    def explain(
        self,
        sql: str | Path,
        *,
        params: Sequence[object] = (),
        generic: bool = False,
        settings: Mapping[str, object] | None = None,
        timeout_s: float = _TIMEOUT_S,
    ) -> Plan:
        """Return the plan that a statement has at this scale; what is assumed about its tables is in ``notes``.

        Args:
            sql: One statement, or the `Path` of a file with one.
            params: The values of ``$1``, ``$2`` ...
            generic: Whether to return the plan for any values.
            settings: Settings for this plan alone.
            timeout_s: Seconds after which the planner gives up.

        Raises:
            StatementRefusedError: It is no single statement that has a plan.
            StatementFailedError: The server refused it; the message is its own.
        """
        return self._scale.plan(
            statement_text(sql), params=params, generic=generic, settings=settings, timeout_s=timeout_s
        )

    def sweep(
        self,
        sql: str | Path,
        table: str,
        low: str | float = _LOW,
        high: str | float = _HIGH,
        *,
        points: int = _POINTS,
        progress: Callable[[str], None] | None = None,
        **ask: Any,
    ) -> Sweep:
        """Return a statement's plans as a table grows, with what refers to it, from ``low`` to ``high`` rows.

        Args:
            sql: One statement, or the `Path` of a file with one.
            table: The table that is varied.
            low: The fewest rows, such as ``1e4`` or ``"80k"``.
            high: The most.
            points: At how many numbers of rows to plan, evenly spaced in their logarithm.
            progress: Called with what is done next.
            ask: ``params``, ``generic``, ``settings`` and ``timeout_s`` as `explain` has them.

        Raises:
            QuantityError: The numbers make no sense, or the statement does not read the table.
        """
        statement = self._statement(sql, table, ask)
        return swept(
            statement, float(parse_count(low)), float(parse_count(high)), points,
            name=statement_name(sql), label=self._label, progress=progress,
        )  # fmt: skip

    def flips(
        self,
        sql: str | Path,
        table: str,
        low: str | float = _LOW,
        high: str | float = _HIGH,
        *,
        precision: float = 0.05,
        progress: Callable[[str], None] | None = None,
        **ask: Any,
    ) -> Flips:
        """Return the numbers of rows at which a statement's plan changes, with both plans and the table that drives it.

        Args:
            sql: One statement, or the `Path` of a file with one.
            table: The table that is varied.
            low: The fewest rows that are looked at.
            high: The most.
            precision: How near the numbers of rows before and after a change are to be: their ratio less 1.
            progress: Called with what is done next.
            ask: As for `sweep`.

        Raises:
            QuantityError: The numbers make no sense, or the statement does not read the table.
        """
        statement = self._statement(sql, table, ask)
        return found_flips(
            statement, float(parse_count(low)), float(parse_count(high)),
            precision=precision, name=statement_name(sql), progress=progress,
        )  # fmt: skip

    def growth(
        self,
        queries: Any,
        factors: Sequence[float] = (1, 10, 100),
        *,
        progress: Callable[[str], None] | None = None,
    ) -> Growth:
        """Return which queries grow dearer faster than their rows, when all tables grow.

        Args:
            queries: A folder, a file, SQL text, a list of such, or a mapping of names to SQL, as `workload` takes.
            factors: By how much the tables grow; those with a closed ``domain`` do not.
            progress: Called with what is done next.

        Raises:
            SourceError: There are no queries.
        """
        asked = [(each.name, ready(each)) for each in queries_in(queries, "postgres") if each.is_query]
        if not asked:
            raise SourceError("There are no queries to plan.", fix="name a file or folder of .sql files with queries.")
        statements = [(name, query.sql, {"generic": bool(query.missing)}) for name, query in asked]
        return grown_workload(self._scale, statements, sorted(factors), progress=progress)

    def _statement(self, sql: str | Path, table: str, ask: Mapping[str, Any]) -> StatementAtScale:
        root = self.model.roots[self.model.table(table).id]
        return StatementAtScale(self._scale, statement_text(sql), root, ask)

    # -- what if -----------------------------------------------------------------------------------------------------

    def what_if(self, *ddl: str) -> ScaledDatabase:
        """Return the same at the same scale with indexes, constraints or extended statistics added or dropped.

        Args:
            ddl: CREATE INDEX, DROP INDEX, CREATE STATISTICS, and ALTER TABLE that adds or drops a constraint.

        Raises:
            StatementRefusedError: Another statement, or one that the design does not allow.

        Example:
            >>> with_index = big.what_if("CREATE INDEX ON orders (placed_at)")  # doctest: +SKIP
            >>> pr.compare(big.explain(sql), with_index.explain(sql))  # doctest: +SKIP
        """
        changed, made = supposed(self.model, ddl)
        base = self._scale
        scale = Scale(
            changed,
            base.asked,
            known=base.known,
            sample=base.sample,
            settings=base.settings,
            last=(*(each for each in base.last if each not in made), *made),
        )
        changes = (*self.changes, *(" ".join(each.split()).rstrip(";") for each in ddl))
        other = ScaledDatabase(scale, changes, self._origin or self.model)
        self._others.append(other)
        return other

    def advise_indexes(
        self,
        workload: Any,
        *,
        budget: str | float | None = None,
        write_rates: Mapping[str, float] | None = None,
        period: str | float = 1.0,
        alike: bool | None = None,
        width: int = 3,
        progress: Callable[[str], None] | None = None,
    ) -> IndexAdvice:
        """Return the indexes that a workload is best served with at this scale, and those that may go.

        Every candidate is built in a database of its own that holds no rows, at the size that it would have; the
        planner says what it is worth, beside all others.

        Args:
            workload: A file or folder of SQL, an export of pg_stat_statements (CSV or JSON), a PostgreSQL log, SQL
                text, a mapping of names to SQL, or a list of such.
            budget: The most bytes that the new indexes may take together, such as ``"20 GB"``; None for any.
            write_rates: Rows written a second, by table: what each index costs to keep up is subtracted.
            period: The time in which the queries were called as often as they are, such as ``"1 day"``.
            alike: Let each query count alike, whatever it costs; by default where nothing counts calls or writes.
            width: The most key parts of an index.
            progress: Called with what is done next.

        Raises:
            SourceError: The workload cannot be read, or none of it can be planned.
            QuantityError: The budget, a rate, the period or the width cannot be.
            UnknownNameError: No table bears a name.

        Example:
            >>> advice = big.advise_indexes("queries/", budget="20 GB")  # doctest: +SKIP
            >>> print(advice.ddl)  # doctest: +SKIP
        """
        from planroom.experiments.at_scale.advising import advise
        from planroom.workbench.weighted_workloads import weighted_queries

        rates = {self.model.roots[self.model.table(name).id]: rate for name, rate in (write_rates or {}).items()}
        return advise(
            self.model,
            self.statistics,
            weighted_queries(workload),
            budget_bytes=None if budget is None else float(parse_bytes(budget)),
            write_rates=rates,
            period_s=parse_duration(period),
            alike=alike,
            width=width,
            settings=self._scale.settings,
            progress=progress,
        )

    @property
    def _label(self) -> str:
        return moved_names(self._origin, self.model) if self._origin is not None else "as designed"

    # -- how it shows ------------------------------------------------------------------------------------------------

    def _sizes(self) -> list[tuple[str, str, str, str]]:
        """Return tables and their indexes by size, the largest first."""
        tables: dict[ObjectId, list[float]] = {}
        owners = {(each.schema, each.name): self.model.roots[each.id] for each in self.model.tables}
        for relation in self.statistics.relations:
            owner = owners.get((relation.schema, relation.table or relation.name))
            if owner is not None:
                sizes = tables.setdefault(owner, [0.0, 0.0])
                sizes[bool(relation.table)] += max(relation.pages, 0) * _PAGE
        ordered = sorted(tables.items(), key=lambda each: (-sum(each[1]), each[0]))
        return [
            (name, format_count(self.rows.get(name, 0.0)), format_bytes(heap), format_bytes(index))
            for name, (heap, index) in ordered
        ]

    @property
    def summary(self) -> str:
        """How much it would hold."""
        size = sum(max(each.pages, 0) for each in self.statistics.relations) * _PAGE
        rows = sum(self.rows.values())
        parts = [f"{format_count(rows)} rows in {len(self.rows)} tables", f"{format_bytes(size)} that are not there"]
        parts += [f"{len(self.changes)} hypothetical change{'s' * (len(self.changes) > 1)}"] if self.changes else []
        return " · ".join(parts)

    def __str__(self) -> str:
        lines = [f"{self.model.name or 'design'} at scale: {self.summary}", ""]
        sizes = self._sizes()
        lines.append(text_table(("table", "rows", "heap", "indexes"), sizes[:_SHOWN], numeric={1, 2, 3}))
        lines += [f"... and {len(sizes) - _SHOWN} more"] if len(sizes) > _SHOWN else []
        lines += [f"what if: {each}" for each in self.changes]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<ScaledDatabase {self.model.name}: {self.summary}>"

    def _html(self) -> str:
        header, sizes = ("table", "rows", "heap", "indexes"), self._sizes()
        parts = [html_table(header, sizes[:_SHOWN], numeric={1, 2, 3})]
        if len(sizes) > _SHOWN:
            parts.append(details(f"All {len(sizes)} tables", html_table(header, sizes, numeric={1, 2, 3})))
        parts += [details("What if", preformatted("\n".join(self.changes)), opened=True)] if self.changes else []
        parts.append(details("What is assumed", preformatted("\n".join(self._scale.notes) or "nothing")))
        return card(f"{self.model.name or 'Design'} at scale: {self.summary}", *parts)

    # -- its end -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Drop what was made, also by `what_if`; closing twice is fine."""
        while self._others:
            self._others.pop().close()
        self._scale.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def statement_text(sql: str | Path) -> str:
    """Return a statement, read from its file where it is one."""
    return read_text(sql) if isinstance(sql, Path) else sql


def statement_name(sql: str | Path) -> str:
    """Return what a statement is called: its file's name; nothing for a text."""
    return sql.stem if isinstance(sql, Path) else ""
