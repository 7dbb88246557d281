"""ARC005."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule
from planroom.linting.rules.architecture._waiting import longest_from, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["LongSynchronousChain"]

MOST_STEPS = 4


class LongSynchronousChain(ArchitectureRule):
    """A request waits for a chain of containers, each waiting for the next.

    The chain answers as slowly as all of its links together, and is up only when each of them is: five links of
    99.9 % are 99.5 %. The longest chain from each container that nobody waits for is told; four steps are let pass.
    """

    code = "ARC005"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "Answer earlier and go on by events, or keep a copy of what is asked for."
    source = "https://sre.google/sre-book/service-best-practices/"
    bad = (
        (
            'System("S", containers=[Container(x) for x in "abcdef"], relations=[Relation(x, y) for x, y in '
            'zip("abcde", "bcdef")])'
        ),
    )
    good = (
        (
            'System("S", containers=[Container(x) for x in "abcde"], relations=[Relation(x, y) for x, y in '
            'zip("abcd", "bcde")])'
        ),
        (
            'System("S", containers=[Container(x) for x in "abcdef"], relations=[Relation(x, y, sync=x != "c") for x, '
            'y in zip("abcde", "bcdef")])'
        ),
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the longest chain of each beginning that is too long."""
        following = waiting(system)
        awaited = {each for others in following.values() for each in others}
        for first in following:
            chain = longest_from(first, following)
            if first not in awaited and len(chain) - 1 > MOST_STEPS:
                names = " → ".join(system.elements[each].name for each in chain)
                yield self.found(
                    system, f"{len(chain) - 1} synchronous steps in a row: {names}", first, chain=tuple(chain)
                )
