"""A query plan: the tree, and what the engine says of the statement as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planroom.display import Displayable, Table
from planroom.plans.resources import Buffers, IoTimes

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from planroom.findings import Finding
    from planroom.plans.node import PlanNode
    from planroom.plans.showing.icicle import Icicle
    from planroom.plans.showing.marks import Marks
    from planroom.plans.showing.tree import PlanTree

__all__ = ["Jit", "Plan", "Planning", "Serialization", "Trigger"]


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning cost: milliseconds, blocks, and memory in KiB (PostgreSQL 17's MEMORY option)."""

    time_ms: float | None = None
    buffers: Buffers = field(default_factory=Buffers)
    io: IoTimes = field(default_factory=IoTimes)
    memory_used_kb: int | None = None
    memory_allocated_kb: int | None = None


@dataclass(frozen=True, slots=True)
class Jit:
    """Just-in-time compilation: functions made, options, and milliseconds of each step."""

    functions: int
    inlining: bool = False
    optimization: bool = False
    expressions: bool = False
    deforming: bool = False
    generation_ms: float = 0.0
    deform_ms: float = 0.0
    inlining_ms: float = 0.0
    optimization_ms: float = 0.0
    emission_ms: float = 0.0
    total_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger that fired.

    Attributes:
        name: The trigger's name; empty where the engine only names the constraint.
        constraint: The constraint that it serves, such as a foreign key's name.
        time_ms: All calls together.
        inside: The number of the node within whose time it ran (a BEFORE trigger); 0 when it ran after the tree.
    """

    name: str
    constraint: str = ""
    relation: str = ""
    time_ms: float | None = None
    calls: float = 0.0
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Serialization:
    """What turning the result into text or binary cost (PostgreSQL 17's SERIALIZE option)."""

    time_ms: float | None = None
    output_kb: int = 0
    format: str = ""
    buffers: Buffers = field(default_factory=Buffers)
    io: IoTimes = field(default_factory=IoTimes)


@dataclass(frozen=True)
class Plan(Displayable):
    """What an engine will do, or has done, for one statement.

    Attributes:
        engine: ``postgres`` or ``duckdb``.
        root: The topmost node: the last to give rows.
        sql: The statement, where it is known.
        version: The engine's version, where it is known.
        source: Where the plan was read from.
        settings: The planner's settings that differ from their defaults.
        query_id: PostgreSQL's query identifier.
        planning: What planning cost.
        execution_ms: The whole run without planning, as the engine measured it; None when it was not run.
        triggers: The triggers that fired.
        jit: Just-in-time compilation, when there was any.
        serialization: Turning the result into bytes, when it was measured.
        peak_memory_bytes, temp_bytes: DuckDB's high-water marks of memory and of temporary files.
        notes: What a reader should know: how it was obtained, what could not be read.
        raw: The engine's own object, as read.
    """

    engine: str
    root: PlanNode
    sql: str = field(default="", compare=False)
    version: str = field(default="", compare=False)
    source: str = field(default="", compare=False)
    settings: tuple[tuple[str, str], ...] = ()
    query_id: int | None = None
    planning: Planning = field(default_factory=Planning)
    execution_ms: float | None = None
    triggers: tuple[Trigger, ...] = ()
    jit: Jit | None = None
    serialization: Serialization | None = None
    peak_memory_bytes: int | None = None
    temp_bytes: int | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def nodes(self) -> tuple[PlanNode, ...]:
        """All nodes; ``nodes[n - 1]`` is the one with number n."""
        return tuple(self.root.walk())

    @cached_property
    def parents(self) -> Mapping[int, PlanNode]:
        """The parent of each node but the root, by the node's number."""
        return {child.number: node for node in self.nodes for child in node.children}

    @property
    def analyzed(self) -> bool:
        """Whether the statement was run, so that rows, and perhaps times, are measured."""
        return self.root.loops is not None

    @property
    def timed(self) -> bool:
        """Whether the nodes' times are measured (EXPLAIN's TIMING)."""
        return any(node.self_ms is not None for node in self.nodes)

    @property
    def total_cost(self) -> float | None:
        """The planner's estimate for the whole; None in DuckDB, which has no costs."""
        return self.root.total_cost

    @property
    def total_ms(self) -> float | None:
        """Milliseconds of the whole run; the tree's own where the engine gives no sum."""
        if self.execution_ms is not None:
            return self.execution_ms
        return sum(node.self_ms or 0.0 for node in self.nodes) if self.timed else None

    def tree(
        self,
        by: str = "",
        *,
        marks: Marks | None = None,
        findings: Iterable[Finding] | None = None,
        title: str = "",
        layout: str = "",
    ) -> PlanTree:
        """Return the plan as a tree, drawn by a metric.

        Args:
            by: ``cost``, ``rows``, ``estimate``, ``buffers``, ``bytes`` or ``time``; by default the first of them, in
                this order, that the plan tells and that is the same from run to run.
            marks: Signs and notes at nodes, by number.
            findings: What is shown at the nodes that they name; by default what the plan tells by itself.
            title: The heading; by default how large and how dear the plan is.
            layout: ``tree`` or ``outline``; by default what fits a page.

        Raises:
            UnknownNameError: There is no such metric or layout, or the plan does not tell that metric.
        """
        from planroom.plans.showing.judged import judged
        from planroom.plans.showing.metrics import metric_of
        from planroom.plans.showing.tree import PlanTree

        timed = not metric_of(self, by).repeatable
        own = judged(self, timed=timed) if findings is None else tuple(findings)
        return PlanTree(self, by, marks or {}, own, title, layout)

    def icicle(self, by: str = "", *, title: str = "") -> Icicle:
        """Return the plan as an icicle: each node as wide as its part of a metric together with all below it.

        Args:
            by: The metric, as for `tree`; its amounts must add up.
            title: The heading; by default how large and how dear the plan is.

        Raises:
            UnknownNameError: There is no such metric, the plan does not tell it, or it does not add up.
        """
        from planroom.plans.showing.icicle import Icicle

        return Icicle(self, by, title)

    def table(self, by: str = "", *, most: int | None = 50) -> Table:
        """Return the nodes as a table, those with most of a metric first.

        Args:
            by: The metric, as for `tree`.
            most: How many rows there may be; None for all.

        Raises:
            UnknownNameError: There is no such metric, or the plan does not tell it.
        """
        from planroom.plans.showing.table import table_of

        return table_of(self, by, most=most)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the plan's tree as ``.svg``, ``.html`` or ``.txt``, or the plan as ``.json``; whole or not at all.

        Returns:
            The path that was written.

        Raises:
            UnknownNameError: The ending is none of these; the message names the nearest.
            SourceError: The file cannot be written.
        """
        return self._tree.save(path)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the plan, as far as it tells by itself."""
        from planroom.plans.showing.judged import judged

        return judged(self)

    @cached_property
    def _tree(self) -> PlanTree:
        return self.tree()

    def __str__(self) -> str:
        return str(self._tree)

    def __repr__(self) -> str:
        from planroom.plans.showing.headline import headline

        return f"<Plan: {headline(self, self.findings)}>"

    def _svg(self) -> str:
        return self._tree.svg

    def _html(self) -> str:
        return self._tree.html
