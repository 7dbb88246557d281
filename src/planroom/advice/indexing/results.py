"""Which indexes are advised, and what they are worth: values."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planroom.display import Displayable
from planroom.values import dataclass

if TYPE_CHECKING:
    from planroom.advice.indexing.candidate import CandidateIndex
    from planroom.advice.indexing.existing import ExistingIndex
    from planroom.findings import Location

__all__ = ["AdvisedQuery", "ChosenIndex", "DroppedIndex", "IndexAdvice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenIndex:
    """An index to make.

    Attributes:
        candidate: The index, and the statements that make it.
        size_bytes: Its size.
        gain: What the workload would cost more without it, the others being there; in the planner's units.
        upkeep: What keeping it up costs, in the same units.
        serves: The names of the queries whose plans use it, with what each costs more without it.
    """

    candidate: CandidateIndex
    size_bytes: float
    gain: float
    upkeep: float = 0.0
    serves: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedIndex:
    """An index that may go.

    Attributes:
        existing: The index, and the statement that drops it.
        size_bytes: Its size.
        reason: Why it may go.
        upkeep: What keeping it up costs, in the planner's units.
    """

    existing: ExistingIndex
    size_bytes: float
    reason: str
    upkeep: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisedQuery:
    """A query with what it costs before and after.

    Attributes:
        before: What one call costs with the indexes that are there, in the planner's units; None without a plan.
        after: What it costs with those that are advised.
        uses: The names of the advised indexes that its plan uses.
        reason: Why it has no plan; empty for one that has.
        plans: Its plans before and after, where they were asked for.
    """

    name: str
    sql: str
    calls: float
    location: Location
    before: float | None = None
    after: float | None = None
    uses: tuple[str, ...] = ()
    reason: str = ""
    plans: tuple[Displayable, Displayable] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class IndexAdvice(Displayable):
    """The indexes that a workload is best served with.

    Attributes:
        chosen: The indexes to make, the greatest gain first.
        dropped: Those that may go.
        queries: The queries, in their order.
        budget_bytes: The most bytes that the new ones may have; None for any.
        candidates: How many were looked at.
        asked: How many costs were asked for.
        alike: Each query counts alike, whatever it costs; otherwise by its calls.
        notes: What to know of the figures.
    """

    chosen: tuple[ChosenIndex, ...]
    dropped: tuple[DroppedIndex, ...]
    queries: tuple[AdvisedQuery, ...]
    budget_bytes: float | None = None
    candidates: int = 0
    asked: int = 0
    alike: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def before(self) -> float:
        """What all calls cost with the indexes that are there, in the planner's units."""
        return sum(each.calls * each.before for each in self.queries if each.before is not None)

    @cached_property
    def after(self) -> float:
        """What they cost with those that are advised; upkeep is not in it."""
        return sum(each.calls * each.after for each in self.queries if each.after is not None)

    @cached_property
    def size_bytes(self) -> float:
        """The bytes of the new indexes."""
        return sum(each.size_bytes for each in self.chosen)

    @cached_property
    def freed_bytes(self) -> float:
        """The bytes of those that may go."""
        return sum(each.size_bytes for each in self.dropped)

    @property
    def ddl(self) -> str:
        """A script that makes the new indexes, without stopping writers, and then drops the others.

        Its statements cannot run in a transaction.
        """
        made = [each.candidate.ddl for each in self.chosen]
        gone = [f"-- {each.existing.name}: {each.reason}\n{each.existing.drop}" for each in self.dropped]
        return "".join(f"{each}\n" for each in (*made, *gone))

    @property
    def verdict(self) -> str:
        """What the whole workload costs before and after, and what is to be made and dropped."""
        from planroom.advice.indexing.showing import verdict

        return verdict(self)

    def __str__(self) -> str:
        from planroom.advice.indexing.showing import text

        return text(self)

    def __repr__(self) -> str:
        return f"<IndexAdvice: {self.verdict}>"

    def _html(self) -> str:
        from planroom.advice.indexing.showing import html

        return html(self)
