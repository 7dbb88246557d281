"""What all rules share about one plan: what each node weighs, and what is known of its tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from planroom.errors import PlanroomError
from planroom.findings import Severity
from planroom.plans.operators import Kind
from planroom.quantities import parse_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.model import Model, Table
    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["NOTHING", "ROWS_PER_UNIT", "UNITS_PER_MS", "Load", "Survey", "severity_of", "together"]

# One unit of size is a unit of PostgreSQL's cost (a page read in sequence). On machines of today a thousand of them
# take some ten milliseconds, as do a hundred thousand rows in PostgreSQL and a million in DuckDB, which works on
# batches of rows. What is below the least size is not worth a person's time, whatever its share.
UNITS_PER_MS = 100.0
ROWS_PER_UNIT = {"postgres": 100.0, "duckdb": 1000.0}
_BOUNDS = (
    (Severity.ERROR, 0.5, 10_000.0),
    (Severity.WARNING, 0.1, 1_000.0),
    (Severity.NOTE, 0.02, 100.0),
)
# PostgreSQL's defaults, which EXPLAIN (SETTINGS) leaves out.
_DEFAULTS = {"work_mem": "4MB", "hash_mem_multiplier": "2", "max_parallel_workers_per_gather": "2"}
_STEPS = frozenset({Kind.UNION})


class Load(NamedTuple):
    """A part of what a plan costs.

    Attributes:
        share: Of the whole, in [0, 1].
        size: In units of cost, so that small plans can be told from large ones.
        measure: ``cost``, ``rows`` or ``time``: what it was taken from.
    """

    share: float
    size: float
    measure: str = "cost"

    def times(self, factor: float) -> Load:
        """Return a part of it."""
        return Load(self.share * factor, self.size * factor, self.measure)

    def plus(self, other: Load) -> Load:
        """Return both together, at most all."""
        larger = self if self.share >= other.share else other
        return Load(min(1.0, self.share + other.share), self.size + other.size, larger.measure)

    def __str__(self) -> str:
        percent = round(self.share * 10) * 10 or round(self.share * 100)
        return f"{'nearly all' if percent >= 100 else f'about {percent} %'} of {_WHOLES[self.measure]}"


def together(loads: Iterable[Load]) -> Load:
    """Return several parts as one; it bears the measure of the largest."""
    found = list(loads)
    if not found:
        return NOTHING
    share, size = sum(load.share for load in found), sum(load.size for load in found)
    return Load(min(1.0, share), size, max(found, key=lambda load: load.share).measure)


_WHOLES = {"cost": "the plan's cost", "rows": "the rows that the plan handles", "time": "the time"}
NOTHING = Load(0.0, 0.0)


def severity_of(load: Load) -> Severity | None:
    """Return how much it matters: by the share that could be saved, if the whole is worth saving; None if it is not."""
    return next((severity for severity, share, size in _BOUNDS if load.share >= share and load.size >= size), None)


class Survey:
    """One plan as rules look at it; what they share is worked out once.

    Args:
        plan: The plan.
        by: ``cost``: cost and numbers of rows, which do not change from run to run; ``time``: measured times.
        model: The design that the tables belong to.
        rows: Rows by table id.
    """

    def __init__(self, plan: Plan, by: str, model: Model | None, rows: Mapping[str, float]) -> None:
        self.plan = plan
        self.by = by
        self.model = model
        self.rows = rows
        self.analyzed = plan.analyzed
        self.dialect = "duckdb" if plan.engine == "duckdb" else "postgres"
        self._loads = dict(_times(plan) if by == "time" else _costs(plan))

    def load(self, node: PlanNode) -> Load:
        """Return what a node alone weighs, its children left out."""
        return self._loads.get(node.number, NOTHING)

    def parent(self, node: PlanNode) -> PlanNode | None:
        """Return the node that takes this one's rows."""
        return self.plan.parents.get(node.number)

    def ancestors(self, node: PlanNode) -> Iterator[PlanNode]:
        """Yield the nodes above, the nearest first."""
        above = self.plan.parents.get(node.number)
        while above is not None:
            yield above
            above = self.plan.parents.get(above.number)

    def below(self, node: PlanNode) -> Load:
        """Return what a node weighs with everything below it."""
        share, size = self._sums[node.number - 1]
        return Load(min(1.0, share), size, self.load(node).measure)

    @cached_property
    def _sums(self) -> Sequence[tuple[float, float]]:
        """The shares and sizes of each node with all below it, by its place."""
        sums = [(0.0, 0.0)] * len(self.plan.nodes)
        for node in reversed(self.plan.nodes):
            load = self.load(node)
            share, size = load.share, load.size
            for child in node.children:
                more = sums[child.number - 1]
                share, size = share + more[0], size + more[1]
            sums[node.number - 1] = share, size
        return sums

    def resting_on(self, node: PlanNode) -> tuple[Load, bool]:
        """Return the weight of what takes a node's rows, up to the top, with what nested loops run for each of them.

        And whether there is such a loop.
        """
        share, size, repeated = self._above[node.number - 1]
        return Load(min(1.0, share), size, self.load(node).measure), repeated

    @cached_property
    def _above(self) -> Sequence[tuple[float, float, bool]]:
        found = [(0.0, 0.0, False)] * len(self.plan.nodes)
        for node in self.plan.nodes:
            share, size, repeated = found[node.number - 1]
            load = self.load(node)
            share, size = share + load.share, size + load.size
            for at, child in enumerate(node.children):
                if at == 0 and node.operator == "Nested Loop" and len(node.children) > 1:
                    inner = self._sums[node.children[1].number - 1]
                    found[child.number - 1] = share + inner[0], size + inner[1], True
                else:
                    found[child.number - 1] = share, size, repeated
        return found

    @cached_property
    def _members(self) -> Mapping[int, int]:
        """For each node below a union, the number of the nearest one."""
        found: dict[int, int] = {}
        for node in self.plan.nodes:
            above = node.number if node.kind in _STEPS and len(node.children) > 1 else found.get(node.number, 0)
            if above:
                found.update((child.number, above) for child in node.children)
        return found

    def member_of(self, node: PlanNode) -> int:
        """Return the number of the union that a node is part of, 0 for none."""
        return self._members.get(node.number, 0)

    def passes(self, node: PlanNode) -> float:
        """Return how often a node was executed; as estimated where it was not run."""
        return node.estimated_loops if node.loops is None else node.loops

    @cached_property
    def whole(self) -> float:
        """The size of the whole plan."""
        return sum(load.size for load in self._loads.values())

    def rows_of(self, node: PlanNode) -> float:
        """Return the rows that a node gives, all its executions and processes together, as measured or estimated."""
        if node.rows is not None:
            return node.rows * (node.loops or 0.0)
        return (node.estimated_total_rows or 0.0) * self._divisors.get(node.number, 1.0)

    @cached_property
    def _divisors(self) -> Mapping[int, float]:
        """By what the planner divided the rows of each node that processes share (get_parallel_divisor)."""
        found: dict[int, float] = {}
        for gather in self.plan.nodes:
            if gather.kind is Kind.GATHER:
                workers = gather.workers_planned or 0
                divisor = workers + max(0.0, 1.0 - 0.3 * workers)
                below = [each for child in gather.children for each in child.walk()]
                shared: set[int] = set()
                for each in reversed(below):
                    if each.parallel_aware or any(child.number in shared for child in each.children[:1]):
                        shared.add(each.number)
                found.update(dict.fromkeys(shared, divisor))
        return found

    @cached_property
    def q_errors(self) -> Sequence[float]:
        """By which factor each node was mis-estimated, by its place; 1 where that cannot be told."""
        shared = self._divisors
        return [
            _factor(*self.compared(node)) if node.number in shared and node.loops else node.q_error or 1.0
            for node in self.plan.nodes
        ]

    def is_shared(self, node: PlanNode) -> bool:
        """Whether parallel processes share a node's work."""
        return node.number in self._divisors

    def compared(self, node: PlanNode) -> tuple[float, float]:
        """Return the rows that a node gave, and those that were expected of it.

        Each time, or all together where processes share its work: fewer workers than planned are no wrong estimate.
        """
        rows, expected = node.rows or 0.0, node.estimated_rows or 0.0
        divisor = self._divisors.get(node.number)
        return (rows, expected) if divisor is None else (rows * (node.loops or 0.0), expected * divisor)

    def q_error(self, node: PlanNode) -> float:
        """Return by which factor a node was mis-estimated, 1 where that cannot be told."""
        return self.q_errors[node.number - 1]

    @cached_property
    def _worst_below(self) -> Sequence[float]:
        """The largest factor below each node, by its place."""
        worst = [1.0] * len(self.plan.nodes)
        for node in reversed(self.plan.nodes):
            for child in node.children:
                at = child.number - 1
                worst[node.number - 1] = max(worst[node.number - 1], worst[at], self.q_errors[at])
        return worst

    def misses_below(self, node: PlanNode, factor: float) -> bool:
        """Whether a node below was mis-estimated by a factor or more."""
        return self._worst_below[node.number - 1] >= factor

    def setting(self, name: str) -> str:
        """Return a setting of the planner, or its default."""
        return dict(self.plan.settings).get(name, _DEFAULTS.get(name, ""))

    @cached_property
    def work_mem(self) -> int:
        """The bytes that one sort may use."""
        text = self.setting("work_mem")
        return parse_bytes(text if not text.isdigit() else f"{text}kB")

    @cached_property
    def hash_mem(self) -> float:
        """The bytes that one hash table may use."""
        return self.work_mem * float(self.setting("hash_mem_multiplier"))

    def table(self, node: PlanNode) -> Table | None:
        """Return the table that a node works on, where the model has it."""
        if self.model is None or not node.relation:
            return None
        if node.schema:
            return next(
                (each for each in self._named.get(node.relation, ()) if each.schema == node.schema),
                None,
            )
        found = self._named.get(node.relation, ())
        return found[0] if len(found) == 1 else next((each for each in found if each.schema == "public"), None)

    @cached_property
    def _named(self) -> Mapping[str, tuple[Table, ...]]:
        found: dict[str, tuple[Table, ...]] = {}
        for table in self.model.tables if self.model else ():
            found[table.name] = (*found.get(table.name, ()), table)
        return found

    def table_rows(self, node: PlanNode) -> float | None:
        """Return how many rows a node's table has: as told, as declared, or as another node of the plan has read."""
        table = self.table(node)
        name = table.id if table is not None else f"{node.schema or 'public'}.{node.relation}"
        if name in self.rows:
            return self.rows[name]
        if table is not None and table.annotations.rows is not None:
            return float(table.annotations.rows)
        return self._read_whole.get((node.schema, node.relation))

    @cached_property
    def _read_whole(self) -> Mapping[tuple[str, str], float]:
        """The rows of each table that was read to its end, by schema and name."""
        found: dict[tuple[str, str], float] = {}
        for node in self.plan.nodes:
            if node.operator != "Seq Scan" or not node.relation:
                continue
            seen = ((node.rows or 0.0) + (node.removed_by_filter or 0.0)) * (
                node.loops or 0.0 if node.parallel_aware else 1.0
            )
            if not node.loops and not node.conditions:
                seen = node.estimated_rows or 0.0
            key = node.schema, node.relation
            if seen:
                found[key] = max(found.get(key, 0.0), seen)
        return found


def _factor(rows: float, expected: float) -> float:
    """Return the q-error; see `PlanNode.q_error`."""
    rows, expected = max(rows, 1.0), max(expected, 1.0)
    return max(rows / expected, expected / rows)


def _times(plan: Plan) -> Iterator[tuple[int, Load]]:
    if not plan.timed:
        raise PlanroomError(
            "This plan cannot be judged by its times.",
            where=plan.source,
            why="it holds none: the statement was not run, or with TIMING off.",
            fix='explain it with analyze=True, or leave by="time" out.',
        )
    whole = sum(node.self_ms or 0.0 for node in plan.nodes) or 1.0
    for node in plan.nodes:
        spent = node.self_ms or 0.0
        yield node.number, Load(spent / whole, spent * UNITS_PER_MS, "time")


def _costs(plan: Plan) -> Iterator[tuple[int, Load]]:
    """Yield for each node the larger of its shares of the cost and, where they were counted, of the rows.

    The rows tell what the cost, which rests on estimates, does not. Both are the same from run to run.
    """
    costs = [node.self_cost or 0.0 for node in plan.nodes]
    handled = _handled(plan.nodes) if plan.analyzed or plan.total_cost is None else [0.0] * len(costs)
    all_costs, all_rows = sum(costs) or 1.0, sum(handled) or 1.0
    per_unit = ROWS_PER_UNIT.get(plan.engine, 100.0)
    for node, cost, rows in zip(plan.nodes, costs, handled, strict=True):
        if rows / all_rows > cost / all_costs:
            yield node.number, Load(rows / all_rows, rows / per_unit, "rows")
        else:
            yield node.number, Load(cost / all_costs, cost, "cost")


def _handled(nodes: Sequence[PlanNode]) -> list[float]:
    """Return the rows that each node takes, throws away and gives, in all its executions."""
    given = [node.rows_carried or 0.0 for node in nodes]
    return [
        sum(given[child.number - 1] for child in node.children) + max(given[at] + _thrown(node), node.rows_scanned or 0)
        for at, node in enumerate(nodes)
    ]


def _thrown(node: PlanNode) -> float:
    filtered, unmatched, checked = node.removed_by_filter, node.removed_by_join_filter, node.removed_by_recheck
    if filtered is None and unmatched is None and checked is None:
        return 0.0
    return ((filtered or 0.0) + (unmatched or 0.0) + (checked or 0.0)) * (node.loops or 0.0)
