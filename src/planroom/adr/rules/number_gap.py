"""A number that no record has."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["NumberGap"]


class NumberGap(RecordRule):
    """A number between the first and the last is missing: a record was lost, or has another name."""

    code = "ADR015"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    fix = "Restore the record; one that was rejected is kept as rejected."
    source = "https://github.com/npryce/adr-tools"
    bad = (
        {
            "0001-a.md": record("accepted", "checks: [{sql: select true}]"),
            "0003-b.md": record("accepted", "checks: [{sql: select true}]"),
        },
    )
    good = (
        {
            "0005-a.md": record("accepted", "checks: [{sql: select true}]"),
            "0006-b.md": record("accepted", "checks: [{sql: select true}]"),
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each gap, at the decision after it."""
        numbers = sorted(around.log.by_number)
        for before, after in pairwise(numbers):
            if after - before > 1:
                missing = f"{before + 1:04}" + (f" to {after - 1:04}" if after - before > 2 else "")
                yield self.of(around.log.by_number[after][0], f"there is no decision {missing}")
