"""What a forged table is: a footer, and what goes beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.scaling.parquet.footer import file_of

if TYPE_CHECKING:
    from planroom.scaling.parquet.footer import Footer

__all__ = ["ForgedDatabase", "ForgedEnum", "ForgedTable", "ForgedView"]


@dataclass(frozen=True, slots=True)
class ForgedTable:
    """A table of which there is only the footer.

    Attributes:
        schema: Its schema in DuckDB.
        name: Its name.
        columns: Its columns, in the order of the footer.
        footer: All that there is of its Parquet file.
        distinct: How many different values a column would have, where its ends do not tell.
        widths: Mean bytes of the values of columns whose type has no fixed width, where they are known.
    """

    schema: str
    name: str
    columns: tuple[str, ...]
    footer: Footer
    distinct: tuple[tuple[str, int], ...] = ()
    widths: tuple[tuple[str, float], ...] = ()

    @property
    def rows(self) -> int:
        """The rows that it would have."""
        return self.footer.rows

    @property
    def file(self) -> bytes:
        """The file."""
        return file_of(self.footer)


@dataclass(frozen=True, slots=True)
class ForgedEnum:
    """An enum, so that queries may cast to it."""

    schema: str
    name: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForgedView:
    """A view of the design: the SELECT behind it."""

    schema: str
    name: str
    query: str


@dataclass(frozen=True)
class ForgedDatabase:
    """All that a scaled DuckDB is made of.

    Attributes:
        tables: The tables, sorted by schema and name.
        enums: The enums.
        views: The views, those that others read first.
        notes: What a reader of a plan has to know, in sentences.
    """

    tables: tuple[ForgedTable, ...]
    enums: tuple[ForgedEnum, ...] = ()
    views: tuple[ForgedView, ...] = ()
    notes: tuple[str, ...] = ()
