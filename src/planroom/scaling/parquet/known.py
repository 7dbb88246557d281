"""What is known of the columns of a design at the rows that are asked for: statistics first, then declarations."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from planroom.model import quote_identifier
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model import Column, Model, ObjectId, Table
    from planroom.scaling.parquet.keys import Keys, Place
    from planroom.scaling.statistics import ColumnStatistics, Statistics

__all__ = ["Known", "known_of", "relation_rows", "whole_ends"]

_OUTERMOST = ("", "public", "main")  # the schema that goes without saying, in one database or the other
_WHOLE = frozenset({"smallint", "integer", "bigint", "numeric", "oid"})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a column.

    Attributes:
        ends: Its least and greatest value, as text; None where nobody says, or where they are personal data.
        null_fraction: The share of NULL; None where nobody says.
        distinct: How many different values there are at the rows that are asked for; None where nobody says.
        width: Mean bytes of a value; None where nobody says.
        counted_from: Whether the ends are made up: a key counts from its start on, a step for each row of its table.
    """

    ends: tuple[str, str] | None = None
    null_fraction: float | None = None
    distinct: float | None = None
    width: float | None = None
    counted_from: bool = False


def known_of(
    model: Model,
    table: Table,
    rows: Mapping[ObjectId, float],
    keys: Keys,
    statistics: Statistics | None,
) -> dict[str, Known]:
    """Return what is known of the columns of a table, by name.

    The ends are those of the statistics, as they are now: a key's are stretched with its table later. The bounds of a
    histogram are no ends, as a sample seldom has them: a filter just outside would count as keeping nothing.

    Args:
        model: The design.
        table: The table.
        rows: The rows that are asked for, by the id of the table.
        keys: Which columns count rows.
        statistics: What a database says.
    """
    told = {} if statistics is None else _statistics_of(table, statistics)
    return {
        each.name: _known(
            each, told.get(each.name), rows[table.id], _counted(model, keys.get((table.id, each.name)), rows)
        )
        for each in table.columns
    }


def relation_rows(model: Model, statistics: Statistics | None) -> dict[ObjectId, float]:
    """Return the rows that statistics tell, by table; of a partitioned table, those of its partitions together."""
    told = {} if statistics is None else statistics.by_relation
    found: dict[ObjectId, float] = {}
    for table in model.tables:
        schemas = (table.schema, *(_OUTERMOST if table.schema in _OUTERMOST else ()))
        relation = next((told[each, table.name] for each in schemas if (each, table.name) in told), None)
        if relation is not None and relation.rows >= 0 and table.partitioning is None:
            root = model.roots.get(table.id, table.id)
            found[root] = found.get(root, 0.0) + relation.rows
    return found


def whole_ends(table: Table, statistics: Statistics) -> dict[str, tuple[int, int]]:
    """Return the least and the greatest value of each column of whole numbers whose ends statistics tell."""
    found = {}
    for name, each in _statistics_of(table, statistics).items():
        if table.columns_by_name[name].type.name in _WHOLE and each.ends is not None:
            with contextlib.suppress(ValueError):
                found[name] = (int(each.ends[0]), int(each.ends[1]))
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """The values of a key: how many, and from where to where."""

    values: float
    first: int = 1
    step: int = 1

    @property
    def ends(self) -> tuple[str, str]:
        far = self.first + max(round(self.values) - 1, 0) * self.step
        return str(min(self.first, far)), str(max(self.first, far))


def _counted(model: Model, key: Place | None, rows: Mapping[ObjectId, float]) -> _Counted | None:
    """Return the values of the key that a column counts with: its identity or sequence tells its start and step."""
    if key is None or key[0] not in rows:
        return None
    table = model.tables_by_id.get(key[0])
    column = None if table is None else table.columns_by_name.get(key[1])
    options = column.identity.sequence if column is not None and column.identity is not None else None
    if options is None:
        owned = f"{key[0]}.{quote_identifier(key[1])}"
        options = next((each.options for each in model.sequences if each.owned_by == owned), None)
    if options is None:
        return _Counted(rows[key[0]])
    first = options.start if options.start is not None else options.minimum
    return _Counted(rows[key[0]], 1 if first is None else first, options.increment)


def _statistics_of(table: Table, statistics: Statistics) -> dict[str, ColumnStatistics]:
    """Return the statistics of a table's columns; those over its partitions go before those of itself alone."""
    schemas = _OUTERMOST if table.schema in _OUTERMOST else ()
    found: dict[str, ColumnStatistics] = {}
    for column in table.columns:
        for inherited in (True, False):
            for schema in (table.schema, *schemas):
                each = statistics.by_column.get((schema, table.name, column.name, inherited))
                if each is not None:
                    found.setdefault(column.name, each)
    return found


def _known(column: Column, told: ColumnStatistics | None, rows: float, counted: _Counted | None) -> Known:
    ends = told.ends if told is not None else None
    is_key = counted is not None and column.type.name in _WHOLE and not column.type.array
    made_up = counted.ends if ends is None and is_key and counted is not None else None
    return Known(
        ends=made_up or ends,
        null_fraction=_null_fraction(column, told),
        distinct=_distinct(column, told, rows, counted),
        width=float(told.width) if told is not None else None,
        counted_from=made_up is not None,
    )


def _null_fraction(column: Column, told: ColumnStatistics | None) -> float | None:
    """Return the share of NULL; a sample without one, or a design that allows it, does not say that there is none."""
    if not column.nullable:
        return 0.0
    if told is not None and told.null_fraction > 0:
        return told.null_fraction
    return column.annotations.null_fraction


def _distinct(column: Column, told: ColumnStatistics | None, rows: float, counted: _Counted | None) -> float | None:
    if counted is not None:
        return min(counted.values, rows)
    found = None if told is None or not told.distinct else told.distinct
    if found is not None:
        return min(rows, -found * rows if found < 0 else found)
    declared = column.annotations.distinct
    if declared is not None:
        return min(rows, declared * rows if declared < 1 else declared)
    values = column.annotations.values
    return float(len(values.split("|"))) if values else None
