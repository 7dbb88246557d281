"""Relations that no foreign key declares: found by names, types, keys, comments and indexes, scored and explained."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planroom.advice.candidates import Candidate, Candidates
from planroom.advice.composite import composite_references
from planroom.advice.inferred import Inference, InferredRelations
from planroom.advice.keys import fills_itself, own_tables
from planroom.collector import put_off
from planroom.model import ForeignKey
from planroom.model.relations import relation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.model import Model, ObjectId, Relation

__all__ = ["Possible", "decide", "possible_references"]

_KEPT = 3  # candidates a column that data may still tell apart
_NEAR = 0.1  # a rival this near in score is named as a doubt
_LEAST = 0.05  # below this a name says nothing

Place = tuple["ObjectId", tuple[str, ...]]


@dataclass(frozen=True)
class Possible:
    """The references that a model's columns may be, before anything is decided.

    Attributes:
        candidates: By child and columns: the likeliest first.
        polymorphic: Pairs of columns that refer to rows of several tables, as ``table (type column, id column)``.
    """

    candidates: Mapping[Place, tuple[Candidate, ...]]
    polymorphic: tuple[str, ...] = ()


@put_off()
def possible_references(model: Model) -> Possible:
    """Return what the columns of a model may refer to, by its names, types, keys, comments and indexes alone.

    What a foreign key declares is left out, and so are views; a partition is part of its table. The cost is linear in
    the number of columns.
    """
    finder = Candidates(model)
    declared = _declared(model)
    found: dict[Place, tuple[Candidate, ...]] = {}
    for table in own_tables(model):
        taken = declared.get(table.id, ())
        single = {key.columns[0] for key in taken if len(key.columns) == 1}
        for column in table.columns:
            if column.name not in single and not fills_itself(column) and finder.kinds.family(column.type):
                known = {key.referenced_table for key in taken if column.name in key.columns}
                candidates = [each for each in finder.of(table, column) if each.parent.id not in known]
                if kept := tuple(each for each in candidates[:_KEPT] if each.score >= _LEAST):
                    found[table.id, (column.name,)] = kept
    _prefer_composite(finder, declared, found)
    return Possible(found, tuple(finder.polymorphic))


def _declared(model: Model) -> Mapping[ObjectId, Sequence[ForeignKey]]:
    """Return the foreign keys of each table; what a partition declares counts for the table that it is part of."""
    keys: dict[ObjectId, list[ForeignKey]] = defaultdict(list)
    for table in model.tables:
        keys[model.roots[table.id]] += table.foreign_keys
    return keys


def _prefer_composite(
    finder: Candidates, declared: Mapping[ObjectId, Sequence[ForeignKey]], found: dict[Place, tuple[Candidate, ...]]
) -> None:
    """Add references of several columns, and drop those of one column that they say already."""
    for holder, columns, target, key, evidence in composite_references(finder.directory, finder.kinds):
        if any(set(columns) <= set(each.columns) for each in declared.get(holder.id, ())):
            continue
        candidate = Candidate(holder, columns, target.table, key.columns, evidence)
        rivals = found.get((holder.id, columns), ())
        ranked = sorted((*rivals, candidate), key=lambda each: (-each.log_odds, each.parent.id))
        found[holder.id, columns] = tuple(ranked[:_KEPT])
    for child, columns in [place for place in found if len(place[1]) > 1]:
        best = found[child, columns][0]
        if best.score >= 0.5:
            for column in columns:
                kept = [each for each in found.get((child, (column,)), ()) if not _said_by(best, each, found, declared)]
                found[child, (column,)] = tuple(kept)


def _said_by(
    whole: Candidate,
    part: Candidate,
    found: Mapping[Place, Sequence[Candidate]],
    declared: Mapping[ObjectId, Sequence[ForeignKey]],
) -> bool:
    """Whether a reference of one column follows from one of several: to the same parent, or to the parent's parent."""
    if part.parent is whole.parent:
        return True
    through = whole.referenced[whole.columns.index(part.columns[0])]
    further = {each.parent.id for each in found.get((whole.parent.id, (through,)), ())}
    further |= {key.referenced_table for key in declared.get(whole.parent.id, ()) if key.columns == (through,)}
    return part.parent.id in further


@put_off()
def decide(model: Model, possible: Possible, *, minimum: float = 0.5, measured: str = "") -> InferredRelations:
    """Return the best reference of each column where it is likely enough; near ties are doubts, not both.

    Args:
        model: What the candidates come from.
        possible: The candidates.
        minimum: The lowest score, in (0, 1].
        measured: What data was looked at, in words; empty for none.
    """
    chosen = list(_chosen(possible, minimum))
    return InferredRelations(
        inferences=tuple(sorted(chosen, key=lambda each: (each.relation.child, each.relation.columns))),
        name=model.name,
        declared=len(model.relations),
        minimum=minimum,
        polymorphic=possible.polymorphic,
        measured=measured,
    )


def _chosen(possible: Possible, minimum: float) -> Iterator[Inference]:
    for candidates in possible.candidates.values():
        ranked = sorted(candidates, key=lambda each: (-each.log_odds, each.parent.id))
        if ranked and ranked[0].score >= minimum:
            yield Inference(_relation(ranked[0]), _doubt(ranked))


def _relation(candidate: Candidate) -> Relation:
    key = ForeignKey(
        name="",
        columns=candidate.columns,
        referenced_table=candidate.parent.id,
        referenced_columns=candidate.referenced,
    )
    speaking = [each.words for each in candidate.evidence if each.words and not each.against]
    return replace(relation_of(candidate.child, key), score=candidate.score, reason="; ".join(speaking))


def _doubt(ranked: Sequence[Candidate]) -> str:
    """Return what speaks most against the first candidate; empty when nothing does."""
    first = ranked[0]
    if len(ranked) > 1 and first.score - ranked[1].score <= _NEAR:
        return f"may as well refer to {ranked[1].parent.id} ({ranked[1].score:.2f})"
    against = [each for each in first.evidence if each.against]
    return min(against, key=lambda each: each.weight).words.removeprefix("but ") if against else ""
