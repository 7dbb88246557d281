"""Foreign keys hidden and inferred again: what was found, beside what was declared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planroom.model import Relation

__all__ = ["hidden", "pairs", "precision", "recall", "truth"]

Pair = tuple[str, tuple[tuple[str, str], ...], str]


def hidden(model: Model) -> Model:
    """Return the model without its foreign keys."""
    return replace(model, tables=tuple(replace(table, foreign_keys=()) for table in model.tables))


def pairs(relations: Iterable[Relation]) -> set[Pair]:
    """Return relations as child, pairs of columns, and parent."""
    return {
        (each.child, tuple(sorted(zip(each.columns, each.referenced_columns, strict=True))), each.parent)
        for each in relations
    }


def truth(model: Model) -> set[Pair]:
    """Return what the model declares, the relations of a partition lifted to the table that it is part of."""
    return {(_root(model, child), columns, _root(model, parent)) for child, columns, parent in pairs(model.relations)}


def _root(model: Model, name: str) -> str:
    table = model.tables_by_id.get(name)
    while table is not None and table.partition_of is not None:
        name = table.partition_of.parent
        table = model.tables_by_id.get(name)
    return name


def precision(found: set[Pair], true: set[Pair]) -> float:
    """Return the share of what was found that is true."""
    return len(found & true) / len(found) if found else 1.0


def recall(found: set[Pair], true: set[Pair]) -> float:
    """Return the share of what is true that was found."""
    return len(found & true) / len(true) if true else 1.0
