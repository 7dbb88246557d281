"""A placeholder of the template that was left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.adr.markdown import without_code
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["PlaceholderLeft"]

_PLACEHOLDERS = (
    re.compile(r"(?<![`{\w$])\{[a-z][^{}`,:\n]*[ |][^{}`,:\n]*\}(?!`)"),
    re.compile(r"^\s*(?:TBD|TODO|FIXME|\?\?\?)\.?\s*$", re.MULTILINE),
)


class PlaceholderLeft(RecordRule):
    """A placeholder of the template was left, so that the record does not say what it should."""

    code = "ADR008"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Say it, or take the section out where it is optional."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    bad = (
        {"0001-a.md": record("proposed", body="{describe the context}")},
        {"0001-a.md": "# 1. A\n\n## Status\n\nProposed\n\n## Decision\n\nTBD\n"},
    )
    good = ({"0001-a.md": record("proposed", body="A set {a, b} and `{x y}` are none.")},)

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield one finding for each decision with some."""
        for decision in around.log.records:
            plain = without_code(decision.text)
            found = next((each for pattern in _PLACEHOLDERS for each in pattern.finditer(plain)), None)
            if found is not None:
                words = " ".join(found[0].split())
                yield self.of(decision, f"{words[:60]} is left from the template", start=found.start())
