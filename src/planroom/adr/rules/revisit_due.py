"""A decision that is due again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.claims import Trigger, triggers_of
from planroom.adr.record import PAST
from planroom.adr.rules.base import RecordRule, Surroundings, record
from planroom.errors import PlanroomError
from planroom.findings import Effect, Severity
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.adr.record import Record
    from planroom.findings import Finding

__all__ = ["RevisitDue"]


def _triggers(record: Record) -> tuple[Trigger, ...]:
    """Return the record's triggers; what is none is another rule's business."""
    try:
        return triggers_of(record)
    except PlanroomError:
        return ()


class RevisitDue(RecordRule):
    """A decision was to be looked at again by now, or when something grew that has grown."""

    code = "ADR013"
    severity = Severity.WARNING
    effect = Effect.ADVICE
    fix = "Look at it again: confirm it with a new date or limit, or supersede it."
    source = "https://github.com/adr/madr/blob/4.0.0/template/adr-template.md"
    ddl = "CREATE TABLE orders (id int PRIMARY KEY, email text)"
    today = "2026-06-01"
    bad = (
        {"0001-a.md": record("proposed", "revisit-by: 2026-05-31")},
        {"0001-a.md": record("proposed", "revisit-when: columns(orders) >= 2")},
    )
    good = ({"0001-a.md": record("proposed", "revisit-by: 2026-06-01", "revisit-when: rows(orders) > 50e6")},)

    def check(self, around: Surroundings) -> Iterator[Finding]:
        """Yield a finding for each date that is over and each limit that is passed."""
        for decision in around.log.records:
            if decision.status in PAST:
                continue
            by = str(decision.meta.get("revisit-by") or "")
            if by and around.today and by < around.today:
                yield self.of(
                    decision, f"{decision.title} was to be revisited by {by}", start=decision.text.find("revisit-by")
                )
            for trigger in _triggers(decision):
                value = trigger.value(around.model, around.rows) if around.model is not None else None
                if value is not None and trigger.met(value):
                    place = decision.text.find("revisit-when")
                    yield self.of(
                        decision,
                        f"revisit it: {trigger.text} holds, at {format_count(value)}",
                        start=place,
                        value=value,
                    )
