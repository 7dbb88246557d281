"""Two records with one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["DuplicateNumber"]


class DuplicateNumber(RecordRule):
    """Two records bear the same number.

    Two branches that each made the next decision merge without a conflict, since their files have different names.
    """

    code = "ADR001"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Give the later one the next number, with its links: planroom adr renumber."
    source = "https://github.com/npryce/adr-tools"
    bad = (
        {
            "0001-a.md": record("accepted", "checks: [{sql: select true}]"),
            "0001-b.md": record("accepted", "checks: [{sql: select true}]"),
        },
    )
    good = (
        {
            "0001-a.md": record("accepted", "checks: [{sql: select true}]"),
            "0002-b.md": record("accepted", "checks: [{sql: select true}]"),
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each decision but the first of its number."""
        for number, records in sorted(around.log.by_number.items()):
            for decision in records[1:]:
                yield self.of(decision, f"{number:04} is the number of {records[0].name} too", others=[records[0].name])
