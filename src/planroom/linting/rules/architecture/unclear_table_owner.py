"""ARC013."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import lift
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["UnclearTableOwner"]


class UnclearTableOwner(ArchitectureRule):
    """It is not clear who owns a table.

    Two owners change it under each other, none lets it rot, and a selector that names nothing means a table that
    was renamed or dropped. Where nothing is owned at all, nothing is said; a component owns within its container.
    """

    code = "ARC013"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = 'Let one container own it: owns=["context:..."].'
    source = "https://microservices.io/patterns/data/database-per-service.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE refunds (id int PRIMARY KEY);"
    bad = (
        'System("S", containers=[Container("a", owns=["orders", "refunds"]), Container("b", owns=["orders"])])',
        'System("S", containers=[Container("a", owns=["orders"])])',
        'System("S", containers=[Container("a", owns=["orders", "refunds", "context:gone"])])',
    )
    good = (
        'System("S", containers=[Container("a", owns=["orders"]), Container("b", owns=["refunds"])])',
        'System("S", containers=[Container("a")])',
        'System("S", containers=[Container("a", owns=["*"], components=[Component("x", owns=["orders"])])])',
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the tables with several owners or none, and the selectors that name nothing."""
        containers = {each.id for each in system.elements.values() if each.is_container}
        for table, owners in sorted(system.ownership.owners.items()):
            homes = sorted({lift(system, system.elements[each], containers) for each in owners})
            if len(homes) > 1:
                names = " and ".join(system.elements[each].name for each in homes)
                yield self.found(system, f"{names} own {table}", f"table:{table}", owners=tuple(homes))
        for table in system.ownership.unowned:
            yield self.found(system, f"nobody owns {table}", f"table:{table}")
        for element, selector in system.ownership.dead:
            name = system.elements[element].name
            yield self.found(system, f"{name} owns {selector!r}, which names no table", f"{element}#{selector}")
