"""Pros and cons of an option that was not considered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.options import same_option
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ArguedOptionNotConsidered"]


class ArguedOptionNotConsidered(RecordRule):
    """Pros and cons stand under an option that is not among those considered."""

    code = "ADR007"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    fix = "List the same options in both places, in the same words."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    bad = (
        {
            "0001-a.md": record(
                "proposed",
                body="## Considered Options\n\n* x\n* y\n\n## Pros and Cons of the Options\n\n### x\n\n### w",
            )
        },
    )
    good = (
        {
            "0001-a.md": record(
                "proposed",
                body="## Considered Options\n\n* x\n* y\n\n## Pros and Cons of the Options\n\n### x\n\n### y",
            )
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each decision with such options."""
        for decision in around.log.records:
            if not decision.argued or not decision.options:
                continue
            unknown = [
                each for each in decision.argued if not any(same_option(each, other) for other in decision.options)
            ]
            if unknown:
                start = decision.text.rfind(unknown[0])
                yield self.of(
                    decision, f"{', '.join(unknown)}: argued for and against, and not considered", start=start
                )
