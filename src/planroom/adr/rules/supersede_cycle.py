"""Records that supersede each other in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.findings import Effect, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.findings import Finding

__all__ = ["SupersedeCycle"]


def _circle(start: str, after: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the way from a record back to itself; empty where there is none."""
    waiting, reached = [[start]], {start}
    while waiting:
        path = waiting.pop(0)
        for name in after.get(path[-1], ()):
            if name == start:
                return path
            if name not in reached:
                reached.add(name)
                waiting.append([*path, name])
    return []


class SupersedeCycle(RecordRule):
    """Records supersede each other in a circle, so that none is in force."""

    code = "ADR004"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Decide which of them holds, and take the link to it out."
    source = "https://github.com/npryce/adr-tools"
    bad = ({"0001-a.md": record("superseded by ADR-0002"), "0002-b.md": record("superseded by ADR-0001")},)
    good = (
        {
            "0001-a.md": record("superseded by ADR-0002"),
            "0002-b.md": record("accepted", "checks: [{sql: select true}]", "supersedes: [ADR-0001]"),
        },
    )

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each circle, at its first decision."""
        after = {each.name: [newer.name for newer in around.log.superseded_by(each)] for each in around.log.records}
        seen: set[str] = set()
        for decision in around.log.records:
            circle = _circle(decision.name, after)
            if circle and not seen.intersection(circle):
                seen.update(circle)
                ids = [around.log.by_name[name].id for name in circle]
                yield self.of(decision, f"a circle: {' is superseded by '.join([*ids, ids[0]])}", records=ids)
