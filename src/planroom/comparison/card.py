"""A difference in words: the headline, and a line a change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planroom.comparison.changes import ChangeState, Impact
from planroom.display import card, details, figure, html_table, text_table
from planroom.quantities import counted, format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.comparison.changes import Change, Unknown
    from planroom.comparison.difference import Difference

__all__ = ["headline", "html_card", "many", "text_card", "unknown_rows"]

_HEADER = ("impact", "change", "kind", "subject", "details", "why")
_MOST_IN_A_CARD = 12
_MOST_UNKNOWN = 12
_MOST_TEXT = 160  # characters of a cell

_IN_ORDER = (ChangeState.ADDED, ChangeState.REMOVED, ChangeState.RENAMED, ChangeState.CHANGED)


def many(number: int, kind: str) -> str:
    """Return a number of things: ``2 foreign keys``."""
    return counted(number, kind, _PLURALS.get(kind) or (kind if kind.endswith("s") else ""))


_PLURALS = {"index": "indexes", "policy": "policies", "unique": "unique constraints"}


def headline(difference: Difference) -> str:
    """Return what happened, in one line: ``3 tables added, 1 column removed; 1 destructive, 2 breaking``."""
    unknown = f"{format_count(len(difference.unknowns))} cannot be told" if difference.unknowns else ""
    if not difference.changes:
        return f"no change is known, {unknown}" if unknown else "equal"
    numbers = Counter((change.state, change.kind) for change in difference.changes)
    kinds = dict.fromkeys(kind for _, kind in sorted(numbers, key=lambda each: (_rank(each[1]), each[1])))
    happened = [f"{many(numbers[state, kind], kind)} {state}" for kind in kinds for state in _IN_ORDER
                if numbers[state, kind]]  # fmt: skip
    impacts = Counter(_short(change.impact) for change in difference.changes)
    follows = [f"{format_count(impacts[word])} {word}" for word in dict.fromkeys(map(_short, reversed(Impact)))
               if impacts[word]]  # fmt: skip
    return "; ".join(part for part in (", ".join(happened), ", ".join(follows), unknown) if part)


def _rank(kind: str) -> int:
    return {"table": 0, "column": 1, "view": 2}.get(kind, 3)


def _short(impact: Impact) -> str:
    return "breaking" if impact in {Impact.BREAKING_READERS, Impact.BREAKING_WRITERS} else str(impact)


def _row(change: Change) -> tuple[str, ...]:
    return (
        str(change.impact),
        f"{change.state.glyph} {change.state}",
        change.kind,
        change.subject,
        _cut(change.details),
        change.reason,
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"


def unknown_rows(unknowns: Sequence[Unknown]) -> list[tuple[str, str, str]]:
    """Return a row for each reason that nothing can be told, with the first of what it is about."""
    groups: dict[tuple[str, str], list[Unknown]] = {}
    for each in unknowns:
        groups.setdefault((each.what, each.reason), []).append(each)
    return [
        (f"{format_count(len(alike))} × {alike[0].subject} ..." if len(alike) > 1 else alike[0].subject, what, reason)
        for (what, reason), alike in groups.items()
    ]


def text_card(difference: Difference) -> str:
    """Return a difference as text: the headline, a line a change, and what cannot be told."""
    lines = [f"{_title(difference)}: {headline(difference)}"]
    if difference.changes:
        lines += ["", text_table(_HEADER, map(_row, difference.changes))]
    rows = unknown_rows(difference.unknowns)
    if rows:
        lines += ["", "cannot be told:", text_table((), rows[:_MOST_UNKNOWN])]
        lines += [f"... and {len(rows) - _MOST_UNKNOWN} more"] if len(rows) > _MOST_UNKNOWN else []
    return "\n".join(lines)


def _title(difference: Difference) -> str:
    before, after = difference.old.name or "old", difference.new.name or "new"
    return f"{before} → {after}" if before != after else before


def html_card(difference: Difference) -> str:
    """Return a difference as a card: headline, picture, the worst changes; the rest is folded."""
    changes, parts = difference.changes, []
    if changes:
        picture = difference.picture
        parts.append(figure(picture.svg, picture.shown.summary, width=int(picture.width)))
        parts.append(_table(changes[:_MOST_IN_A_CARD]))
    if len(changes) > _MOST_IN_A_CARD:
        parts.append(details(f"{len(changes) - _MOST_IN_A_CARD} more changes", _table(changes[_MOST_IN_A_CARD:])))
    if difference.unknowns:
        rows = html_table(("what", "property", "why it cannot be told"), unknown_rows(difference.unknowns))
        parts.append(details(f"{len(difference.unknowns)} cannot be told", rows, opened=not changes))
    return card(f"{_title(difference)}: {headline(difference)}", *parts)


def _table(changes: Sequence[Change]) -> str:
    return html_table(_HEADER, map(_row, changes))
