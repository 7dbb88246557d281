"""What a forged table is: a footer, and what goes beside it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ForgedDatabase", "ForgedEnum", "ForgedTable", "ForgedView"]


@dataclass(frozen=True, slots=True)
class ForgedTable:
    """A table of which there is only the footer.

    Attributes:
        schema: Its schema in DuckDB.
        name: Its name.
        columns: Its columns, in the order of the footer.
        file: The Parquet file, which is a footer alone.
        rows: The rows that it would have.
        distinct: How many different values a column would have, where its ends do not tell.
        widths: Mean bytes of the values of columns whose type has no fixed width, where they are known.
    """

    schema: str
    name: str
    columns: tuple[str, ...]
    file: bytes
    rows: int
    distinct: tuple[tuple[str, int], ...] = ()
    widths: tuple[tuple[str, float], ...] = ()


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
