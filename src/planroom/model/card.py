"""What a model shows of itself: how much there is, where, and what could not be read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planroom.display import card, details, html_table, text_table
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.model.model import Model

__all__ = ["headline", "html_card", "text_card"]

_MANY = 12


def _counted(count: int, singular: str, plural: str = "") -> str:
    return f"{format_count(count)} {singular if count == 1 else plural or singular + 's'}"


def headline(model: Model) -> str:
    """Return the one line that answers how big the design is and whether all of it was read."""
    own = [table for table in model.tables if not table.partition_of]
    partitions = len(model.tables) - len(own)
    parts = [_counted(len(own), "table")]
    parts += [_counted(partitions, "partition")] if partitions else []
    parts += [_counted(len(model.relations), "relation")]
    parts += [_counted(len(model.views), "view")] if model.views else []
    parts += [_counted(len(model.contexts), "context")] if model.contexts else []
    parts += [_counted(len(model.findings), "finding")] if model.findings else []
    structural = sum(each.kind in {"structure", "broken"} for each in model.unread)
    parts += [f"{structural} unread"] if structural else []
    return " · ".join(parts)


def _areas(model: Model) -> list[tuple[str, str, str, str, str]]:
    """Return a row an area (context, else schema): name, tables, columns, views, expected rows."""
    tables = [table for table in model.tables if not table.partition_of]
    areas = sorted({each.annotations.context or each.schema for each in model.tables_and_views})
    rows = []
    for area in areas:
        mine = [table for table in tables if (table.annotations.context or table.schema) == area]
        views = [view for view in model.views if (view.annotations.context or view.schema) == area]
        expected = sum(table.annotations.rows or 0 for table in mine)
        columns = sum(len(table.columns) for table in mine)
        rows.append(
            (area, format_count(len(mine)), format_count(columns), format_count(len(views)),
             format_count(expected) if expected else "")
        )  # fmt: skip
    return rows


def _facts(model: Model) -> list[tuple[str, str]]:
    """Return the other kinds of objects that there are, with their numbers."""
    tables = model.tables
    numbers = {
        "indexes": sum(len(table.indexes) for table in tables) + sum(len(view.indexes) for view in model.views),
        "checks": sum(len(table.checks) for table in tables),
        "enums": len(model.enums),
        "domains": len(model.domains),
        "composite types": len(model.composite_types) + len(model.range_types),
        "sequences": len(model.sequences),
        "routines": len(model.routines),
        "triggers": sum(len(table.triggers) for table in tables) + sum(len(view.triggers) for view in model.views),
        "policies": sum(len(table.policies) for table in tables),
        "extensions": len(model.extensions),
    }
    return [(name, format_count(number)) for name, number in numbers.items() if number]


_HEADER = ("area", "tables", "columns", "views", "expected rows")


def _unread(model: Model) -> list[tuple[str, str, str]]:
    """Return a row for each group of like statements that were not read, the serious ones first."""
    order = {"broken": 0, "structure": 1}
    groups = Counter((each.kind, each.what, each.reason) for each in model.unread)
    first = {(each.kind, each.what, each.reason): str(each.location) for each in reversed(model.unread)}
    serious = sorted(groups, key=lambda group: (order.get(group[0], 2), group))
    return [(f"{groups[g]} × {g[1]}" if groups[g] > 1 else g[1], f"{g[0]}: {g[2]}", first[g]) for g in serious]


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
            f"not read: {len(model.unread)} statements",
            _limited(text_table((), unread[:_MANY]), len(unread)),
        ]
    return "\n".join(lines)


def _limited(text: str, count: int) -> str:
    return text if count <= _MANY else f"{text}\n... and {count - _MANY} more"


def html_card(model: Model) -> str:
    """Return the model as a card of at most one screen; the rest is folded."""
    parts = [html_table(_HEADER, _areas(model), numeric={1, 2, 3, 4})]
    facts = " · ".join(f"{number} {name}" for name, number in _facts(model))
    parts += [html_table((), [(facts,)])] if facts else []
    if model.findings:
        rows = [(finding.severity.glyph, finding.code, finding.message) for finding in model.findings]
        parts.append(details(f"{len(rows)} findings", html_table((), rows)))
    unread = _unread(model)
    if unread:
        serious = any(each.kind in {"structure", "broken"} for each in model.unread)
        table = html_table(("what", "why it is not in the model", "first at"), unread)
        parts.append(
            details(f"not read: {len(model.unread)} statements", table, opened=serious and len(unread) <= _MANY)
        )
    return card(f"{model.name or 'Model'}: {headline(model)}", *parts)
