"""What the rules about blocking work share: one finding a statement, with the lock, the relations and the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.changing import replace
from planroom.findings import Effect, Finding, Severity
from planroom.linting.durations import seconds_of
from planroom.linting.effects import Cause, Key, Lock, Work
from planroom.linting.migrations import MigrationRule, Step
from planroom.model import qualified
from planroom.quantities import format_duration
from planroom.sqltext import action_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.findings import Location

__all__ = ["BlockingWork", "few_rows", "names", "place", "said"]

FEW_ROWS = 10_000  # read or written anew in milliseconds on any machine


class BlockingWork(MigrationRule):
    """Work that grows with a table while a lock keeps others from it.

    Attributes:
        causes: The work that it is about.
    """

    severity = Severity.ERROR
    effect = Effect.BLOCKS_READS
    needs_work = True
    causes: ClassVar[frozenset[Cause]]

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield one finding for a statement that does such work under a lock that blocks."""
        work = [each for each in step.effects.work if each.cause in self.causes]
        locks = {key: lock for key, lock in step.effects.locks.items() if lock.blocks_writes}
        if work and locks:
            yield said(self, step, work, locks)


def said(rule: MigrationRule, step: Step, work: Sequence[Work], locks: Mapping[Key, Lock]) -> Finding:
    """Return the finding about work done under locks; it is a note where all of the tables are known to be small."""
    strongest = max(locks.values())
    owners = step.catalog.index_tables  # to plan a query takes a lock on every index of its tables
    blocked = sorted({owners.get(key, key) for key, lock in locks.items() if lock == strongest})
    what = "reads and writes" if strongest.blocks_reads else "writes"
    certain = [each for each in work if each.certain]
    first = (certain or list(work))[0]
    seconds = seconds_of(step, work)
    how_long = "meanwhile" if seconds is None or seconds < 1 else f"for about {format_duration(seconds)} or more"
    known = {} if seconds is None else {"seconds": round(seconds, 1)}
    found = rule.finding(
        f"{first.why}; {names(blocked)} {'is' if len(blocked) == 1 else 'are'} closed to {what} {how_long}",
        subject=qualified(*first.relation),
        location=place(step, first.action),
        lock=str(strongest),
        relations=[qualified(*key) for key in blocked],
        work=[{"kind": str(each.kind), "relation": qualified(*each.relation), "why": each.why} for each in work],
        **known,
    )
    severity = Severity.ERROR if certain else Severity.WARNING
    if few_rows(step, {each.relation for each in work}):
        severity = Severity.NOTE
    effect = Effect.BLOCKS_READS if strongest.blocks_reads else Effect.BLOCKS_WRITES
    edits = rule.edits(step, sorted({each.action for each in work}))
    return replace(found, severity=severity, effect=effect).with_edits(edits)


def few_rows(step: Step, keys: Iterable[Key]) -> bool:
    """Whether all of the relations are known to hold few rows."""
    return all((rows := step.rows(key)) is not None and rows < FEW_ROWS for key in keys)


def names(keys: Sequence[Key], most: int = 3) -> str:
    """Return the names of relations for people: all of a few, the first of many."""
    shown = [qualified(*key) if key[0] != "public" else key[1] for key in keys[:most]]
    more = f" and {len(keys) - most} more" if len(keys) > most else ""
    return ", ".join(shown) + more


def place(step: Step, action: int = -1) -> Location:
    """Return where the statement stands, or one of its actions, with its length."""
    return action_at(step.statement, action)
