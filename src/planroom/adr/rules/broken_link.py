"""A link to a record that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.errors import nearest
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["BrokenLink"]


class BrokenLink(RecordRule):
    """A record names another that is not in the log."""

    code = "ADR002"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Correct the name, or take the link out."
    source = "https://github.com/npryce/adr-tools"
    bad = (
        {"0001-a.md": record("superseded by ADR-0007")},
        {"0001-a.md": "# 1. A\n\n## Status\n\nAccepted\n\nAmends [0](0000-gone.md)\n"},
    )
    good = (
        {
            "0001-a.md": record("superseded by ADR-0002"),
            "0002-b.md": record("accepted", "checks: [{sql: select true}]", "supersedes: [ADR-0001]"),
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each link that leads nowhere; those that leave the folder are not looked at."""
        for decision in around.log.records:
            for link in decision.links:
                elsewhere = "://" in link.target or link.target.startswith(("..", "#"))
                if not elsewhere and around.log.leads_to(link) is None:
                    close = nearest(link.target, [*around.log.by_name, *(each.id for each in around.log.records)])
                    hint = f": is it {close}?" if close else ""
                    yield self.of(
                        decision, f"{link.kind} {link.target}, which is no decision here{hint}", start=link.start
                    )
