"""What statistics show of themselves: how much is known, of what, and what was left out; no value of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import card, details, html_table, text_table
from planroom.quantities import format_bytes, format_count

if TYPE_CHECKING:
    from planroom.scaling.statistics import RelationStatistics, Statistics

__all__ = ["headline", "html_card", "text_card"]

_SHOWN = 12
_PAGE_BYTES = 8192
_HEADER = ("table", "rows", "size", "indexes", "columns known")
_NUMERIC = {1, 2, 3, 4}


def headline(statistics: Statistics) -> str:
    """Return the one line that answers how much is known, and of what."""
    tables = sum(not each.table for each in statistics.relations)
    size = format_bytes(sum(max(each.pages, 0) for each in statistics.relations) * _PAGE_BYTES)
    parts = [statistics.source or "no source", _version(statistics.version)]
    parts += [_counted(tables, "table", "tables"), _counted(len(statistics.relations) - tables, "index", "indexes")]
    parts += [size, f"{_counted(len(statistics.columns), 'column', 'columns')} known"]
    parts += [f"{len(statistics.left_out)} with personal data"] if statistics.left_out else []
    return " · ".join(each for each in parts if each)


def _version(number: int) -> str:
    return f"PostgreSQL {number // 10_000}.{number % 10_000}" if number else ""


def _counted(count: int, singular: str, plural: str) -> str:
    return f"{format_count(count)} {singular if count == 1 else plural}"


def _rows(statistics: Statistics) -> list[tuple[str, str, str, str, str]]:
    """Return the tables with what is known of them, the largest first."""
    from planroom.sqltext import qualified

    known: dict[tuple[str, str], set[str]] = {}
    for column in statistics.columns:
        known.setdefault((column.schema, column.table), set()).add(column.column)
    indexes: dict[tuple[str, str], int] = {}
    for each in statistics.relations:
        if each.table:
            indexes[each.schema, each.table] = indexes.get((each.schema, each.table), 0) + max(each.pages, 0)
    tables = sorted((each for each in statistics.relations if not each.table), key=_by_size)
    return [
        (
            qualified(each.schema, each.name),
            format_count(each.rows) if each.rows >= 0 else "never counted",
            format_bytes(max(each.pages, 0) * _PAGE_BYTES),
            format_bytes(indexes.get((each.schema, each.name), 0) * _PAGE_BYTES),
            format_count(len(known.get((each.schema, each.name), ()))),
        )
        for each in tables
    ]


def _by_size(relation: RelationStatistics) -> tuple[int, float, str, str]:
    return -relation.pages, -relation.rows, relation.schema, relation.name


def _notes(statistics: Statistics) -> list[tuple[str, tuple[str, ...], list[tuple[str, str]]]]:
    """Return what else is to be said: a title, a header and rows."""
    found = [
        ("Settings that differ from the server's defaults", ("setting", "value"), sorted(statistics.settings.items())),
        ("Personal data", ("column", "its values"), list(statistics.left_out)),
        ("To know", ("of", "what"), [(each.subject, each.text) for each in statistics.assumptions]),
    ]
    return [each for each in found if each[2]]


def text_card(statistics: Statistics) -> str:
    """Return statistics as text: the tables, the largest first, and what was left out or is to be known."""
    rows = _rows(statistics)
    parts = [f"statistics of {headline(statistics)}"]
    parts += [text_table(_HEADER, rows[:_SHOWN], numeric=_NUMERIC)] if rows else []
    parts += [f"... and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
    parts += [f"{title}:\n{text_table((), found)}" for title, _, found in _notes(statistics)]
    return "\n\n".join(parts)


def html_card(statistics: Statistics) -> str:
    """Return statistics as an HTML card."""
    rows = _rows(statistics)
    parts = [html_table(_HEADER, rows[:_SHOWN], numeric=_NUMERIC)] if rows else []
    if len(rows) > _SHOWN:
        parts.append(details(f"All {len(rows)} tables", html_table(_HEADER, rows, numeric=_NUMERIC)))
    parts += [details(title, html_table(header, found)) for title, header, found in _notes(statistics)]
    return card(f"Statistics of {headline(statistics)}", *parts)
