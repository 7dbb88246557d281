"""A status that a link contradicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.record import PAST
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["StatusContradictedByLink"]


class StatusContradictedByLink(RecordRule):
    """A record is accepted although another, accepted one supersedes it."""

    code = "ADR011"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Mark it as superseded: planroom adr supersede OLD NEW."
    source = "https://github.com/npryce/adr-tools"
    bad = (
        {
            "0001-a.md": record("accepted", "checks: [{sql: select true}]"),
            "0002-b.md": record("accepted", "checks: [{sql: select true}]", "supersedes: [ADR-0001]"),
        },
    )
    good = (
        {
            "0001-a.md": record("accepted", "checks: [{sql: select true}]"),
            "0002-b.md": record("proposed", "supersedes: [ADR-0001]"),
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each accepted decision that an accepted one supersedes."""
        for decision in around.log.records:
            newer = [each for each in around.log.superseded_by(decision) if each.status == "accepted"]
            if newer and decision.status not in PAST:
                said = decision.status or "without status"
                yield self.of(decision, f"it is {said}, and {newer[0].id}, which is accepted, supersedes it")
