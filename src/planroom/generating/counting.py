"""How many rows each table gets: as asked for, and for the others what follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.errors import QuantityError
from planroom.quantities import parse_count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.generating.references import Reference
    from planroom.model import Model, ObjectId, Table

__all__ = ["MOST_ROWS", "asked_rows", "derived_rows"]

MOST_ROWS = 1 << 31
"""The most rows of one table: numbers of rows are permuted in 64-bit arithmetic."""

_CHILDREN = 3  # rows of a child for each of its parent, where nothing says otherwise
_ALONE = 1_000
_FIRST = 100  # rows of a table without parents, where nothing is asked for
_LEAST = 5


def asked_rows(model: Model, rows: Mapping[str, str | float]) -> dict[ObjectId, int]:
    """Return the rows that are asked for, by table id.

    Raises:
        UnknownNameError: No table bears a name, or more than one do.
        QuantityError: A number makes no sense, or is too large.
    """
    found: dict[ObjectId, int] = {}
    for name, number in rows.items():
        table = model.roots[model.table(name).id]
        count = parse_count(number)
        if count > MOST_ROWS:
            raise QuantityError(
                f"{table} cannot have {count:,} rows.",
                why=f"at most {MOST_ROWS:,} are generated.",
                fix="ask for fewer; plans at any scale need no rows: pr.at_scale.",
            )
        found[table] = count
    return found


def derived_rows(
    tables: Sequence[Table], references: Mapping[ObjectId, tuple[Reference, ...]], asked: Mapping[ObjectId, int]
) -> dict[ObjectId, int]:
    """Return rows for every table.

    A table that is asked for has what is asked. Where rows are annotated, a table that refers to one asked for keeps
    its annotated ratio to it, and any other shrinks less the smaller it is: ``annotated ** (log asked / log
    annotated)`` of the largest table asked for, so that 24 warehouses do not become none. Without annotations a child
    has three rows for each of its parent, a parent a third of its child's, and a table without relations at most
    1,000; where nothing is asked for, a table without parents has 100.
    ``children`` annotated on a referencing column says how many rows each parent has.
    """
    rows = dict(asked)
    parents = {each.id: [ref for ref in references[each.id] if ref.parent != each.id] for each in tables}
    exponent, linear = _scales(tables, asked)
    for table in tables:  # parents come first
        if table.id not in rows and any(each.parent in rows for each in parents[table.id]):
            rows[table.id] = _child(table, parents[table.id], rows, linear)
    for table in reversed(tables):
        if table.id not in rows:
            children = [
                rows[each.id]
                for each in tables
                if each.id in rows and any(r.parent == table.id for r in parents[each.id])
            ]
            fewest = min(filter(None, children), default=0)
            rows[table.id] = _scaled(table, exponent) or (max(_LEAST, fewest // _CHILDREN) if fewest else 0)
    alone = min(_ALONE, max(asked.values())) if asked else _FIRST
    for table in tables:
        if not rows[table.id] and table.id not in asked:
            known = [rows[each.parent] for each in parents[table.id] if rows.get(each.parent)]
            rows[table.id] = max(known) * _CHILDREN if known else alone
    return {each.id: min(rows[each.id], MOST_ROWS) for each in tables}


def _scales(tables: Sequence[Table], asked: Mapping[ObjectId, int]) -> tuple[float | None, float | None]:
    """Return the exponent, and the factor, by which annotated rows shrink; None where nothing says."""
    both = [
        (asked[each.id], each.annotations.rows)
        for each in tables
        if asked.get(each.id, 0) > 1 and (each.annotations.rows or 0) > 1
    ]
    if not both:
        return None, None
    count, annotated = max(both)
    return min(1.0, math.log(count) / math.log(annotated or 2)), count / (annotated or 1)


def _scaled(table: Table, exponent: float | None) -> int:
    annotated = table.annotations.rows or 0
    if exponent is None or annotated < 1:
        return 0
    return max(1, min(annotated, round(math.pow(annotated, exponent))))


def _child(
    table: Table,
    references: Sequence[Reference],
    rows: Mapping[ObjectId, int],
    linear: float | None,
) -> int:
    for each in references:
        annotations = table.columns_by_name[each.columns[0]].annotations
        if annotations.children is not None and each.parent in rows:
            return round(rows[each.parent] * annotations.children)
    if linear is not None and table.annotations.rows:
        return max(1, round(table.annotations.rows * linear))
    return _CHILDREN * max(rows[each.parent] for each in references if each.parent in rows)
