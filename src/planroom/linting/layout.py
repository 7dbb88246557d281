"""How the columns of a table lie in a row: the bytes between them, and the order that needs the fewest.

Source: PostgreSQL manual, "Database Page Layout"; ``heap_form_tuple`` and ``att_align_nominal`` in its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.linting.types import Types
    from planroom.model import Table

__all__ = ["Slot", "best_order", "data_bytes", "slots_of", "wasted_bytes"]

_ALIGNMENT = 8  # MAXALIGN of every 64-bit platform: what a row begins and ends at


@dataclass(frozen=True, slots=True)
class Slot:
    """A column in a row.

    Attributes:
        length: Its bytes; -1 where they vary. A value of at most 126 bytes of such a type has a header of one byte and
            is not aligned.
        alignment: The multiple at which it begins.
    """

    name: str
    length: int
    alignment: int


def slots_of(table: Table, types: Types) -> tuple[Slot, ...] | None:
    """Return the columns that take room in a row, in their order; None where the layout of a type is not known."""
    slots = []
    for column in table.columns:
        if column.generated and not column.generated.stored:
            continue
        storage = types.storage(column.type)
        if storage is None:
            return None
        slots.append(Slot(column.name, storage.length, storage.alignment))
    return tuple(slots)


def data_bytes(slots: Sequence[Slot], widths: Mapping[str, int]) -> int:
    """Return the bytes of the data of a row without NULLs, from the end of its header.

    Args:
        slots: The columns, in order.
        widths: The stored size of each column that varies, with its header of one byte.
    """
    offset = 0
    for slot in slots:
        if slot.length < 0:
            offset += widths[slot.name]
        else:
            offset += -offset % slot.alignment + slot.length
    return offset


def best_order(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return the columns so that none has to wait for its alignment: wide before narrow, what varies at the end.

    Where a value ends off the alignment of the next, as one of 12 bytes does, the widest that fits there follows it.
    """
    rest = sorted((slot for slot in slots if slot.length >= 0), key=_widest_first)
    order: list[Slot] = []
    offset = 0
    while rest:
        following = next((slot for slot in rest if offset % slot.alignment == 0), rest[0])
        rest.remove(following)
        order.append(following)
        offset += -offset % following.alignment + following.length
    return (*order, *(slot for slot in slots if slot.length < 0))


def _widest_first(slot: Slot) -> tuple[int, bool]:
    return -slot.alignment, slot.length % slot.alignment != 0


def wasted_bytes(slots: Sequence[Slot]) -> float:
    """Return how many bytes of a row another order of its columns would save, on average.

    No column is NULL, and values that vary are short and of any length alike; without such columns it is exact, with
    the row rounded up to what the next one begins at.
    """
    best = best_order(slots)
    if any(slot.length < 0 for slot in slots):
        return _expected_padding(slots) - _expected_padding(best)
    return float(_rounded(data_bytes(slots, {})) - _rounded(data_bytes(best, {})))


def _rounded(size: int) -> int:
    return size + -size % _ALIGNMENT


def _expected_padding(slots: Sequence[Slot]) -> float:
    """Return the mean bytes between columns; after a value that varies, each offset is equally likely."""
    chance = [1.0, *([0.0] * (_ALIGNMENT - 1))]
    padding = 0.0
    for slot in slots:
        if slot.length < 0:
            chance = [1 / _ALIGNMENT] * _ALIGNMENT
            continue
        moved = [0.0] * _ALIGNMENT
        for offset, share in enumerate(chance):
            gap = -offset % slot.alignment
            padding += gap * share
            moved[(offset + gap + slot.length) % _ALIGNMENT] += share
        chance = moved
    return padding
