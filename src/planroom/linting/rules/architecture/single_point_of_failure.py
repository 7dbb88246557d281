"""ARC006."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind, lift
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import Element, Scenario, System
    from planroom.findings import Finding

__all__ = ["SinglePointOfFailure"]

_ON_DEVICES = {Kind.MOBILE_APP, Kind.WEB_APP}


class SinglePointOfFailure(ArchitectureRule):
    """A critical scenario needs a container of which only one runs.

    When it stops, or is restarted for a release, the business stands still. How many run is what the deployment
    says, or else the container. Apps on the users' own devices are many by nature, and what only receives messages
    that nobody waits for may be late.
    """

    code = "ARC006"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Run a second one elsewhere, or take it out of the critical scenario."
    source = "https://sre.google/sre-book/addressing-cascading-failures/"
    bad = (
        (
            'System("S", containers=[Container("a", instances=2), Container("b")], relations=[Relation("a", "b")], '
            'scenarios=[Scenario("sell", steps=[("a", "b", "asks")], critical=True)])'
        ),
    )
    good = (
        (
            'System("S", containers=[Container("a", instances=2), Container("b", instances=2)], '
            'relations=[Relation("a", "b")], scenarios=[Scenario("sell", steps=[("a", "b", "asks")], critical=True)])'
        ),
        (
            'System("S", containers=[Container("a"), Container("b")], relations=[Relation("a", "b")], '
            'scenarios=[Scenario("sell", steps=[("a", "b", "asks")])])'
        ),
        (
            'System("S", containers=[Container("a", instances=2), Container("b")], relations=[Relation("a", "b", '
            'sync=False)], scenarios=[Scenario("sell", steps=[("a", "b", "tells")], critical=True)])'
        ),
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the containers of critical scenarios that run once."""
        for scenario in system.scenarios:
            for element in _needed(system, scenario) if scenario.critical else ():
                if element.kind not in _ON_DEVICES and system.instances_of(element) == 1:
                    message = f"{element.name} runs once, and {scenario.name or scenario.key!r} needs it"
                    yield self.found(system, message, element.id, scenario=scenario.key)


def _needed(system: System, scenario: Scenario) -> Iterator[Element]:
    """Yield the containers with a part in a step that somebody waits for."""
    late = {(flow.source.id, flow.target.id) for flow in system.flows if not flow.relation.sync}
    containers = {each.id for each in system.elements.values() if each.is_container}
    steps = ((system.element(step.source), system.element(step.target)) for step in scenario.steps)
    waited = (end for ends in steps if (ends[0].id, ends[1].id) not in late for end in ends)
    homes = dict.fromkeys(lift(system, end, containers) for end in waited)
    yield from (system.elements[each] for each in homes if each)
