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


def findings_of(model: Model) -> tuple[Finding, ...]:
    """Return what its readers noticed, then a finding for each statement that makes structure and was not read.

    Settings, privileges, rows and queries are none of a model's business; they stay in ``model.unread`` alone.
    """
    return (*model.findings, *(finding_of(each) for each in model.unread if each.kind in _KINDS))


def finding_of(unread: Unread) -> Finding:
    """Return the finding that a statement was not read."""
    code, slug, severity, fix = _KINDS[unread.kind]
    return Finding(
        code=code,
        slug=slug,
        severity=severity,
        effect=Effect.WRONG_RESULT,
        message=f"{unread.what} was not read: {unread.reason}",
        location=unread.location,
        why="The model lacks what the statement makes.",
        fix=Fix(fix),
    )
