"""What a model shows of itself: how much there is, where, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import caption_line, card, details, html_table, text_table
from planroom.model.summary import areas, counts
from planroom.quantities import counted, format_count

if TYPE_CHECKING:
    from planroom.model.model import Model
    from planroom.model.schemas import Unread

__all__ = ["headline", "html_card", "text_card"]

_MANY = 12


def headline(model: Model) -> str:
    """Return the one line that answers how big the design is and whether all of it was read."""
    number = counts(model)
    parts = [counted(number["tables"], "table")]
    parts += [counted(number["partitions"], "partition")] if number["partitions"] else []
    parts += [counted(number["relations"], "relation")]
    parts += [counted(number["views"], "view")] if number["views"] else []
    parts += [counted(number["contexts"], "context")] if number["contexts"] else []
    parts += [counted(len(model.findings), "finding")] if model.findings else []
    structural = sum(each.kind in _SERIOUS for each in model.unread)
    parts += [f"{structural} unread"] if structural else []
    return " · ".join(parts)


def _areas(model: Model) -> list[tuple[str, str, str, str, str]]:
    """Return a row an area (context, else schema): name, tables, columns, views, expected rows."""
    return [
        (each.name, format_count(each.tables), format_count(each.columns), format_count(each.views),
         format_count(each.rows) if each.rows else "")
        for each in areas(model)
    ]  # fmt: skip


_IN_HEADLINE = {"tables", "partitions", "relations", "views", "contexts", "columns"}


def _facts(model: Model) -> list[tuple[str, str]]:
    """Return the other kinds of objects that there are, with their numbers."""
    numbers = counts(model).items()
    return [
        ((name if number > 1 else _ONE.get(name, name.removesuffix("s"))).replace("_", " "), format_count(number))
        for name, number in numbers
        if number and name not in _IN_HEADLINE
    ]


_ONE = {"indexes": "index", "policies": "policy"}
_HEADER = ("area", "tables", "columns", "views", "expected rows")


_SERIOUS = {"broken": 0, "structure": 1}


def _unread(model: Model) -> list[tuple[str, str, str]]:
    """Return a row for each group of like statements that were not read.

    The serious ones come first and stand apart by their reason; of the others one row a kind is enough.
    """
    groups: dict[tuple[str, ...], list[Unread]] = {}
    for each in model.unread:
        group = (each.kind, each.what, each.reason) if each.kind in _SERIOUS else (each.kind,)
        groups.setdefault(group, []).append(each)
    ordered = sorted(groups, key=lambda group: (_SERIOUS.get(group[0], 2), group))
    return [_group(groups[group]) for group in ordered]


def _group(alike: list[Unread]) -> tuple[str, str, str]:
    first, number = alike[0], len(alike)
    more = any(each.what != first.what for each in alike)
    what = f"{first.what}{' ...' if more else ''}"
    return (
        f"{format_count(number)} × {what}" if number > 1 else what,
        f"{first.kind}: {first.reason}",
        str(first.location),
    )


def text_card(model: Model) -> str:
    """Return the model as text: the headline, its areas, what it has besides, and what was not read."""
    lines = [f"{model.name or 'model'}: {headline(model)}"]
    areas = _areas(model)
    if areas:
        lines += ["", _limited(text_table(_HEADER, areas[:_MANY], numeric={1, 2, 3, 4}), len(areas))]
    facts = ", ".join(f"{number} {name}" for name, number in _facts(model))
    lines += ["", facts] if facts else []
    lines += [f"{finding}" for finding in model.findings[:_MANY]]
    unread = _unread(model)
    if unread:
        lines += [
            "",
            f"not read: {counted(len(model.unread), 'statement')}",
            _limited(text_table((), unread[:_MANY]), len(unread)),
        ]
    return "\n".join(lines)


def _limited(text: str, count: int) -> str:
    return text if count <= _MANY else f"{text}\n... and {count - _MANY} more"


def html_card(model: Model) -> str:
    """Return the model as a card of at most one screen; the rest is folded."""
    parts = [html_table(_HEADER, _areas(model), numeric={1, 2, 3, 4})]
    facts = " · ".join(f"{number} {name}" for name, number in _facts(model))
    parts += [caption_line("div", facts)] if facts else []
    if model.findings:
        rows = [(finding.severity.glyph, finding.code, finding.message) for finding in model.findings]
        parts.append(details(f"{len(rows)} findings", html_table((), rows)))
    unread = _unread(model)
    if unread:
        serious = any(each.kind in _SERIOUS for each in model.unread)
        number = counted(len(model.unread), "statement")
        table = html_table(("what", "why it is not in the model", "first at"), unread)
        parts.append(details(f"not read: {number}", table, opened=serious and len(unread) <= _MANY))
    return card(f"{model.name or 'Model'}: {headline(model)}", *parts)
