"""What is lost, as findings."""

from __future__ import annotations

from dataclasses import dataclass, field

from planroom.findings import Effect, Finding, Fix, Location, Severity
from planroom.formats._translation.abilities import Abilities

__all__ = ["Notes"]

_KINDS = {
    "type-changes-values": ("DIA001", Severity.WARNING, Effect.LOSES_DATA, "Look at the values that the column holds."),
    "type-checks-less": ("DIA002", Severity.NOTE, Effect.ADVICE, "Add a CHECK where the refusal matters."),
    "expression-left-out": ("DIA003", Severity.WARNING, Effect.WRONG_RESULT, "Write it by hand in the other dialect."),
    "object-left-out": ("DIA004", Severity.WARNING, Effect.WRONG_RESULT, "Do by other means what it does."),
    "property-left-out": ("DIA005", Severity.NOTE, Effect.ADVICE, "Nothing, if nobody relies on it."),
    "object-changed": ("DIA006", Severity.NOTE, Effect.ADVICE, "Nothing; know it when you compare the two."),
}


@dataclass
class Notes:
    """The findings of one translation, in the making."""

    source: str
    target: Abilities
    found: list[Finding] = field(default_factory=list)

    def add(self, slug: str, subject: str, message: str, place: Location | None = None, *, why: str = "") -> None:
        """Note a loss.

        Args:
            slug: Its kind.
            subject: The id of the object.
            message: What is lost, with the user's names.
            place: Where the object was read.
            why: Why, where that is not simply that the dialect has no such thing.
        """
        code, severity, effect, fix = _KINDS[slug]
        self.found.append(
            Finding(
                code=code,
                slug=slug,
                severity=severity,
                effect=effect,
                message=message,
                subject=subject,
                location=place or Location(),
                why=why or f"{self.target.product} has no such thing.",
                fix=Fix(fix),
            )
        )
