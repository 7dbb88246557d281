"""A claim that cannot be understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.adr.claims import checks_of, triggers_of
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.errors import PlanroomError
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ClaimNotUnderstood"]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class ClaimNotUnderstood(RecordRule):
    """A check or a condition in the front matter cannot be understood, so that nothing comes of it."""

    code = "ADR014"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Write it as the message says."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    bad = (
        {"0001-a.md": record("proposed", "checks: [select 1]")},
        {"0001-a.md": record("proposed", "revisit-when: soon")},
        {"0001-a.md": record("proposed", "revisit-by: next year")},
    )
    good = (
        {
            "0001-a.md": record(
                "proposed", "checks: [{sql: select 1}]", "revisit-when: rows(a) > 1M", "revisit-by: 2027-01-01"
            )
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each claim that means nothing."""
        for decision in around.log.records:
            for read, key in ((checks_of, "checks"), (triggers_of, "revisit-when")):
                try:
                    read(decision)
                except PlanroomError as error:
                    said = " ".join(filter(None, (error.what, error.why, error.fix)))
                    yield self.of(decision, said, start=decision.text.find(key))
            by = str(decision.meta.get("revisit-by") or "")
            if by and not _DATE.fullmatch(by):
                place = decision.text.find("revisit-by")
                yield self.of(decision, f"{by!r} is no date: write YYYY-MM-DD", start=place)
