"""ARC004."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import lift
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule
from planroom.linting.gathering import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["ForeignKeyToAnotherOwner"]


class ForeignKeyToAnotherOwner(ArchitectureRule):
    """A foreign key leads from the tables of one container to those of another.

    The database then enforces what the containers agreed to keep apart: neither can move, restore or renumber its
    tables alone. Partitions count as the table that they are part of.
    """

    code = "ARC004"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Keep the value without a foreign key, and learn of changes by an event."
    source = "https://martinfowler.com/bliki/BoundedContext.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE refunds (id int PRIMARY KEY REFERENCES orders);"
    bad = ('System("S", containers=[Container("a", owns=["orders"]), Container("b", owns=["refunds"])])',)
    good = (
        'System("S", containers=[Container("a", owns=["orders", "refunds"]), Container("b")])',
        'System("S", containers=[Container("a", owns=["orders"]), Container("b")])',
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the containers whose tables refer to those of another, with the foreign keys."""
        if system.model is None:
            return
        home = _homes(system)
        ties: dict[tuple[str, str], list[str]] = {}
        for relation in system.model.relations:
            child, parent = (
                home.get(system.model.roots.get(each, each), "") for each in (relation.child, relation.parent)
            )
            if child and parent and child != parent:
                ties.setdefault((child, parent), []).append(f"{relation.child} → {relation.parent}")
        for (child, parent), keys in sorted(ties.items()):
            names = (system.elements[child].name, system.elements[parent].name)
            found = sorted(set(keys))
            message = f"{len(found)} foreign keys lead from {names[0]} to {names[1]}: {listed(found)}"
            if len(found) == 1:
                message = f"a foreign key leads from {names[0]} to {names[1]}: {found[0]}"
            yield self.found(system, message, f"{child}->{parent}", foreign_keys=tuple(found))


def _homes(system: System) -> dict[str, str]:
    """Return the container that owns each table."""
    containers = {each.id for each in system.elements.values() if each.is_container}
    return {
        table: lift(system, system.elements[element], containers)
        for element, tables in system.ownership.owned.items()
        for table in tables
    }
