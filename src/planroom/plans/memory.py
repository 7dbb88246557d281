"""How much memory a DuckDB plan's hash tables, groups and sorts would take, and whether that is more than there is.

At scale, DuckDB's plans seldom turn into others; what changes is how much each operator holds. Its estimate is the
planner's rows times the width of a row, so it is as right as the planner's rows are.

Sources: DuckDB, src/include/duckdb/execution/join_hashtable.hpp (PointerTableCapacity),
src/include/duckdb/execution/aggregate_hashtable.hpp (LOAD_FACTOR), src/common/types/row/tuple_data_layout.cpp,
src/include/duckdb/common/sorting/sort_key.hpp, and
src/include/duckdb/storage/temporary_memory_manager.hpp (MAXIMUM_MEMORY_LIMIT_RATIO).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planroom.display import Displayable, Table, caption_line, card
from planroom.plans.widths import Columns, columns_of
from planroom.quantities import format_bytes, format_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["MemoryNeed", "MemoryNeeds", "memory_needs"]

_USABLE = 0.9  # of the memory limit, MAXIMUM_MEMORY_LIMIT_RATIO
_POINTER = 8
_HASH = 8
_SORT_KEY = 24  # of the middle kind: two words of the key, and where its row is
_LEAST_POINTERS = 16_384
_JOIN_LOAD, _GROUP_LOAD = 2.0, 1.5
_SORTS = frozenset({"ORDER_BY", "WINDOW"})
_LOOPS = frozenset({"NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "CROSS_PRODUCT", "PIECEWISE_MERGE_JOIN", "IE_JOIN"})
_GROUPS = frozenset({"HASH_GROUP_BY", "PERFECT_HASH_GROUP_BY"})
_MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """What one operator would hold.

    Attributes:
        number: The node's place in the plan.
        operator: The engine's name of it.
        what: What it holds: ``build side``, ``groups``, ``rows to sort``, ``inner side`` or ``result kept``.
        on: The condition, keys or name that tells which it is.
        rows: The rows that the planner expects it to hold.
        row_bytes: The mean width of one of them.
        size_bytes: All of it, with what finds a row in it.
        certain: Whether the widths of all its columns are known; else some are taken as 16 bytes.
    """

    number: int
    operator: str
    what: str
    on: str
    rows: float
    row_bytes: float
    size_bytes: float
    certain: bool = True

    def share(self, limit_bytes: float) -> float:
        """Return its part of a memory limit."""
        return self.size_bytes / limit_bytes if limit_bytes > 0 else float("inf")

    def spills(self, limit_bytes: float) -> bool:
        """Whether it alone is more than DuckDB lets its operators have, so that a part goes to disk."""
        return self.size_bytes > _USABLE * limit_bytes


@dataclass(frozen=True)
class MemoryNeeds(Displayable):
    """What the operators of a plan would hold, the largest first.

    Attributes:
        needs: One for each operator that holds rows.
        limit_bytes: The memory limit to compare with; None for none.
    """

    needs: tuple[MemoryNeed, ...]
    limit_bytes: float | None = None

    @property
    def spilling(self) -> tuple[MemoryNeed, ...]:
        """Those that would go to disk; none where no limit is given."""
        limit = self.limit_bytes
        return () if limit is None else tuple(each for each in self.needs if each.spills(limit))

    @property
    def summary(self) -> str:
        """The largest, and how many go to disk."""
        if not self.needs:
            return "no operator holds rows"
        largest = f"{format_bytes(self.needs[0].size_bytes)} at most in one operator"
        if self.limit_bytes is None:
            return largest
        count = len(self.spilling)
        told = f"{count} of {len(self.needs)} operators go to disk" if count else "nothing goes to disk"
        return f"{largest}, of {format_bytes(self.limit_bytes)}: {told}"

    def table(self) -> Table:
        """Return a row for each operator."""
        header: tuple[str, ...] = ("#", "operator", "holds", "on", "rows", "a row", "memory")
        rows = [_cells(each) for each in self.needs]
        if self.limit_bytes is not None:
            limit = self.limit_bytes
            header = (*header, "share", "spills")
            rows = [
                (*cells, _percent(each.share(limit)), "yes" if each.spills(limit) else "no")
                for cells, each in zip(rows, self.needs, strict=True)
            ]
        uncertain = any(not each.certain for each in self.needs)
        caption = "~ some columns are expressions of unknown width, taken as 16 bytes" if uncertain else ""
        return Table(header, tuple(rows), numeric=frozenset({0, 4, 5, 6, 7}), caption=caption)

    def __str__(self) -> str:
        return f"Memory: {self.summary}\n\n{self.table()}" if self.needs else f"Memory: {self.summary}"

    def _html(self) -> str:
        from planroom.display import html_table

        table = self.table()
        body = html_table(table.header, table.rows, numeric=table.numeric) + caption_line("div", table.caption)
        return card(f"Memory: {self.summary}", body if self.needs else "")


def memory_needs(
    plan: Plan, widths: Mapping[tuple[str, str, str], float] | None = None, limit_bytes: float | None = None
) -> MemoryNeeds:
    """Return what the operators of a DuckDB plan would hold, the largest first.

    Args:
        plan: A plan of DuckDB, with estimated rows; measured ones are not looked at.
        widths: Bytes of the columns by schema, table and column; others are taken as 16.
        limit_bytes: DuckDB's ``memory_limit``.
    """
    columns = columns_of(plan, widths or {})
    found = [replace(need, on=_on(node, columns)) for node in plan.nodes for need in _needs(node, columns)]
    return MemoryNeeds(tuple(sorted(found, key=lambda each: (-each.size_bytes, each.number))), limit_bytes)


def _needs(node: PlanNode, columns: Mapping[int, Columns]) -> Iterator[MemoryNeed]:
    inner = node.children[1] if len(node.children) > 1 else None
    if node.operator == "HASH_JOIN" and inner is not None:
        yield from _need(node, "build side", inner, columns[inner.number], _JOIN_LOAD)
    elif node.operator in _LOOPS and inner is not None:
        yield from _need(node, "inner side", inner, columns[inner.number])
    elif node.operator in _GROUPS:
        yield from _need(node, "groups", node, columns[node.number], _GROUP_LOAD)
    elif node.operator in _SORTS and node.children:
        yield from _need(node, "rows to sort", node.children[0], columns[node.children[0].number])
    elif node.operator == "CTE" and node.children:
        yield from _need(node, "result kept", node.children[0], columns[node.children[0].number])


def _need(
    node: PlanNode, what: str, held: PlanNode, columns: Columns, load_factor: float = 0.0
) -> Iterator[MemoryNeed]:
    """Yield what is held: rows with a bit for each column that may be NULL, and pointers where they are hashed."""
    rows = held.estimated_rows
    if rows is None:
        return
    beside = _HASH if load_factor else _SORT_KEY if what == "rows to sort" else 0
    width = (len(columns.widths) + 7) // 8 + columns.total + beside
    pointers = max(_LEAST_POINTERS, _power_of_two(rows * load_factor)) * _POINTER if load_factor else 0
    yield MemoryNeed(node.number, node.operator, what, "", rows, width, rows * width + pointers, columns.certain)


def _power_of_two(count: float) -> int:
    return 1 << max(0, (int(count) - 1).bit_length())


def _on(node: PlanNode, columns: Mapping[int, Columns]) -> str:
    """Return what tells one operator from another; groups are named as they are where they come from."""
    names = columns[node.children[0].number].names if node.children else ()
    keys = [_named(each, names) for each in node.group_keys or node.sort_keys]
    told = node.condition("Join Cond") or ", ".join(keys) or node.source
    return told if len(told) <= _MOST_WORDS else f"{told[: _MOST_WORDS - 1]}…"


def _named(key: str, names: Sequence[str]) -> str:
    place = key.removeprefix("#")
    return names[int(place)] if key != place and place.isdigit() and int(place) < len(names) else key


def _cells(need: MemoryNeed) -> tuple[str, ...]:
    return (
        str(need.number),
        need.operator,
        need.what,
        need.on,
        format_count(need.rows),
        f"{'' if need.certain else '~'}{format_bytes(need.row_bytes)}",
        format_bytes(need.size_bytes),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share < 100 else f"{format_count(share)} times"
