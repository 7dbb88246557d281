"""A chosen option that is not among those considered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.options import same_option
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.errors import nearest
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ChosenOptionNotConsidered"]

_BODY = (
    '## Considered Options\n\n* [x](http://x.example) 4\n* y\n\n## Decision Outcome\n\nChosen option: "{}", because.\n'
)


class ChosenOptionNotConsidered(RecordRule):
    """The option that is chosen is not among those considered."""

    code = "ADR006"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Use the same words in both places."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    bad = ({"0001-a.md": record("proposed", body=_BODY.format("z"))},)
    good = ({"0001-a.md": record("proposed", body=_BODY.format("x 4"))},)

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each such record; one option may say more than the other."""
        for decision in around.log.records:
            chosen, options = decision.chosen, decision.options
            if chosen and options and not any(same_option(chosen, each) for each in options):
                close = nearest(chosen, options)
                hint = f"; is it {close!r}?" if close else ""
                yield self.of(
                    decision, f"{chosen!r} is chosen, and was not considered{hint}", start=decision.text.find(chosen)
                )
