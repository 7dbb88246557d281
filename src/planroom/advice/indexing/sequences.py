"""The orders in which a B-tree's key parts serve a demand: equality first, then one range, or the order wanted.

Source: PostgreSQL manual, "Multicolumn Indexes" (equality on the leading columns, then an inequality on the next) and
"Indexes and ORDER BY" (after columns that have one value, the rows come in the order of the rest, either way round).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from planroom.model import IndexColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planroom.advice.indexing.demands import Demand, KeyPart
    from planroom.advice.indexing.known import Known

__all__ = ["Keys", "backwards", "fitting", "key_sequences", "longest"]

Keys = tuple[IndexColumn, ...]

_MOST_COMPARED = 5  # columns of one table that a query compares: more make orders without end, and no better index
_MOST_WIDTH = 600  # bytes: an entry holds 2,704 at most, and values of this mean are beyond it at times
_NO_ORDER = frozenset(
    {"json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle"}
)  # no B-tree for them


def key_sequences(demand: Demand, known: Known, width: int) -> Iterator[Keys]:
    """Yield the keys that would serve a demand, each of at most ``width`` parts; some may come twice.

    Behind a whole key of the table nothing is added: there is one row by then.
    """
    keys = [frozenset(key.columns) for key in demand.table.keys]
    for found in _sequences(demand, known, width):
        if not any(key <= {part.column for part in found[:-1]} for key in keys):
            yield found


def _sequences(demand: Demand, known: Known, width: int) -> Iterator[Keys]:
    compared = _compared(demand, known)
    single = {part.column for part in demand.equal}
    ranged = fitting(demand.ranged, demand, known)
    for size in range(min(width, len(compared)) + 1):
        for chosen in combinations(compared, size):
            for order in permutations(chosen) if size == 2 else (chosen,):
                keys = tuple(part.column for part in order)
                if keys:
                    yield keys
                if size < width:
                    yield from ((*keys, part.column) for part in ranged if part.column not in keys)
                    if single.issuperset(keys):
                        yield from _in_order(keys, demand, known, width)


def _compared(demand: Demand, known: Known) -> list[KeyPart]:
    """Return the parts that are compared for equality, the most selective first."""
    parts = dict.fromkeys((*demand.equal, *demand.joined, *demand.among))
    ranked = sorted(
        fitting(parts, demand, known), key=lambda part: (-known.distinct(demand.table, part), str(part.column))
    )
    return ranked[:_MOST_COMPARED]


def fitting(parts: Iterable[KeyPart], demand: Demand, known: Known) -> list[KeyPart]:
    """Return the parts that a B-tree can hold."""
    return [
        part
        for part in parts
        if part.type not in _NO_ORDER and sum(known.width(demand.table, name) for name in part.names) <= _MOST_WIDTH
    ]


def _in_order(keys: Keys, demand: Demand, known: Known, width: int) -> Iterator[Keys]:
    for wanted in (demand.ordered, demand.grouped):
        plain = {replace(key, descending=False, nulls_first=False) for key in keys}
        rest = [
            part.column
            for part in fitting(wanted, demand, known)
            if replace(part.column, descending=False, nulls_first=False) not in plain
        ]
        if rest and len(keys) < width:
            order = rest[: width - len(keys)]
            yield (*keys, *(backwards(order) if order[0].descending else order))


def backwards(columns: Sequence[IndexColumn]) -> Keys:
    """Return an order as it is when an index is read backwards."""
    return tuple(replace(each, descending=not each.descending, nulls_first=not each.nulls_first) for each in columns)


def longest(sequences: Iterable[Keys]) -> list[Keys]:
    """Return the sequences that are not the beginning of another."""
    found = list(dict.fromkeys(sequences))
    return [each for each in found if not any(len(one) > len(each) and one[: len(each)] == each for one in found)]
