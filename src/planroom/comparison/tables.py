"""Renamed tables, found by their columns, their names, and the foreign keys between them and others.

Only tables that share something rare are looked at together, so the cost follows the number of tables, whatever they
look like: a name of a column or of a table that too many share brings nobody together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.comparison.likeness import dice, name_likeness, together, words
from planroom.comparison.matching import Pair, best_first

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from planroom.model import Model, Table

__all__ = ["renamed_tables"]

_MOST_MEETINGS = 36  # pairs that one shared trait may bring together: 6 tables on each side
_RAREST = 4  # of a table's columns bring it together with others
_ENOUGH = 0.25  # an evidence of this many columns that no other table has makes half sure


@dataclass(frozen=True)
class _Side:
    """One model, as far as finding renames needs it.

    Attributes:
        rarity: By the name of a column, 1 divided by the number of tables that have one.
        pointing: By the id of a table, the foreign keys that point at it: table and columns.
    """

    rarity: Mapping[Hashable, float]
    pointing: Mapping[str, frozenset[tuple[str, tuple[str, ...]]]]


def renamed_tables(removed: Sequence[Table], added: Sequence[Table], old: Model, new: Model) -> list[Pair]:
    """Return the pairs of removed and added tables that are one table under two names."""
    if not removed or not added:
        return []
    before, after = _side(old), _side(new)
    return best_first(
        _judged(first, second, before, after) for first, second in _meetings(removed, added, before, after)
    )


def _side(model: Model) -> _Side:
    frequency = Counter(name for table in model.tables for name in table.columns_by_name)
    pointing: dict[str, set[tuple[str, tuple[str, ...]]]] = defaultdict(set)
    for table in model.tables:
        for key in table.foreign_keys:
            pointing[key.referenced_table].add((table.id, key.columns))
    return _Side(
        {name: 1.0 / count for name, count in frequency.items()},
        {table: frozenset(found) for table, found in pointing.items()},
    )


def _meetings(
    removed: Sequence[Table], added: Sequence[Table], before: _Side, after: _Side
) -> Iterator[tuple[Table, Table]]:
    """Yield the pairs worth a look, each once."""
    groups: dict[Hashable, tuple[list[Table], list[Table]]] = defaultdict(lambda: ([], []))
    for side, tables, model in ((0, removed, before), (1, added, after)):
        for table in tables:
            for trait in dict.fromkeys(_traits(table, model)):
                groups[trait][side].append(table)
    seen = set()
    for first, second in groups.values():
        for old in first if len(first) * len(second) <= _MOST_MEETINGS else ():
            for new in second:
                if (old.id, new.id) not in seen and not _hold_other_rows(old, new):
                    seen.add((old.id, new.id))
                    yield old, new


def _hold_other_rows(old: Table, new: Table) -> bool:
    """Whether two tables are partitions with other bounds: next month's is not last month's renamed."""
    first, second = old.partition_of, new.partition_of
    return first is not None and second is not None and first.bound != second.bound


def _traits(table: Table, side: _Side) -> Iterator[Hashable]:
    """Yield what may bring a table together with its like."""
    columns = sorted(table.columns_by_name, key=lambda name: (-side.rarity[name], name))
    yield "columns", tuple(sorted((column.name, str(column.type)) for column in table.columns))
    yield "name", table.name
    yield from (("column", name) for name in columns[:_RAREST])
    yield from (("word", word) for word in words(table.name))
    yield "words", words(table.name)
    yield from (("pointing", *key) for key in sorted(side.pointing.get(table.id, ()))[:_RAREST])


def _judged(old: Table, new: Table, before: _Side, after: _Side) -> Pair:
    """Return two tables with the chance that they are one, and why."""
    common = old.columns_by_name.keys() & new.columns_by_name.keys()
    weights = {name: max(before.rarity[name], after.rarity[name]) for name in common}
    named = dice(old.columns_by_name, new.columns_by_name)
    typed = dice(_typed(old), _typed(new))
    types = dice((column.type for column in old.columns), (column.type for column in new.columns))
    columns = (named + typed + types) / 3
    amount = sum(weights.values())
    by_columns = columns**2 * amount / (amount + _ENOUGH)
    by_name = columns * name_likeness(old.name, new.name)
    pointing = dice(before.pointing.get(old.id, ()), after.pointing.get(new.id, ()))
    score = together(by_columns, by_name, 0.6 * pointing)
    return Pair(old, new, round(score, 2), _evidence(old, new, len(common), pointing))


def _typed(table: Table) -> Iterator[tuple[str, str]]:
    return ((column.name, str(column.type)) for column in table.columns)


def _evidence(old: Table, new: Table, common: int, pointing: float) -> str:
    largest = max(len(old.columns), len(new.columns))
    parts = [f"{common} of {largest} columns are the same"]
    parts += ["the same foreign keys point at it"] if pointing == 1.0 else []
    parts += [f"the name is similar to {old.name}"] if name_likeness(old.name, new.name) >= 0.5 else []
    return ", ".join(parts)
