"""Triggers that take the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._survey import UNITS_PER_MS, Load
from planroom.plans.findings.base import Example, Told, WholeRule
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.findings._survey import Survey

__all__ = ["SlowTrigger"]


class SlowTrigger(WholeRule):
    """Triggers took a good part of the time.

    A foreign key is a trigger too: that of a referenced table looks for referencing rows at each deletion, and reads
    the whole referencing table where no index leads to them.
    """

    code = "PLN025"
    fix = "Make an index on the referencing columns; do in one statement what a trigger does row by row."
    source = "https://www.postgresql.org/docs/current/using-explain.html"
    needs = "time"
    bad = (Example("DELETE FROM customers WHERE id > 19980", analyze=True, by="time"),)
    good = (Example("DELETE FROM orders WHERE id BETWEEN 100 AND 300", analyze=True, by="time"),)

    def judge(self, survey: Survey) -> Iterator[tuple[Load, Told]]:
        """Yield each trigger with its share of the time."""
        whole = survey.plan.total_ms or 0.0
        for trigger in survey.plan.triggers:
            spent = trigger.time_ms or 0.0
            if not spent or not whole:
                continue
            name = trigger.constraint or trigger.name
            what = f"the foreign key {name}" if trigger.constraint else f"the trigger {name}"
            on = f" of {trigger.relation}" if trigger.relation else ""
            message = f"{what}{on} was called {format_count(trigger.calls)} times"
            fix = "Make an index on the referencing columns." if trigger.constraint else ""
            load = Load(min(1.0, spent / whole), spent * UNITS_PER_MS, "time")
            yield load, Told(message, fix, facts={"calls": trigger.calls, "trigger": name}, subject=trigger.relation)
