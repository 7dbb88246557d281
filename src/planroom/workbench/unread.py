"""What could not be read, as findings: one unreadable statement is a finding, not the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Finding, Fix, Severity

if TYPE_CHECKING:
    from planroom.model import Model
    from planroom.model.schemas import Unread

__all__ = ["finding_of", "findings_of"]

_KINDS = {
    "broken": ("READ001", "statement-unreadable", Severity.ERROR, "Correct the statement; the rest was read."),
    "structure": ("READ002", "statement-not-represented", Severity.WARNING, "Look after it by hand: it is kept as is."),
}
_PART = (
    "READ006", "reference-unreadable", Severity.WARNING, "Give the script that makes what it refers to as well."
)  # fmt: skip


def findings_of(model: Model) -> tuple[Finding, ...]:
    """Return what its readers noticed, then a finding for each statement that makes structure and was not read.

    Settings, privileges, rows and queries are none of a model's business; they stay in ``model.unread`` alone.
    """
    return (*model.findings, *(finding_of(each) for each in model.unread if each.kind in _KINDS))


def finding_of(unread: Unread) -> Finding:
    """Return the finding that a statement was not read."""
    code, slug, severity, fix = _PART if unread.subject else _KINDS[unread.kind]
    what = "part" if unread.subject else "statement"
    return Finding(
        code=code,
        slug=slug,
        severity=severity,
        effect=Effect.WRONG_RESULT,
        message=f"{unread.what} was not read: {unread.reason}",
        subject=unread.subject,
        location=unread.location,
        why=f"The model lacks what the {what} makes.",
        fix=Fix(fix),
    )
