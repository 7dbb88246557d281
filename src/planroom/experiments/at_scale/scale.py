"""A design at some numbers of rows, and the database that plans as if they were there."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planroom.errors import ServerUnavailableError
from planroom.experiments.explained_plans import plan_from
from planroom.scaling.declared import declared
from planroom.scaling.growing import grown
from planroom.scaling.volumes import volumes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.engines.postgres.scaled import ScaledPostgres
    from planroom.model import Model, ObjectId
    from planroom.plans import Plan
    from planroom.scaling.statistics import Assumption, Statistics

__all__ = ["Scale"]


class Scale:
    """A design at some numbers of rows.

    Args:
        model: The design.
        asked: Rows by table id; those of the others are known, declared or follow.
        known: Statistics of a database that holds the design at some other size; None for none.
        sample: What is known was counted in a sample of the rows that are asked for, not at an earlier time.
        settings: Settings of the server that bear on plans.
        last: The ids of indexes that are made after all others, in this order.

    Attributes:
        rows: Rows of every table that is no partition.
        assumptions: What was assumed about rows.
    """

    def __init__(
        self,
        model: Model,
        asked: Mapping[ObjectId, float],
        *,
        known: Statistics | None = None,
        sample: bool = False,
        settings: Mapping[str, object] | None = None,
        last: Sequence[str] = (),
    ) -> None:
        self.sample, self.last = sample, tuple(last)
        self.model, self.known, self.settings = model, known, dict(settings or {})
        self.asked = dict(asked)
        self.rows, self.assumptions = volumes(model, asked, self._known_rows)
        self._lock = threading.RLock()
        self._closed = False
        self._engines: dict[str, ScaledPostgres] = {}
        self._parts: dict[tuple[ObjectId, ...], Statistics] = {}
        self._models: dict[tuple[ObjectId, ...], Model] = {}

    @cached_property
    def _known_rows(self) -> dict[ObjectId, float]:
        """The rows that the known statistics tell, by the id of a table that is no partition."""
        if self.known is None:
            return {}
        found: dict[ObjectId, float] = {}
        for table in self.model.tables:
            relation = self.known.by_relation.get((table.schema, table.name))
            if relation is not None and relation.rows >= 0 and not table.partitioning:
                root = self.model.roots[table.id]
                found[root] = found.get(root, 0.0) + relation.rows
        return found

    @cached_property
    def _complete(self) -> Statistics:
        """What is known, completed by what is declared, at the size at which it is known."""
        rows, _ = volumes(self.model, {}, self._known_rows)
        return declared(self.model, rows, self.known)

    def statistics(
        self, rows: Mapping[ObjectId, float] | None = None, *, tables: Sequence[ObjectId] = ()
    ) -> Statistics:
        """Return the statistics at given numbers of rows.

        Args:
            rows: Rows by table id; of the others those of the scale.
            tables: The tables to tell of, with their partitions and indexes; all by default.
        """
        wanted = {**self.rows, **(rows or {})}
        if self.known is None:
            return self._of(declared(self._part(tables), wanted), tables)
        return self._of(grown(self._told_of(tables), self.model, wanted, sample=self.sample), tables)

    def _part(self, tables: Sequence[ObjectId]) -> Model:
        """Return the design of some tables and of those that they refer to, at any remove; of all without any."""
        if not tables:
            return self.model
        key = tuple(tables)
        if key not in self._models:
            kept = set(self._referred_by(tables))
            found = tuple(each for each in self.model.tables if self.model.roots[each.id] in kept)
            self._models[key] = replace(self.model, tables=found)
        return self._models[key]

    def _referred_by(self, tables: Sequence[ObjectId]) -> Iterator[ObjectId]:
        """Yield tables, and those that they refer to, each once."""
        waiting, seen = list(tables), set(tables)
        while waiting:
            yield (name := waiting.pop())
            for relation in self._relations.get(name, ()):
                if relation not in seen:
                    seen.add(relation)
                    waiting.append(relation)

    @cached_property
    def _relations(self) -> dict[ObjectId, list[ObjectId]]:
        """The tables that each table refers to; partitions count as the table that they are of."""
        found: dict[ObjectId, list[ObjectId]] = {}
        for each in self.model.relations:
            child, parent = (self.model.roots.get(name, name) for name in (each.child, each.parent))
            found.setdefault(child, []).append(parent)
        return found

    def _told_of(self, tables: Sequence[ObjectId]) -> Statistics:
        """Return what is known of some tables, and how many rows all have: growing takes time by column."""
        key = tuple(tables)
        if key not in self._parts:
            part = self._of(self._complete, tables)
            kept = {(each.schema, each.name) for each in part.relations}
            others = (each for each in self._complete.relations if not each.table)
            sizes = (each for each in others if (each.schema, each.name) not in kept)
            self._parts[key] = replace(part, relations=(*part.relations, *sizes))
        return self._parts[key]

    def _of(self, statistics: Statistics, tables: Sequence[ObjectId]) -> Statistics:
        """Return the statistics of some tables, with their partitions and indexes; of all without any."""
        if not tables:
            return statistics
        read = [each for each in self.model.tables if self.model.roots[each.id] in tables]
        names = {(each.schema, each.name) for each in read}
        groups = {(each.schema, each.name) for table in read for each in table.statistics}
        names |= {(each.schema, each.name) for each in statistics.relations if (each.schema, each.table) in names}
        return replace(
            statistics,
            relations=tuple(each for each in statistics.relations if (each.schema, each.name) in names),
            columns=tuple(each for each in statistics.columns if (each.schema, each.table) in names),
            extended=tuple(each for each in statistics.extended if (each.schema, each.name) in groups),
        )

    @cached_property
    def base(self) -> Statistics:
        """The statistics at the scale's own numbers of rows."""
        return self.statistics()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, in sentences."""
        return tuple(dict.fromkeys(_told(each) for each in (*self.assumptions, *self.base.assumptions)))

    @property
    def engine(self) -> ScaledPostgres:
        """The database at the scale's own numbers of rows, made when it is first asked for."""
        return self._database("base")

    @property
    def resizable(self) -> ScaledPostgres:
        """Another one, whose tables may be resized."""
        return self._database("resizable")

    def _database(self, purpose: str) -> ScaledPostgres:
        from planroom.engines.postgres.scaled import ScaledPostgres

        with self._lock:
            if self._closed:
                raise ServerUnavailableError(
                    "This database at scale is closed.", fix="make it again: pr.at_scale(...)."
                )
            if purpose not in self._engines:
                self._engines[purpose] = ScaledPostgres(self.model, self.base, settings=self.settings, last=self.last)
            return self._engines[purpose]

    def plan(self, sql: str, *, engine: ScaledPostgres | None = None, **ask: Any) -> Plan:
        """Return the plan of one statement.

        Args:
            sql: The statement.
            engine: Where; by default the database at the scale's own numbers of rows.
            ask: ``params``, ``generic``, ``settings`` and ``timeout_s``, as `Engine.explain` has them.
        """
        chosen = engine or self.engine
        plan = plan_from(chosen.explain(sql, **ask), f"{self.model.name or 'design'} at scale")
        return replace(plan, notes=(*self.notes_for(plan), *plan.notes))

    def notes_for(self, plan: Plan) -> tuple[str, ...]:
        """Return what was assumed about the tables that a plan reads."""
        read = {(node.schema, node.relation) for node in plan.nodes if node.relation}
        tables = {self.model.roots[each.id] for each in self.model.tables if (each.schema, each.name) in read}
        told = (each for each in (*self.assumptions, *self.base.assumptions) if _about(each, tables))
        return tuple(dict.fromkeys(map(_told, told)))

    def tables_of(self, plan: Plan) -> tuple[ObjectId, ...]:
        """Return the tables that a plan reads, partitions as the table that they are of."""
        read = {(node.schema, node.relation) for node in plan.nodes if node.relation}
        found = {self.model.roots[each.id] for each in self.model.tables if (each.schema, each.name) in read}
        return tuple(sorted(found))

    def close(self) -> None:
        """Drop the databases; closing twice is fine."""
        with self._lock:
            self._closed = True
            while self._engines:
                self._engines.popitem()[1].close()


def _about(assumption: Assumption, tables: Sequence[ObjectId] | set[ObjectId]) -> bool:
    subject = assumption.subject
    return not subject or any(subject == each or subject.startswith(f"{each}.") for each in tables)


def _told(assumption: Assumption) -> str:
    return f"{assumption.subject}: {assumption.text}" if assumption.subject else assumption.text
