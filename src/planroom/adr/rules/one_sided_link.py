"""A link that the other record does not return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.log import REVERSE
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["OneSidedLink"]


class OneSidedLink(RecordRule):
    """One record says that it supersedes or amends another, and that one does not say so.

    Who reads the older record alone takes it for being in force.
    """

    code = "ADR003"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Say it in the other record too: planroom adr link, or supersede, does both."
    source = "https://github.com/npryce/adr-tools"
    bad = (
        {
            "0001-a.md": record("accepted", "checks: [{sql: select true}]"),
            "0002-b.md": record("accepted", "checks: [{sql: select true}]", "supersedes: [ADR-0001]"),
        },
    )
    good = (
        {
            "0001-a.md": record("superseded by ADR-0002"),
            "0002-b.md": record("accepted", "checks: [{sql: select true}]", "supersedes: [ADR-0001]"),
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each link that needs an answer and has none."""
        ties = around.log.ties
        for tie in ties:
            answer = REVERSE.get(tie.link.kind)
            if answer and not any(
                other.record is tie.other and other.other is tie.record and other.link.kind == answer for other in ties
            ):
                message = f"{tie.record.id} {tie.link.kind} it, and it does not say `{answer} {tie.record.id}`"
                yield self.of(tie.other, message, other=tie.record.id)
