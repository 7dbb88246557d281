"""The bounds of partitions: where the rows of a partitioned table may lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.model import Model, Table

__all__ = ["Leaf", "leaf_of", "leaves", "partition_keys"]

_CONSTANT = re.compile(r"'((?:[^']|'')*)'(?:::[\w .]+)?|(-?\d+(?:\.\d+)?)|(\w+)", re.IGNORECASE)
_RANGE = re.compile(r"FROM \((.*)\) TO \((.*)\)$", re.IGNORECASE | re.DOTALL)
_LIST = re.compile(r"IN \((.*)\)$", re.IGNORECASE | re.DOTALL)
_MOST_LEAVES = 1_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a partition's rows lie, for the partitions above it too.

    Attributes:
        ranges: The lower bound and the upper one, which is excluded, by column; None for no bound.
        lists: The values, by column.
    """

    ranges: tuple[tuple[str, str | None, str | None], ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()


def leaves(model: Model, table: Table) -> tuple[Leaf, ...] | None:
    """Return where rows of a partitioned table may lie: one leaf, at least, for each partition with bounds.

    Empty where it has no partition, or not for every remainder of a hash;
    None where rows may lie anywhere (a DEFAULT or every remainder of a hash).
    """
    found = _below(model, table, Leaf())
    bounded = [each for each in found if each != Leaf()]
    if not found:
        return ()
    return tuple(bounded[:_MOST_LEAVES]) or None


def _below(model: Model, table: Table, above: Leaf) -> list[Leaf]:
    if table.partitioning is None:
        return [above]
    columns = [part.column for part in table.partitioning.columns]
    if table.partitioning.strategy == "hash" and _covered(model, table) < 1:
        return []  # which remainder a row has is the server's secret
    found = []
    for child in model.partitions.get(table.id, ()):
        bound = child.partition_of.bound.text if child.partition_of else ""
        here = _narrowed(above, bound, columns)
        if here is not None:
            found += _below(model, child, here)
    if not found and any(
        child.partition_of and child.partition_of.bound.text.strip().upper() == "DEFAULT"
        for child in model.partitions.get(table.id, ())
    ):
        return [above]
    return found


def leaf_of(model: Model, table: Table) -> Leaf | None:
    """Return where the rows of a partition lie, by its bounds and those above it; None for what others leave over."""
    if table.partition_of is None or table.partition_of.parent not in model.tables_by_id:
        return Leaf()
    parent = model.tables_by_id[table.partition_of.parent]
    above = leaf_of(model, parent)
    if above is None or parent.partitioning is None:
        return above
    return _narrowed(above, table.partition_of.bound.text, [part.column for part in parent.partitioning.columns])


_MODULUS = re.compile(r"modulus (\d+)", re.IGNORECASE)


def _covered(model: Model, table: Table) -> Fraction:
    """Return the share of the remainders that have a partition."""
    bounds = [each.partition_of.bound.text for each in model.partitions.get(table.id, ()) if each.partition_of]
    return sum((Fraction(1, int(found[1])) for each in bounds if (found := _MODULUS.search(each))), Fraction(0))


def _narrowed(above: Leaf, bound: str, columns: list[str]) -> Leaf | None:
    """Return where rows of a partition lie; None for a DEFAULT partition, which takes what is left over."""
    if bound.strip().upper() == "DEFAULT":
        return None
    if not all(columns):
        return above  # the key is an expression: the server decides
    if match := _RANGE.search(bound):
        low, high = (_constants(each)[0] for each in match.groups())
        return Leaf((*above.ranges, (columns[0], low, high)), above.lists)
    if match := _LIST.search(bound):
        values = tuple(each for each in _constants(match[1]) if each is not None)
        return Leaf(above.ranges, (*above.lists, (columns[0], values))) if values else None
    return above


def _constants(text: str) -> list[str | None]:
    found: list[str | None] = []
    for quoted, number, word in _CONSTANT.findall(text):
        if number:
            found.append(number)
        elif word:
            found.append(None if word.upper() in {"MINVALUE", "MAXVALUE", "NULL"} else word)
        else:
            found.append(quoted.replace("''", "'"))
    return found or [None]


def partition_keys(found: tuple[Leaf, ...]) -> frozenset[str]:
    """Return the columns that the leaves bound."""
    ranged = {each[0] for leaf in found for each in leaf.ranges}
    return frozenset(ranged | {each[0] for leaf in found for each in leaf.lists})
