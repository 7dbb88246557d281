"""ARC008."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.architecture import Kind
from planroom.findings import Effect, Severity
from planroom.linting.architectures import ArchitectureRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.architecture import System
    from planroom.findings import Finding

__all__ = ["EventWithoutConsumer"]


class EventWithoutConsumer(ArchitectureRule):
    """An event is published that nobody consumes.

    It costs what any event costs, and promises something that nobody relies on; often a consumer was removed and
    the event was not. The events of a queue are what its relations carry; a consumer that names none takes all. A
    queue that is only consumed is told too.
    """

    code = "ARC008"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Remove the event, or draw its consumer."
    source = "https://www.enterpriseintegrationpatterns.com/patterns/messaging/MessageChannel.html"
    bad = (
        (
            'System("S", containers=[Container("a"), Container("q", kind="queue"), Container("b")], '
            'relations=[Relation("a", "q", data=["Placed", "Paid"]), Relation("q", "b", data=["Paid"])])'
        ),
        (
            'System("S", containers=[Container("a"), Container("q", kind="queue")], relations=[Relation("a", "q", '
            'data=["Placed"])])'
        ),
    )
    good = (
        (
            'System("S", containers=[Container("a"), Container("q", kind="queue"), Container("b")], '
            'relations=[Relation("a", "q", data=["Placed", "Paid"]), Relation("q", "b")])'
        ),
    )

    def check(self, system: System) -> Iterator[Finding]:
        """Yield the events of each queue that nobody consumes, and the queues that nobody feeds."""
        for queue in system.elements.values():
            if queue.kind is not Kind.QUEUE:
                continue
            into = [flow.relation for flow in system.flows if flow.target.id == queue.id]
            out = [flow.relation for flow in system.flows if flow.source.id == queue.id]
            consumed = {event for relation in out for event in relation.data}
            takes_all = any(not relation.data for relation in out)
            for event in dict.fromkeys(event for relation in into for event in relation.data or ("what is published",)):
                if not takes_all and event not in consumed:
                    yield self.found(system, f"nobody consumes {event} from {queue.name}", f"{queue.id}#{event}")
            if out and not into:
                yield self.found(system, f"nobody feeds {queue.name}", queue.id)
