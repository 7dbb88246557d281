"""What is known of the statement as a whole, beside its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.showing.numbers import count_text
from planroom.quantities import format_bytes, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.plan import Plan
    from planroom.plans.showing.facts import Fact

__all__ = ["statement_facts"]


def statement_facts(plan: Plan, *, timed: bool = False) -> tuple[Fact, ...]:
    """Return what is known of the statement.

    Args:
        plan: The plan.
        timed: Whether to say what differs from run to run: times and high-water marks of memory.
    """
    found = [*_settled(plan), *(_measured(plan) if timed else ())]
    return tuple((label, text) for label, text in found if text)


def _settled(plan: Plan) -> Iterator[Fact]:
    yield "Settings", ", ".join(f"{name} = {value}" for name, value in plan.settings)
    for trigger in plan.triggers:
        name = trigger.name or f"constraint {trigger.constraint}"
        yield (
            "Trigger",
            f"{name}{f' on {trigger.relation}' if trigger.relation else ''}, {count_text(trigger.calls)} calls",
        )
    if plan.jit:
        yield "Just-in-time compilation", f"{count_text(plan.jit.functions)} functions"
    if plan.serialization and plan.serialization.output_kb:
        yield "Result", f"{format_bytes(plan.serialization.output_kb * 1024)} as {plan.serialization.format}"
    yield from (("Note", note) for note in plan.notes)


def _measured(plan: Plan) -> Iterator[Fact]:
    if plan.planning.time_ms is not None:
        yield "Planning", format_duration(plan.planning.time_ms / 1000)
    if plan.total_ms is not None:
        yield "Execution", format_duration(plan.total_ms / 1000)
    for trigger in plan.triggers:
        if trigger.time_ms is not None:
            yield f"Trigger {trigger.name or trigger.constraint}", format_duration(trigger.time_ms / 1000)
    if plan.jit and plan.jit.total_ms is not None:
        yield "Compiling", format_duration(plan.jit.total_ms / 1000)
    if plan.peak_memory_bytes:
        yield "Memory at most", format_bytes(plan.peak_memory_bytes)
    if plan.temp_bytes:
        yield "Temporary files at most", format_bytes(plan.temp_bytes)
