"""A record that is superseded by nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["SupersededWithoutSuccessor"]


class SupersededWithoutSuccessor(RecordRule):
    """A record is superseded, and does not say by what."""

    code = "ADR010"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Name the record: planroom adr supersede OLD NEW."
    source = "https://github.com/npryce/adr-tools"
    bad = ({"0001-a.md": record("superseded")},)
    good = (
        {
            "0001-a.md": record("superseded by ADR-0002"),
            "0002-b.md": record("accepted", "checks: [{sql: select true}]", "supersedes: [ADR-0001]"),
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each decision that no link leads on from."""
        for decision in around.log.records:
            leads_on = any(link.kind == "superseded by" for link in decision.links)
            if decision.status == "superseded" and not leads_on and not around.log.superseded_by(decision):
                yield self.of(decision, f"{decision.id} is superseded, and nothing says by what")
