"""One node of a query plan, in the words of the field, whichever engine planned it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planroom.plans.operators import Kind, kind_of
from planroom.plans.resources import (
    AggregateUse,
    Buffers,
    CacheUse,
    HashUse,
    IoTimes,
    SortGroups,
    SortUse,
    StorageUse,
    Wal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Condition", "PlanNode", "WorkerRun"]

NO_BUFFERS, NO_IO, NO_WAL = Buffers(), IoTimes(), Wal()


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that a node evaluates, with the engine's label: ``Filter``, ``Hash Cond``, ``Index Cond`` ..."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class WorkerRun:
    """What one parallel worker did in a node; times in ms and rows are means over its loops."""

    number: int
    rows: float | None = None
    loops: float = 0.0
    startup_ms: float | None = None
    total_ms: float | None = None
    buffers: Buffers = NO_BUFFERS
    io: IoTimes = NO_IO
    wal: Wal = NO_WAL
    sort: SortUse | None = None
    sort_groups: tuple[SortGroups, ...] = ()
    aggregate: AggregateUse | None = None
    cache: CacheUse | None = None
    exact_blocks: int = 0
    lossy_blocks: int = 0


@dataclass(frozen=True)
class PlanNode:
    """One operator of a plan and the nodes that feed it.

    Estimates and measurements stand as the engine gives them: **per execution** of the node, where ``loops`` says how
    often it was executed, all parallel processes together. What is *charged* to the node itself, its children left
    out and all executions together, is ``self_ms``, ``self_cost`` and ``self_buffers``; each adds up over the plan to
    the whole. None means that the engine did not say.

    Attributes:
        number: The node's place in the plan from the top down, the first is 1: its stable name within the plan.
        operator: The engine's name: ``Seq Scan``, ``Hash Join``; ``HASH_JOIN`` in DuckDB.
        relationship: What it is to its parent: ``Outer``, ``Inner``, ``Member``, ``InitPlan``, ``SubPlan`` or
            ``Subquery``.
        subplan: The name of a sub-plan, such as ``CTE recent`` or ``SubPlan 1``.
        strategy: Of an aggregate or set operation: ``Plain``, ``Sorted``, ``Hashed``, ``Mixed``.
        partial_mode: Of an aggregate: ``Partial`` or ``Finalize``.
        operation: Of a modification: ``Insert``, ``Update``, ``Delete``, ``Merge``.
        command: Of a set operation: ``Except``, ``Intersect All`` ...
        join_type: ``Inner``, ``Left``, ``Semi``, ``Anti`` ...
        scan_direction: ``Backward``, or empty.
        source: What it reads or changes that is no table: a CTE, function, tuplestore, custom provider or file.
        targets: All tables that a modification changes, when there are several.
        parallel_aware: Whether the processes share its work.
        inner_unique: Whether each row of a join's outer side has one partner at most; PostgreSQL's text format tells
            that with VERBOSE only, so plans are not compared by it.
        disabled: Whether a setting such as ``enable_seqscan = off`` forbids it, and it was the only way.
        estimated_rows, width_bytes: Rows per execution and the mean width of one.
        startup_cost, total_cost: In the planner's units, per execution.
        estimated_loops: How many executions the planner reckons with, from the rows of the outer sides above.
        rows, loops, startup_ms, total_ms: As measured; rows and times are means per loop. Loops are 0 when the node
            was never executed, None when the plan was not run.
        rows_scanned, row_groups_scanned, row_groups: Of a DuckDB scan.
        bytes: Size of the rows given on, in DuckDB.
        conditions: Every expression that decides on rows, in the engine's order.
        output, sort_keys, presorted_keys, group_keys, cache_keys: Expressions.
        removed_by_filter, removed_by_join_filter, removed_by_recheck, removed_by_conflict_filter: Rows thrown away,
            means per loop.
        heap_fetches: Rows for which an index-only scan had to look into the table, all loops together.
        index_searches: How often the index was descended.
        exact_blocks, lossy_blocks: Of a bitmap heap scan.
        workers_planned, workers_launched: Of a Gather.
        self_ms: Milliseconds of waiting that this node alone accounts for. In parallel parts they are those of the
            slowest process where the plan tells the processes apart, and the mean of all otherwise. In DuckDB, the
            threads' time together.
        self_cost: The share of the plan's total cost, every execution counted.
        self_buffers: Blocks.
        extra: Keys of the engine that have no field here, as text.
        raw: The engine's own object, as read.
    """

    number: int
    operator: str
    relationship: str = ""
    subplan: str = ""
    strategy: str = ""
    partial_mode: str = ""
    operation: str = ""
    command: str = ""
    join_type: str = ""
    scan_direction: str = ""
    schema: str = ""
    relation: str = ""
    alias: str = ""
    index: str = ""
    source: str = ""
    targets: tuple[str, ...] = ()
    parallel_aware: bool = False
    async_capable: bool = False
    single_copy: bool = False
    inner_unique: bool = field(default=False, compare=False)
    disabled: bool = False
    estimated_rows: float | None = None
    width_bytes: int | None = None
    startup_cost: float | None = None
    total_cost: float | None = None
    estimated_loops: float = 1.0
    rows: float | None = None
    loops: float | None = None
    startup_ms: float | None = None
    total_ms: float | None = None
    rows_scanned: int | None = None
    row_groups_scanned: int | None = None
    row_groups: int | None = None
    bytes: int | None = None
    conditions: tuple[Condition, ...] = ()
    output: tuple[str, ...] = ()
    sort_keys: tuple[str, ...] = ()
    presorted_keys: tuple[str, ...] = ()
    group_keys: tuple[str, ...] = ()
    grouping_sets: tuple[tuple[str, ...], ...] = ()
    cache_keys: str = ""
    cache_mode: str = ""
    window: str = ""
    sampling: str = ""
    conflict_resolution: str = ""
    conflict_indexes: tuple[str, ...] = ()
    removed_by_filter: float | None = None
    removed_by_join_filter: float | None = None
    removed_by_recheck: float | None = None
    removed_by_conflict_filter: float | None = None
    tuples_inserted: float | None = None
    tuples_updated: float | None = None
    tuples_deleted: float | None = None
    tuples_skipped: float | None = None
    tuples_conflicting: float | None = None
    heap_fetches: float | None = None
    index_searches: int | None = None
    exact_blocks: int = 0
    lossy_blocks: int = 0
    subplans_removed: int = 0
    workers_planned: int | None = None
    workers_launched: int | None = None
    workers: tuple[WorkerRun, ...] = ()
    sort: SortUse | None = None
    sort_groups: tuple[SortGroups, ...] = ()
    hash: HashUse | None = None
    aggregate: AggregateUse | None = None
    cache: CacheUse | None = None
    storage: StorageUse | None = None
    buffers: Buffers = NO_BUFFERS
    io: IoTimes = NO_IO
    wal: Wal = NO_WAL
    self_ms: float | None = None
    self_cost: float | None = None
    self_buffers: Buffers = NO_BUFFERS
    extra: tuple[tuple[str, str], ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    children: tuple[PlanNode, ...] = ()

    @classmethod
    def made_of(cls, given: dict[str, Any]) -> PlanNode:
        """Return a node of the fields given, which become its own; the others keep their defaults.

        The same node as calling the class makes, in a tenth of the time: of seventy fields a node has twenty, and the
        defaults of the others are found on the class. Plans have thousands of nodes.

        Args:
            given: Values by the name of their field; ``number``, ``operator`` and ``raw`` have no default.
        """
        node = object.__new__(cls)
        object.__setattr__(node, "__dict__", given)
        return node

    @property
    def kind(self) -> Kind:
        """What the operator does, in words that both engines share."""
        return kind_of(self.operator)

    @property
    def title(self) -> str:
        """The operator as PostgreSQL's text format names it: ``Parallel Hash Left Join``, ``Partial HashAggregate``."""
        return " ".join(filter(None, ("Parallel" * self.parallel_aware, "Async" * self.async_capable, self._name())))

    def _name(self) -> str:
        name = self.operator
        if name == "Aggregate":
            name = {"Sorted": "GroupAggregate", "Hashed": "HashAggregate", "Mixed": "MixedAggregate"}.get(
                self.strategy, name
            )
        elif name in {"ModifyTable", "Foreign Scan"} and self.operation not in {"", "Select"}:
            name = self.operation if name == "ModifyTable" else f"Foreign {self.operation}"
        elif name == "SetOp":
            name = f"{'Hash' * (self.strategy == 'Hashed')}SetOp {self.command}".rstrip()
        elif self.join_type not in {"", "Inner"} and name in {"Nested Loop", "Hash Join", "Merge Join"}:
            name = f"{name.removesuffix(' Join')} {self.join_type} Join"
        elif self.scan_direction:
            name = f"{name} {self.scan_direction}"
        elif name == "Custom Scan" and self.source:
            name = f"Custom Scan ({self.source})"
        return f"{self.partial_mode} {name}" if self.partial_mode else name

    @property
    def target(self) -> str:
        """What it works on, as a person would say: a table with its schema, a CTE, a function; empty for none."""
        table = f"{self.schema}.{self.relation}" if self.schema and self.relation else self.relation
        return table or self.source or self.alias or (self.index if self.operator == "Bitmap Index Scan" else "")

    @property
    def executed(self) -> bool:
        """Whether it was run at least once."""
        return bool(self.loops)

    @property
    def never_executed(self) -> bool:
        """Whether the plan was run, and this node was not needed."""
        return self.loops == 0

    @property
    def total_rows(self) -> float | None:
        """Rows given on in all executions together, as measured; None when the plan was not run."""
        return None if self.rows is None or self.loops is None else self.rows * self.loops

    @property
    def estimated_total_rows(self) -> float | None:
        """Rows given on in all executions that the planner reckons with."""
        return None if self.estimated_rows is None else self.estimated_rows * self.estimated_loops

    @property
    def rows_carried(self) -> float | None:
        """Rows given on, as measured where the plan was run, else as estimated."""
        measured = self.total_rows
        return self.estimated_total_rows if measured is None else measured

    @property
    def q_error(self) -> float | None:
        """By which factor the rows were mis-estimated, >= 1, in either direction; None when that cannot be told.

        Both sides count as one row at least, as the planner never expects fewer.
        Source: Moerkotte, Neumann, Steidl, "Preventing Bad Plans by Bounding the Impact of Cardinality Estimation
        Errors", VLDB 2009.
        """
        if self.rows is None or not self.loops or self.estimated_rows is None:
            return None
        actual, estimated = max(self.rows, 1.0), max(self.estimated_rows, 1.0)
        return max(actual / estimated, estimated / actual)

    @property
    def underestimated(self) -> bool:
        """Whether more rows came than were expected."""
        return self.rows is not None and self.estimated_rows is not None and self.rows > self.estimated_rows

    def condition(self, label: str) -> str:
        """Return the text of the condition with that label, such as ``Filter``; empty when there is none."""
        return next((each.text for each in self.conditions if each.label == label), "")

    def walk(self) -> Iterator[PlanNode]:
        """Yield this node and all below it, from the top down; deep plans do not recurse."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def __str__(self) -> str:
        index = f" using {self.index}" if self.index and self.operator != "Bitmap Index Scan" else ""
        on = f" on {self.target}" if self.target else ""
        return f"#{self.number} {self.title}{index}{on}"
