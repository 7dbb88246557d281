"""Forged tables of a design, with what footers and statistics say of its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.engines._scaled_duckdb.files import grown_keys, told_apart, too_small
from planroom.engines._scaled_duckdb.folder import OwnFolder
from planroom.engines._scaled_duckdb.forged_table import ForgedDatabase, ForgedTable
from planroom.engines._scaled_duckdb.templates import templates
from planroom.scaling.parquet.forging import Change, forged
from planroom.scaling.parquet.keys import keys_by_name, keys_of
from planroom.scaling.parquet.known import known_of, relation_rows, whole_ends
from planroom.scaling.parquet.merging import counted_ends, text_widths
from planroom.scaling.parquet.personal import personal_in
from planroom.scaling.personal_columns import personal_columns
from planroom.scaling.volumes import volumes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.engines._scaled_duckdb.templates import Template, Templates
    from planroom.model import Model, ObjectId, Table
    from planroom.scaling.parquet.footer import Footer
    from planroom.scaling.parquet.keys import Keys
    from planroom.scaling.parquet.known import Known
    from planroom.scaling.personal_columns import PersonalColumns
    from planroom.scaling.statistics import Assumption, Statistics

__all__ = ["tables_of_design"]

_WHOLE = re.compile(r"U?(?:TINY|SMALL|BIG)?INT(?:EGER)?")
_NESTED = re.compile(r".*\]|STRUCT.*|MAP.*|UNION.*|VARIANT.*", re.DOTALL)
_TEXTS = frozenset({"VARCHAR", "BLOB", "JSON", "BIT"})
_MANY = 8


def tables_of_design(
    model: Model,
    asked: Mapping[ObjectId, float],
    footers: Mapping[str, Footer],
    statistics: Statistics | None,
    *,
    distinct: bool,
) -> ForgedDatabase:
    """Return the forged tables of a design; partitions are in the table that they are of.

    Raises:
        UnknownNameError: A footer is of no table of the design.
        StatementFailedError: DuckDB refuses the design.
        SourceError: A footer contradicts itself.
    """
    given = {model.table(name).id: footer for name, footer in footers.items()}
    known_rows = relation_rows(model, statistics) | {name: float(footer.rows) for name, footer in given.items()}
    rows, assumed = volumes(model, asked, known_rows)
    guessed = {} if any(each.foreign_keys for each in model.tables) else _guessed(model, given, statistics, known_rows)
    keys = guessed | keys_of(model)
    design = _Design(model, rows, known_rows, keys, guessed, personal_columns(model), statistics, given, distinct)
    tables = {each.id: each for each in model.tables if not each.partition_of}
    known = {name: known_of(model, table, rows, design.keys, statistics) for name, table in tables.items()}
    with OwnFolder() as folder:
        made = templates(model, _ends(design, tables, known), folder)
    return _database(design, tables, known, made, assumed)


@dataclass(frozen=True, slots=True)
class _Design:
    """A design at its new size.

    Attributes:
        rows: Rows of each table, as they are to be.
        known_rows: Rows of each table as they are, where that is known.
        keys: Which columns count rows.
        guessed: Those of them that are told by spans and names, as the design has no foreign key.
        personal: The columns with personal data.
    """

    model: Model
    rows: Mapping[ObjectId, float]
    known_rows: Mapping[ObjectId, float]
    keys: Keys
    guessed: Keys
    personal: PersonalColumns
    statistics: Statistics | None
    footers: Mapping[ObjectId, Footer]
    distinct: bool

    def key_factor(self, table: ObjectId, column: str) -> float:
        """Return how many times as many values a key has."""
        return self.factor(self.keys.get((table, column), ("", ""))[0])

    def factor(self, owner: ObjectId) -> float:
        """Return how many times as many rows a table has; 1 where that is not known."""
        before, after = self.known_rows.get(owner, 0.0), self.rows.get(owner, 0.0)
        return after / before if before > 0 and after > 0 else 1.0


def _guessed(
    model: Model, footers: Mapping[ObjectId, Footer], statistics: Statistics | None, rows: Mapping[ObjectId, float]
) -> Keys:
    """Return the columns that seem to be keys, of a design without foreign keys."""
    ends = {name: counted_ends(footer) for name, footer in footers.items()}
    if statistics is not None:
        told = {each.id: whole_ends(each, statistics) for each in model.tables if not each.partition_of}
        ends = {**told, **ends}
    return keys_by_name(ends, rows)


def _ends(
    design: _Design, tables: Mapping[ObjectId, Table], known: Mapping[ObjectId, Mapping[str, Known]]
) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Return the values that DuckDB is to write for each column."""
    return {
        (table.schema or "main", table.name, column): each.ends
        for name, table in tables.items()
        for column, each in known[name].items()
        if each.ends is not None and column not in design.personal.of(name)
    }


def _database(
    design: _Design,
    tables: Mapping[ObjectId, Table],
    known: Mapping[ObjectId, Mapping[str, Known]],
    made: Templates,
    assumed: tuple[Assumption, ...],
) -> ForgedDatabase:
    found, notes = [], [f"{each.subject}: {each.text}." for each in assumed]
    counted: list[str] = []
    for table in sorted(tables.values(), key=lambda each: (each.schema, each.name)):
        template = made.tables.get((table.schema or "main", table.name))
        if template is None:
            notes.append(f"{table.id} is not there: DuckDB cannot have such a table.")
            continue
        forged_one, cut = _forged(design, table, template, known[table.id])
        found.append(forged_one)
        notes += too_small(table.id, cut)
        if table.id not in design.footers:
            counted += [f"{table.id}.{name}" for name, each in known[table.id].items() if each.counted_from]
    notes += grown_keys(design.guessed, {name: design.factor(name) for name in design.rows})
    notes += _counted(counted)
    notes += _left_out(design)
    notes += _doubtful(design)
    return ForgedDatabase(tuple(found), made.enums, made.views, (*notes, *made.notes))


def _forged(
    design: _Design, table: Table, template: Template, known: Mapping[str, Known]
) -> tuple[ForgedTable, tuple[str, ...]]:
    given = design.footers.get(table.id)
    base = template.footer if given is None else given
    rows = round(design.rows[table.id])
    changes = {column: _change(design, table, column, known.get(column), given is None) for column in base.columns}
    made, cut = forged(base, rows, changes)
    types = dict(template.types)
    told = _distinct(design, known, types, set(counted_ends(made))) if rows else ()
    widths = dict(text_widths(base)) if given is not None else {}
    widths |= {name: each.width for name, each in known.items() if each.width is not None and types.get(name) in _TEXTS}
    columns = told_apart(base.columns)
    return (
        ForgedTable(template.schema, table.name, columns, made, told, tuple(sorted(widths.items()))),
        cut,
    )


def _change(design: _Design, table: Table, column: str, known: Known | None, is_template: bool) -> Change:
    personal = column in design.personal.of(table.id)
    made_up = is_template and known is not None and known.counted_from
    factor = 1.0 if made_up else design.key_factor(table.id, column)
    if not is_template:
        return Change(factor=factor, ends=not personal)
    share = None if known is None else known.null_fraction
    return Change(factor=factor, ends=not personal, null_fraction=share, says_nulls=share is not None)


def _distinct(
    design: _Design, known: Mapping[str, Known], types: Mapping[str, str], with_ends: set[str]
) -> tuple[tuple[str, int], ...]:
    """Return the distinct values that DuckDB is told beside the footer: in the stead of ends, or all that are known."""
    return tuple(
        (name, max(1, round(known[name].distinct or 0)))
        for name, kind in types.items()
        if name in known
        and known[name].distinct
        and not _NESTED.fullmatch(kind)
        and (design.distinct or (_WHOLE.fullmatch(kind) and name not in with_ends))
    )


# -- what is said ------------------------------------------------------------------------------------------------------


def _counted(columns: list[str]) -> Iterator[str]:
    if columns:
        named = ", ".join(columns[:_MANY]) + (f" and {len(columns) - _MANY} more" if len(columns) > _MANY else "")
        yield f"Keys count from their start on, without gaps: {named}."


def _left_out(design: _Design) -> Iterator[str]:
    names = [f"{table}.{column}" for table, column in design.personal.reasons if table in design.model.tables_by_id]
    if names:
        yield f"The least and greatest values of personal data are left out: {', '.join(names)}."


def _doubtful(design: _Design) -> Iterator[str]:
    """Yield that columns are named like personal data, and nothing says what they are; their values stay."""
    named = [
        f"{name}.{column}"
        for name, footer in sorted(design.footers.items())
        for column in personal_in(footer)
        if column not in design.personal.of(name)
    ]
    if named:
        yield f"Their ends stay, though they look like personal data and no annotation says so: {', '.join(named)}."
