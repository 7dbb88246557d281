"""A difference as Markdown for a pull request: what breaks in sight, the rest folded, never longer than is allowed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.comparison.card import headline, many, unknown_rows
from planroom.comparison.changes import Impact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.comparison.changes import Change
    from planroom.comparison.difference import Difference

__all__ = ["LIMIT", "markdown"]

LIMIT = 65_536
"""Characters that GitHub takes in a comment or the description of a pull request."""

_ROOM = 60_000  # for the tables; headline, folds and counts of what is left out need the rest
_MOST_UNKNOWN = 30
_MOST_CELL = 300  # characters
_ACTIVE = re.compile(r"[\\`*\[\]#|~<>@&$]|(?<!\w)_|_(?!\w)|:(?=[\w/+-])|(?<=[wW]{3})\.")
"""What Markdown, GitHub's autolinks and HTML see more in than a character."""
_HEADER = "| | what | where | how | why |\n|---|---|---|---|---|\n"


def markdown(difference: Difference) -> str:
    """Return a summary line, a table for each kind of consequence, the worst open and the rest folded."""
    before, after = (model.name or word for model, word in ((difference.old, "old"), (difference.new, "new")))
    parts = [f"**{_safe(before)} → {_safe(after)}**: {_safe(headline(difference))}\n"]
    room = _ROOM
    for impact in reversed(Impact):
        alike = [change for change in difference.changes if change.impact is impact]
        if alike:
            section, used = _section(impact, alike, room)
            parts.append(section)
            room -= used
    parts += [_unknowns(difference)] if difference.unknowns else []
    return "\n".join(parts)


def _section(impact: Impact, changes: Sequence[Change], room: int) -> tuple[str, int]:
    """Return the table of one consequence, and how many characters its rows take."""
    rows, used = [], 0
    for change in changes:
        row = _row(change)
        if used + len(row) > room:
            break
        rows.append(row)
        used += len(row)
    left_out = len(changes) - len(rows)
    table = f"{_HEADER}{''.join(rows)}" if rows else ""
    table += f"\n… and {many(left_out, 'change')} more\n" if left_out else ""
    title = f"{impact.value.capitalize()}: {many(len(changes), 'change')}"
    if impact in {Impact.COMPATIBLE, Impact.ADDITIVE}:
        return _folded(title, table), used
    return f"#### {title}\n\n{table}", used


def _row(change: Change) -> str:
    cells = (
        change.state.glyph,
        _safe(f"{change.kind} {change.state}"),
        _code(change.subject),
        _safe(_cut(change.details)),
        _safe("; ".join(judgement.reason for judgement in change.judgements)),
    )
    return f"| {' | '.join(cells)} |\n"


def _unknowns(difference: Difference) -> str:
    rows = unknown_rows(difference.unknowns)
    lines = [
        f"- {_safe(_cut(what))}: {_safe(name)}: {_safe(_cut(reason))}" for what, name, reason in rows[:_MOST_UNKNOWN]
    ]
    lines += [f"- … and {len(rows) - _MOST_UNKNOWN} more"] if len(rows) > _MOST_UNKNOWN else []
    return _folded(f"Cannot be told: {len(difference.unknowns)}", "\n".join(lines) + "\n")


def _folded(title: str, content: str) -> str:
    return f"<details>\n<summary>{title}</summary>\n\n{content}\n</details>\n"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_CELL else f"{text[: _MOST_CELL - 1]}…"


def _safe(text: str) -> str:
    """Return text that is nothing but text in Markdown and HTML, on one line: what could mean more is a reference."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", _visible(text))


def _visible(text: str) -> str:
    """Return text on one line in which no character hides."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in " ".join(text.split()))


def _code(text: str) -> str:
    """Return text in a monospace face; unlike between backquotes, references hold there."""
    return f"<code>{_safe(text)}</code>"
