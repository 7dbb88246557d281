"""The answer to a statement: values as data, and as a table that looks the same everywhere."""

from __future__ import annotations

import datetime
import json
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, overload

from planroom.display import Displayable, Muted, Table
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Rows", "render"]

SHOWN_ROWS = 50  # a table on one screen; the rest is in the object
SHOWN_COLUMNS = 30  # a line that still can be read
SHOWN_CHARACTERS = 200  # of one cell
_CUT = "…"


@dataclass(frozen=True)
class Rows(Displayable):
    """What a statement answered.

    Attributes:
        columns: The column names, in order; empty for a statement that answers no rows.
        rows: The values, a tuple a row; NULL is None.
        truncated: Whether the engine had more rows than were asked for.
        status: What the engine did, in its own words, such as ``INSERT 0 3``.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool = False
    status: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return iter(self.rows)

    @overload
    def __getitem__(self, position: int) -> tuple[object, ...]: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[tuple[object, ...], ...]: ...
    def __getitem__(self, position: int | slice) -> tuple[object, ...] | tuple[tuple[object, ...], ...]:
        return self.rows[position]

    def scalar(self) -> object:
        """Return the first value of the first row, or None when there is none."""
        return self.rows[0][0] if self.rows and self.rows[0] else None

    def column(self, name: str) -> tuple[object, ...]:
        """Return the values of the column called ``name``, in row order.

        Raises:
            KeyError: No column bears that name.
        """
        if name not in self.columns:
            raise KeyError(name)
        position = self.columns.index(name)
        return tuple(row[position] for row in self.rows)

    def table(self) -> Table:
        """Return the rows as a table of rendered cells, cut to one screen, and say so."""
        values = tuple(row[:SHOWN_COLUMNS] for row in self.rows[:SHOWN_ROWS])
        shown = tuple(tuple(_cell(value) for value in row) for row in values)
        columns = self.columns[:SHOWN_COLUMNS]
        cut = any(cell.endswith(_CUT) and len(cell) == SHOWN_CHARACTERS for row in shown for cell in row)
        caption = "; ".join((self._caption(), *self._left_out(cut=cut)))
        return Table(columns, shown, numeric=_numeric(self.rows, len(columns)), caption=caption)

    def _caption(self) -> str:
        count = len(self.rows)
        noun = "row" if count == 1 else "rows"
        if self.truncated:
            first = f"the first {format_count(min(count, SHOWN_ROWS))} shown; " if count > SHOWN_ROWS else ""
            return f"{first}cut off after {format_count(count)} {noun}: the answer has more"
        if count > SHOWN_ROWS:
            return f"{format_count(count)} {noun}, the first {SHOWN_ROWS} shown"
        return f"{format_count(count)} {noun}"

    def _left_out(self, *, cut: bool) -> Iterator[str]:
        if len(self.columns) > SHOWN_COLUMNS:
            yield f"the first {SHOWN_COLUMNS} of {format_count(len(self.columns))} columns shown"
        if cut:
            yield f"long values cut after {SHOWN_CHARACTERS - 1} characters"

    def __str__(self) -> str:
        return str(self.table()) if self.columns else self.status or "no rows"

    def __repr__(self) -> str:
        return str(self)

    def _html(self) -> str:
        return self.table()._repr_mimebundle_()["text/html"] if self.columns else ""


def render(value: object) -> str:
    r"""Return one value as text: the same on every machine, NULL as ``NULL``.

    Example:
        >>> render(None), render(True), render(b"\\x01"), render([1, None])
        ('NULL', 'true', '\\\\x01', '[1, null]')
    """
    match value:
        case None:
            return "NULL"
        case bool():
            return "true" if value else "false"
        case float():
            return _float(value)
        case Decimal():
            return format(value, "f")
        case bytes() | bytearray() | memoryview():
            return "\\x" + bytes(value).hex()
        case datetime.datetime():
            return value.isoformat(sep=" ")
        case list() | tuple() | dict():
            return json.dumps(_plain(value), ensure_ascii=False)
    return str(value)


def _plain(value: object) -> object:
    """Return a nested value with nothing in it but what JSON knows."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
    return render(value)


def _float(value: float) -> str:
    """Return the shortest text that reads back as the same number, in SQL's spelling."""
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _cell(value: object) -> str:
    """Return a value on one line, cut when it is long; a text that reads like NULL has quotes."""
    if value is None:
        return Muted(render(value))
    if value == "NULL":
        return "'NULL'"
    text = "".join(_visible(character) for character in render(value)[: SHOWN_CHARACTERS + 1])
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + _CUT


def _visible(character: str) -> str:
    """Return a control character as its escape, so that it cannot break the table's lines."""
    return character if character.isprintable() or character == " " else repr(character)[1:-1]


def _numeric(rows: Sequence[tuple[object, ...]], width: int) -> frozenset[int]:
    def is_number(value: object) -> bool:
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)

    def column(position: int) -> list[object]:
        return [row[position] for row in rows if row[position] is not None]

    return frozenset(position for position in range(width) if (v := column(position)) and all(map(is_number, v)))
