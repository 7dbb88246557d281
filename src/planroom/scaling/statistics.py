"""What PostgreSQL's planner knows of the rows of a database, as values: the input of plans without data.

The names and meanings are the server's own (``pg_class``, ``pg_stats``, ``pg_stats_ext``). Values of rows appear in
``common_values``, ``histogram``, ``common_elements``, ``range_bounds`` and in the ends of keys: whoever stores or
shows statistics asks `planroom.scaling.privacy` first.
"""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.display import Displayable
from planroom.sqltext import qualified
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike
    from pathlib import Path

    from planroom.model import ObjectId

__all__ = ["Assumption", "ColumnStatistics", "ExtendedData", "RelationStatistics", "Statistics", "unsigned_pages"]


def unsigned_pages(pages: int) -> int:
    """Return a number of pages from the catalog's integer, which wraps round above 2^31; -1, of no pages, stays.

    Example:
        >>> unsigned_pages(-2), unsigned_pages(-1)
        (4294967294, -1)
    """
    return pages + (1 << 32) if pages < -1 else pages


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationStatistics:
    """The size of a table, materialised view or index.

    Attributes:
        schema: Its schema.
        name: Its name.
        pages: Blocks of 8 KiB; of a partitioned table, 0 or -1.
        rows: Rows of a table, entries of an index; -1 where it was never counted.
        all_visible: Pages whose rows every transaction sees, so that an index-only scan need not look there.
        table: Of an index, the name of its table in the same schema; empty for a table.
        method: Of an index, its access method.
        height: Of a B-tree, the levels above its leaves; None where it was not asked for.
        counts: Of GIN, what its first page counts: pages of entries waiting, all pages, pages of keys, pages of rows,
            and keys; None where it was not asked for.
        definition: Of an index, its CREATE INDEX as the server writes it.
    """

    schema: str
    name: str
    pages: int
    rows: float
    all_visible: int = 0
    table: str = ""
    method: str = ""
    height: int | None = None
    counts: tuple[float, ...] | None = None
    definition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnStatistics:
    """What ANALYZE found in a column, or in an expression of an index; None is what it did not gather.

    Attributes:
        schema: The table's schema.
        table: The table, or the index or CREATE STATISTICS whose expression this is.
        column: The column; of an index's expression, the name that the server gave it, of one of CREATE STATISTICS,
            the expression as the server writes it.
        inherited: Over the table and all that inherit from it, as for a partitioned table.
        null_fraction: Share of NULL, in [0, 1].
        width: Mean bytes of a value.
        distinct: Different values; negative, minus their share of the rows; 0 is not known.
        common_values: The most common values, as text.
        common_frequencies: Their shares of the rows.
        histogram: The bounds of equal parts of the other values, as text.
        correlation: Between the order of values and that of rows, in [-1, 1].
        common_elements: Of arrays and text search vectors, the most common elements.
        common_element_frequencies: Their shares of the rows, and the least, the greatest and perhaps that of NULL.
        element_counts: The histogram of different elements a value, and their mean at its end.
        range_lengths: Of ranges, the histogram of lengths.
        empty_fraction: Of ranges, the share that is empty.
        range_bounds: Of ranges, the histogram of bounds.
        ends: The least and the greatest value of an indexed column, as they are; None where no index was asked.
    """

    schema: str
    table: str
    column: str
    inherited: bool = False
    null_fraction: float = 0.0
    width: int = 4
    distinct: float = 0.0
    common_values: tuple[str, ...] | None = None
    common_frequencies: tuple[float, ...] | None = None
    histogram: tuple[str, ...] | None = None
    correlation: float | None = None
    common_elements: tuple[str, ...] | None = None
    common_element_frequencies: tuple[float, ...] | None = None
    element_counts: tuple[float, ...] | None = None
    range_lengths: tuple[str, ...] | None = None
    empty_fraction: float | None = None
    range_bounds: tuple[str, ...] | None = None
    ends: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedData:
    """What ANALYZE found for one CREATE STATISTICS.

    Attributes:
        schema: The statistics object's schema.
        name: Its name.
        inherited: Over the table and all that inherit from it.
        distinct: Different values of groups of columns: the attribute numbers and how many.
        dependencies: Functional dependencies: the attribute numbers, the last the dependent one, and the degree.
        common: The multi-column list of most common values as the server stores it, in hexadecimal; it holds values
            and type numbers, so it suits the same major version and built-in types alone.
    """

    schema: str
    name: str
    inherited: bool = False
    distinct: tuple[tuple[tuple[int, ...], float], ...] | None = None
    dependencies: tuple[tuple[tuple[int, ...], float], ...] | None = None
    common: str | None = None


@dataclass(frozen=True, slots=True)
class Assumption:
    """What was taken for true because nothing said otherwise, or a rule that was applied.

    Attributes:
        subject: The table or column that it is about.
        text: In words, such as ``values follow the order of the rows``.
        source: ``declared``, ``rule`` or ``default``.
    """

    subject: str
    text: str
    source: str = "default"


@dataclass(frozen=True, kw_only=True)
class Statistics(Displayable):
    """The statistics of a database.

    Attributes:
        relations: Tables, materialised views and indexes, sorted by schema and name.
        columns: Sorted by schema, table, column and ``inherited``.
        extended: Sorted by schema, name and ``inherited``.
        settings: The settings that bear on plans and differ from the server's defaults, by name.
        version: The server's version as a number, such as 180006; 0 where no server gave them.
        source: Where they are from: a URL without its password, a file, or ``declared``.
        assumptions: What a reader of a plan has to know about them.
        left_out: Columns whose values were left out or replaced, by id, with the reason.
    """

    relations: tuple[RelationStatistics, ...] = ()
    columns: tuple[ColumnStatistics, ...] = ()
    extended: tuple[ExtendedData, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    source: str = ""
    assumptions: tuple[Assumption, ...] = ()
    left_out: tuple[tuple[ObjectId, str], ...] = ()

    @cached_property
    def by_relation(self) -> Mapping[tuple[str, str], RelationStatistics]:
        """The relations, by schema and name."""
        return {(each.schema, each.name): each for each in self.relations}

    @cached_property
    def by_id(self) -> Mapping[ObjectId, RelationStatistics]:
        """The relations, by the id that a model has for tables."""
        return {qualified(each.schema, each.name): each for each in self.relations}

    @cached_property
    def by_column(self) -> Mapping[tuple[str, str, str, bool], ColumnStatistics]:
        """The columns, by schema, table, column and ``inherited``."""
        return {(each.schema, each.table, each.column, each.inherited): each for each in self.columns}

    def save(self, path: str | PathLike[str]) -> Path:
        """Write them as a ``.json`` file, whole or not at all, and return its path.

        Raises:
            UnknownNameError: The name ends in something else.
            SourceError: The file cannot be written.
        """
        from planroom.files import write_form
        from planroom.scaling.storing import statistics_text

        return write_form(path, {".json": lambda: statistics_text(self)}, what="form of statistics")

    def __str__(self) -> str:
        from planroom.scaling.card import text_card

        return text_card(self)

    def __repr__(self) -> str:
        from planroom.scaling.card import headline

        return f"<Statistics of {headline(self)}>"

    def _html(self) -> str:
        from planroom.scaling.card import html_card

        return html_card(self)
