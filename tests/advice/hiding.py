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
    roots = model.roots
    return {(roots[child], columns, roots.get(parent, parent)) for child, columns, parent in pairs(model.relations)}


def precision(found: set[Pair], true: set[Pair]) -> float:
    """Return the share of what was found that is true."""
    return len(found & true) / len(found) if found else 1.0


def recall(found: set[Pair], true: set[Pair]) -> float:
    """Return the share of what is true that was found."""
    return len(found & true) / len(true) if true else 1.0
