"""A file name and a title with different numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["NumberUnlikeTitle"]

_TITLE = re.compile(r"^# (?:ADR[- ]?)?(\d{1,5})[.:] ", re.MULTILINE | re.IGNORECASE)


class NumberUnlikeTitle(RecordRule):
    """The number in the title is not the number in the name of the file."""

    code = "ADR016"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Give both the same number: planroom adr renumber."
    source = "https://github.com/npryce/adr-tools"
    bad = ({"0002-a.md": "# 1. A\n\n## Status\n\nProposed\n"},)
    good = ({"0001-a.md": "# 1. A\n\n## Status\n\nProposed\n"},)

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each decision whose numbers differ."""
        for decision in around.log.records:
            found = _TITLE.search(decision.text)
            if found and decision.number is not None and int(found[1]) != decision.number:
                yield self.of(decision, f"the title says {found[1]}, the file {decision.number}", start=found.start(1))
