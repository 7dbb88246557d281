"""B-trees over the few rows that a query is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planroom.advice.indexing.demands import Demand, KeyPart, Restricted
from planroom.advice.indexing.kinds.base import IndexKind
from planroom.advice.indexing.known import Known
from planroom.advice.indexing.sequences import Keys, fitting, key_sequences, longest
from planroom.model import Index, IndexColumn
from planroom.sqltext import parse_expression, quote_identifier

__all__ = ["PartialIndexes"]

_RARE = 0.1  # share of the rows: an index over more of them saves little space beside a whole one
_COMMON = 0.5  # of the most common value: the rare ones are the opposite of it
_MOSTLY_NULL = 0.5
_MOST_KEYS = 4  # orders of keys for one condition


class PartialIndexes(IndexKind):
    """WHERE a column has a rare value, or is NULL, or is not, as the query says and the statistics show.

    Source: PostgreSQL manual, "Partial Indexes": the query's condition must imply the index's.
    """

    def proposed(self, demand: Demand, known: Known, width: int) -> Iterator[Index]:
        """Yield indexes on the rest of what is asked, over the rows with the rare value."""
        for asked in demand.restricted:
            share = known.share(demand.table, asked)
            if share is None or share > _RARE:
                continue
            if asked.form == "equal" and known.greatest_share(demand.table, asked.name) < _COMMON:
                continue
            for keys in _keys_beside(demand, asked.name, known, width):
                yield _index(keys, asked, demand, known)
        for part in (*demand.equal, *demand.joined, *demand.ranged):
            statistics = known.column(demand.table, part.column.column)
            if statistics is None or statistics.null_fraction < _MOSTLY_NULL or not fitting([part], demand, known):
                continue
            if Restricted(part.column.column, "null") not in demand.restricted:
                yield _index((part.column,), Restricted(part.column.column, "not null"), demand, known)


def _keys_beside(demand: Demand, name: str, known: Known, width: int) -> list[Keys]:
    """Return the keys that serve a demand but for one column; that column where nothing else is asked."""

    def others(parts: tuple[KeyPart, ...]) -> tuple[KeyPart, ...]:
        return tuple(part for part in parts if name not in part.names)

    rest = replace(
        demand,
        equal=others(demand.equal), among=others(demand.among), joined=others(demand.joined),
        ranged=others(demand.ranged), ordered=others(demand.ordered), grouped=others(demand.grouped),
    )  # fmt: skip
    found = longest(key_sequences(rest, known, min(width, 2)))[:_MOST_KEYS]
    return found or [(IndexColumn(name),)]


def _index(keys: Keys, asked: Restricted, demand: Demand, known: Known) -> Index:
    column = quote_identifier(asked.name)
    value = "'" + asked.value.replace("'", "''") + "'" if asked.quoted else asked.value
    text = {
        "equal": f"{column} = {value}", "null": f"{column} IS NULL", "not null": f"{column} IS NOT NULL",
        "true": column, "false": f"NOT {column}",
    }[asked.form]  # fmt: skip
    types = {each.name: each.type for each in demand.table.columns}
    return Index(name="", columns=keys, predicate=parse_expression(text, types, known.names))
