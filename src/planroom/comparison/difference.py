"""What differs between two models, shown as text, card, Markdown and picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.comparison.changes import Change, Impact, Unknown
from planroom.display import Displayable, page
from planroom.files import write_form
from planroom.findings import Effect, Finding

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from planroom.diagrams import Diagram
    from planroom.model import Model

__all__ = ["Difference"]


@dataclass(frozen=True, repr=False)
class Difference(Displayable):
    """The changes that lead from one model to another.

    Attributes:
        old: The model before.
        new: The model after.
        changes: Every change, the worst first; empty when nothing differs.
        unknowns: Of what it cannot be told whether it differs.
    """

    old: Model
    new: Model
    changes: tuple[Change, ...]
    unknowns: tuple[Unknown, ...]

    @property
    def outcome(self) -> str:
        """``equal``, ``different``, or ``cannot tell``: no change is known, but not everything could be compared."""
        if self.changes:
            return "different"
        return "cannot tell" if self.unknowns else "equal"

    @property
    def impact(self) -> Impact | None:
        """The worst consequence of all; None when nothing differs."""
        return max((change.impact for change in self.changes), key=lambda impact: impact.rank, default=None)

    @property
    def markdown(self) -> str:
        """The changes as Markdown for a pull request, shorter than GitHub's limit for a comment."""
        from planroom.comparison.markdown import markdown

        return markdown(self)

    @cached_property
    def picture(self) -> Diagram:
        """The ER picture of what changed and of what is next to it."""
        from planroom.comparison.picture import picture

        return picture(self)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The changes as findings, for whoever gates on them: destructive is an error, breaking a warning."""
        return tuple(_finding(change) for change in self.changes)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the difference in the form that the file's name ends with; whole or not at all.

        ``.svg`` is the picture, ``.html`` a page with picture and table, ``.md`` the Markdown, ``.json`` plain data.

        Returns:
            The path that was written.

        Raises:
            UnknownNameError: The ending is none of these.
            SourceError: The file cannot be written.
        """
        forms: dict[str, Callable[[], str]] = {
            ".svg": lambda: self.picture.svg,
            ".html": lambda: page("Difference", self._html()),
            ".md": lambda: self.markdown,
            ".json": self._json,
        }
        return write_form(path, forms, what="form of a difference")

    def _json(self) -> str:
        from planroom.comparison.plain import json_text

        return json_text(self)

    def __str__(self) -> str:
        from planroom.comparison.card import text_card

        return text_card(self)

    def __repr__(self) -> str:
        from planroom.comparison.card import headline

        return f"<Difference: {headline(self)}>"

    def _html(self) -> str:
        from planroom.comparison.card import html_card

        return html_card(self)

    def _svg(self) -> str:
        return self.picture.svg if self.changes else ""


_EFFECTS = {Impact.DESTRUCTIVE: Effect.LOSES_DATA, Impact.BREAKING_READERS: Effect.BREAKS_QUERIES,
            Impact.BREAKING_WRITERS: Effect.FAILS}  # fmt: skip


def _finding(change: Change) -> Finding:
    return Finding(
        code=f"DIFF{change.impact.rank:03}",
        slug=change.impact.replace(" ", "-"),
        severity=change.severity,
        message=f"{change.kind} {change.subject} {change.state}: {change.reason}",
        effect=_EFFECTS.get(change.impact, Effect.ADVICE),
        subject=change.subject,
        location=change.new_location if change.new else change.old_location,
        why=change.reason,
    )
