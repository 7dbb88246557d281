"""A record without a status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["StatusMissing"]


class StatusMissing(RecordRule):
    """A record says not whether it is proposed, accepted or something else."""

    code = "ADR009"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Say it: planroom adr accept, or status: proposed in the front matter."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    bad = ({"0001-a.md": "# A\n\n## Context and Problem Statement\n\nWhy.\n"},)
    good = ({"0001-a.md": record("on hold")}, {"index.md": "# Decisions\n"})

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each decision without a status; one word is as good as another."""
        for decision in around.log.records:
            if not decision.status and (decision.number is not None or decision.decision or decision.context):
                yield self.of(decision, f"{decision.title} has no status")
