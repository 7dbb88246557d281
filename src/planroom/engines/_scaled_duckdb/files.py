"""Forged tables of Parquet files of which there is no design: keys are told by their spans and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines._scaled_duckdb.forged_table import ForgedDatabase, ForgedTable
from planroom.errors import UnknownNameError
from planroom.scaling.parquet.forging import Change, forged
from planroom.scaling.parquet.keys import keys_by_name
from planroom.scaling.parquet.merging import counted_ends, text_widths
from planroom.scaling.parquet.personal import personal_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planroom.scaling.parquet.footer import Footer
    from planroom.scaling.parquet.keys import Keys

__all__ = ["grown_keys", "tables_of_files", "told_apart", "too_small"]


def tables_of_files(footers: Mapping[str, Footer], rows: Mapping[str, float]) -> ForgedDatabase:
    """Return the tables, in DuckDB's schema ``main``.

    Raises:
        UnknownNameError: Rows are asked of a table that is no file.
    """
    for name in rows:
        if name not in footers:
            raise UnknownNameError.of("table", name, footers)
    keys = keys_by_name(
        {name: counted_ends(footer) for name, footer in footers.items()},
        {name: footer.rows for name, footer in footers.items()},
    )
    factors = {name: rows.get(name, footer.rows) / footer.rows for name, footer in footers.items() if footer.rows}
    tables, notes, personal = [], [], []
    for name, footer in sorted(footers.items()):
        hidden = personal_in(footer)
        personal += [f"{name}.{column}" for column in hidden]
        changes = {
            column: Change(factors.get(keys.get((name, column), ("", ""))[0], 1.0), ends=column not in hidden)
            for column in footer.columns
        }
        made, cut = forged(footer, round(rows.get(name, footer.rows)), changes)
        notes += too_small(name, cut)
        columns = told_apart(footer.columns)
        tables.append(ForgedTable("main", name, columns, made, widths=text_widths(footer)))
    return ForgedDatabase(tuple(tables), notes=(*grown_keys(keys, factors), *_hidden(personal), *notes))


def _hidden(columns: list[str]) -> list[str]:
    told = "The least and greatest values are left out of what looks like personal data, as no design says what it is"
    return [f"{told}: {', '.join(columns)}."] if columns else []


def grown_keys(keys: Keys, factors: Mapping[str, float]) -> list[str]:
    """Return what is to be said of columns that were taken for keys."""
    grown: dict[str, list[str]] = {}
    for (table, column), (owner, _) in keys.items():
        if factors.get(owner, 1.0) != 1.0:
            grown.setdefault(owner, []).append(f"{table}.{column}")
    return [f"Taken for keys that count the rows of {owner}: {', '.join(each)}." for owner, each in grown.items()]


def too_small(table: str, columns: Iterable[str]) -> list[str]:
    """Return what is to be said of keys whose type cannot count so many rows."""
    return [f"{table}.{column} ends at the greatest value of its type, before so many rows." for column in columns]


def told_apart(columns: Iterable[str]) -> tuple[str, ...]:
    """Return names that DuckDB tells apart, as it does itself for files whose columns differ in case alone.

    Example:
        >>> told_apart(["id", "ID", "name"])
        ('id', 'ID_1', 'name')
    """
    taken: set[str] = set()
    found = []
    for column in columns:
        name, number = column, 0
        while name.casefold() in taken:
            number += 1
            name = f"{column}_{number}"
        taken.add(name.casefold())
        found.append(name)
    return tuple(found)
