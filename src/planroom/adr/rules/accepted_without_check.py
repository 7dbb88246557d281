"""An accepted decision that nothing checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["AcceptedWithoutCheck"]


class AcceptedWithoutCheck(RecordRule):
    """An accepted decision names no check, so that nobody notices when it holds no longer."""

    code = "ADR005"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    fix = "Name one in the front matter: checks: [{sql: ...}], or a schema fact, a plan, a rule, a function."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    bad = ({"0001-a.md": record("accepted")},)
    good = ({"0001-a.md": record("accepted", "checks: [{sql: select true}]")}, {"0001-a.md": record("proposed")})

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each decision in force without a check."""
        for decision in around.log.in_force():
            if not decision.meta.get("checks"):
                yield self.of(decision, f"{decision.title} is accepted, and no check holds it up")
