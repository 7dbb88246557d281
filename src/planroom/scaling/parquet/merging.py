"""All row groups of a footer as one: sums of what adds up, and the ends of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.scaling.parquet.compact import Field, Items, Kind, Struct
from planroom.scaling.parquet.ends import is_counted, number_of, order_of
from planroom.scaling.parquet.footer import Chunk, Footer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planroom.scaling.parquet.footer import Element

__all__ = ["GREATEST", "LEAST", "NULLS", "counted_ends", "end_of", "merged_chunks", "text_widths"]

GREATEST, LEAST = (1, 5), (2, 6)
"""The fields of Statistics that hold the greatest and the least value: the older one and the newer."""

NULLS = 3
"""The field of Statistics that holds the number of NULLs."""

_SUMS = (5, 6, 7)  # ColumnMetaData: num_values, total_uncompressed_size, total_compressed_size
_SIZE_STATISTICS = 16  # ColumnMetaData.size_statistics, of which 1 is unencoded_byte_array_data_bytes


def merged_chunks(footer: Footer) -> tuple[Chunk, ...]:
    """Return one chunk for each column, in the order of the file.

    Raises:
        SourceError: The footer contradicts itself.
    """
    groups = [footer.chunks(group) for group in footer.row_groups]
    if not groups:
        return tuple(_empty(element) for element in footer.leaves.values())
    return tuple(_merged(parts, footer.leaves[parts[0].path]) for parts in zip(*groups, strict=True))


def counted_ends(footer: Footer) -> dict[str, tuple[int, int]]:
    """Return the least and the greatest value of each column of whole numbers that has them, by the column's name."""
    found = {}
    for chunk in merged_chunks(footer):
        element = footer.leaves[chunk.path]
        low, high = end_of(chunk.statistics, LEAST), end_of(chunk.statistics, GREATEST)
        if len(chunk.path) == 1 and is_counted(element) and low is not None and high is not None:
            least, greatest = number_of(element, low), number_of(element, high)
            if least is not None and greatest is not None:
                found[element.name] = (least, greatest)
    return found


def end_of(statistics: Struct, numbers: tuple[int, int]) -> bytes | None:
    """Return the stored least or greatest value; the newer field goes before the older."""
    for number in reversed(numbers):
        found = statistics.get(number)
        if isinstance(found, bytes):
            return found
    return None


def _empty(element: Element) -> Chunk:
    """Return the chunk of a column in a file that has no row group."""
    names = Items(Kind.BINARY, tuple(name.encode() for name in element.path))
    fields = {1: Field(Kind.I32, element.physical or 0), 2: Field(Kind.LIST, Items(Kind.I32, (0,)))}
    fields |= {3: Field(Kind.LIST, names), 4: Field(Kind.I32, 0)}
    return Chunk(element.path, Struct(fields | {number: Field(Kind.I64, 0) for number in _SUMS}), Struct({}))


def _merged(parts: Sequence[Chunk], element: Element) -> Chunk:
    first, statistics = parts[0], [part.statistics for part in parts]
    sums = {number: Field(Kind.I64, _sum((part.data for part in parts), number) or 0) for number in _SUMS}
    data = first.data.having(sums)
    if len(parts) == 1:
        return Chunk(first.path, data, first.statistics)
    nulls = _sum(statistics, NULLS)
    fields = {} if nulls is None else {NULLS: Field(Kind.I64, nulls)}
    fields |= _outermost(statistics, GREATEST, element, max) | _outermost(statistics, LEAST, element, min)
    return Chunk(first.path, data, Struct(dict(sorted(fields.items()))))


def _sum(owners: Iterable[Struct], number: int) -> int | None:
    """Return the sum of a field; None where one does not say."""
    found = [owner.get(number) for owner in owners]
    known = [each for each in found if isinstance(each, int)]
    return sum(known) if len(known) == len(found) else None


def _outermost(
    statistics: Iterable[Struct],
    numbers: tuple[int, int],
    element: Element,
    pick: Callable[..., tuple[object, bytes]],
) -> dict[int, Field]:
    """Return the fields of the greatest or least value of all; none where one does not say, or nothing orders them."""
    order, ends = order_of(element), [end_of(each, numbers) for each in statistics]
    known = [] if order is None else [(order(each), each) for each in ends if each is not None]
    if not known or len(known) < len(ends) or any(value is None for value, _ in known):
        return {}
    outermost = pick(known, key=lambda each: each[0])[1]
    return {number: Field(Kind.BINARY, outermost) for number in numbers}


def text_widths(footer: Footer) -> tuple[tuple[str, float], ...]:
    """Return the mean bytes of texts, of columns whose writer told them (SizeStatistics), by the column's name."""
    totals: dict[str, tuple[int, int]] = {}
    unsaid: set[str] = set()
    for group in footer.row_groups:
        for chunk in footer.chunks(group):
            sizes, values = chunk.data.get(_SIZE_STATISTICS), chunk.data.get(_SUMS[0])
            raw = sizes.get(1) if isinstance(sizes, Struct) else None
            name = chunk.path[0]
            if len(chunk.path) > 1 or not isinstance(raw, int) or not isinstance(values, int):
                unsaid.add(name)
                continue
            before = totals.get(name, (0, 0))
            totals[name] = (before[0] + raw, before[1] + values)
    return tuple((name, raw / values) for name, (raw, values) in totals.items() if values and name not in unsaid)
