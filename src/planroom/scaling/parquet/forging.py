"""A footer at another size: the counts of a larger table, and the least and greatest values that it would have.

DuckDB's planner reads of a Parquet file the number of rows, and of each column its least and greatest value and whether
it holds NULL. The span of whole numbers stands for how many different ones there are, so of all statistics the
greatest value of a key matters most.

Source: DuckDB, src/optimizer/join_order/relation_statistics_helper.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.scaling.parquet.compact import Field, Items, Kind, Struct
from planroom.scaling.parquet.ends import is_counted, number_of, stored
from planroom.scaling.parquet.footer import Footer
from planroom.scaling.parquet.merging import GREATEST, LEAST, NULLS, end_of, merged_chunks
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.scaling.parquet.footer import Chunk, Element

__all__ = ["AS_IT_IS", "ROW_GROUP_ROWS", "Change", "forged", "row_groups_of"]

ROW_GROUP_ROWS = 122_880
"""The rows of a row group, as DuckDB writes them by default (ROW_GROUP_SIZE)."""

_NOWHERE = 1 << 50  # where the values would begin: behind the end of any file, so that a scan fails at once
_DISTINCT, _EXACT = 4, (7, 8)  # Statistics: distinct_count, is_max_value_exact and is_min_value_exact
_VALUES, _SIZES, _DATA_PAGE, _STATISTICS = 5, (6, 7), 9, 12  # ColumnMetaData
_KEPT = {1, 2, 3, 4, 5, 6, 7}  # type, encodings, path, codec, and the counts
_OF_THE_FILE = (1, 2, 6, 7)  # version, schema, created_by, column_orders


@dataclass(frozen=True, slots=True)
class Change:
    """How a column changes with the size of its table.

    Attributes:
        factor: How many times as many values a key has; only whole numbers are counted on.
        ends: Whether its least and greatest value stay; those of personal data do not.
        null_fraction: The share of NULL, in [0, 1]; None for as it was.
        says_nulls: Whether anything is said about NULL: without a count, a planner reckons with some.
    """

    factor: float = 1.0
    ends: bool = True
    null_fraction: float | None = None
    says_nulls: bool = True


AS_IT_IS = Change()
"""A column whose values stay."""


def row_groups_of(rows: float) -> int:
    """Return in how many row groups a real file would hold so many rows.

    Example:
        >>> row_groups_of(0), row_groups_of(122_881)
        (0, 2)
    """
    return int(-(-rows // ROW_GROUP_ROWS))


def forged(footer: Footer, rows: int, changes: Mapping[str, Change] | None = None) -> tuple[Footer, tuple[str, ...]]:
    """Return the footer of a file with so many rows, and the columns whose type could not hold so many keys.

    All row groups become one: a planner reads the same of both, and ten billion rows have 80,000. Values are nowhere;
    what else the file said of them (indexes, bloom filters, metadata of other programs) is left out.

    Args:
        footer: What to start from; it may be of a file of two rows, which hold the least and the greatest values.
        rows: How many rows there are to be, >= 0.
        changes: How columns change, by the name of the topmost column; others keep their values.

    Raises:
        SourceError: The footer contradicts itself.
    """
    told = changes or {}
    factor = rows / footer.rows if footer.rows else 0.0
    cut: dict[str, None] = {}
    chunks = []
    for each in merged_chunks(footer):
        change = told.get(each.path[0], AS_IT_IS)
        values = rows if len(each.path) == 1 else _times(each.data, _VALUES, factor)
        statistics, was_cut = _statistics(each, footer.leaves[each.path], change, values, factor)
        cut |= {each.path[0]: None} if was_cut else {}
        chunks.append(_chunk(each, statistics, values, factor))
    return Footer(_metadata(footer, chunks, rows), footer.source), tuple(cut)


def _times(owner: Struct, number: int, factor: float) -> int:
    found = owner.get(number)
    return round(found * factor) if isinstance(found, int) else 0


# -- statistics --------------------------------------------------------------------------------------------------------


def _statistics(chunk: Chunk, element: Element, change: Change, values: int, factor: float) -> tuple[Struct, bool]:
    """Return the statistics of a column at its new size, and whether its greatest value had to be cut."""
    found = chunk.statistics.without({NULLS, _DISTINCT})
    nulls = _nulls(chunk, change, values, factor)
    if nulls is not None:
        found = found.having({NULLS: Field(Kind.I64, nulls)})
    if not change.ends or values == 0:
        return found.without({*GREATEST, *LEAST, *_EXACT}), False
    if change.factor == 1.0 or len(chunk.path) > 1 or not is_counted(element):
        return found, False
    return _stretched(found, element, change.factor)


def _nulls(chunk: Chunk, change: Change, values: int, factor: float) -> int | None:
    if not change.says_nulls:
        return None
    if change.null_fraction is not None and len(chunk.path) == 1:
        return min(values, round(values * change.null_fraction))
    known = chunk.statistics.get(NULLS)
    if not isinstance(known, int):
        return None
    return min(values, max(round(known * factor), min(known, 1)))  # one NULL is enough for a plan to look for it


def _stretched(statistics: Struct, element: Element, factor: float) -> tuple[Struct, bool]:
    """Return the statistics of a key that counts ``factor`` times as many values, from its least one on."""
    low, high = end_of(statistics, LEAST), end_of(statistics, GREATEST)
    least = None if low is None else number_of(element, low)
    greatest = None if high is None else number_of(element, high)
    if least is None or greatest is None or high is None:
        return statistics, False
    wanted = least + round((greatest - least + 1) * factor) - 1
    end, was_cut = stored(element, max(wanted, least), high)
    there = [number for number in GREATEST if number in statistics]
    return statistics.having({number: Field(Kind.BINARY, end) for number in there}), was_cut


# -- the file ----------------------------------------------------------------------------------------------------------


def _chunk(chunk: Chunk, statistics: Struct, values: int, factor: float) -> Struct:
    kept = Struct({number: each for number, each in chunk.data.fields.items() if number in _KEPT})
    changed = {number: Field(Kind.I64, _times(chunk.data, number, factor)) for number in _SIZES}
    changed |= {_VALUES: Field(Kind.I64, values), _DATA_PAGE: Field(Kind.I64, _NOWHERE)}
    changed |= {_STATISTICS: Field(Kind.STRUCT, statistics)} if statistics.fields else {}
    return Struct({2: Field(Kind.I64, 0), 3: Field(Kind.STRUCT, kept.having(changed))})


def _metadata(footer: Footer, chunks: Sequence[Struct], rows: int) -> Struct:
    sizes = [data.get(6) for chunk in chunks if isinstance(data := chunk.get(3), Struct)]
    group = Struct(
        {
            1: Field(Kind.LIST, Items(Kind.STRUCT, tuple(chunks))),
            2: Field(Kind.I64, sum(each for each in sizes if isinstance(each, int))),
            3: Field(Kind.I64, rows),
        }
    )
    kept = {number: each for number, each in footer.metadata.fields.items() if number in _OF_THE_FILE}
    groups = Field(Kind.LIST, Items(Kind.STRUCT, (group,)))
    return Struct(kept).having({3: Field(Kind.I64, rows), 4: groups})
