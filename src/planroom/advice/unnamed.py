"""References that names do not give away, for data to judge: columns that end like a key, and the busiest parents."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.advice.candidates import Candidate
from planroom.advice.evidence import Evidence
from planroom.advice.keys import Kinds, keys_of, own_tables
from planroom.model.words import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.advice.inference import Place, Possible
    from planroom.model import Column, Model, Table

__all__ = ["with_unnamed"]

_PARENTS = 5
_COLUMNS = 100
_NO_NAME = Evidence(-3.5, "but nothing in its name says so")


def with_unnamed(model: Model, possible: Possible) -> Possible:
    """Return the candidates with more: columns that end like a key, each held against the most referenced tables.

    At most 100 columns and 5 parents each; the score stays low unless data speaks for it.
    """
    kinds = Kinds(model)
    busiest = _busiest(model, possible)
    more: dict[Place, tuple[Candidate, ...]] = {}
    for table in own_tables(model):
        taken = {column for key in table.foreign_keys for column in key.columns}
        for column in table.columns:
            place = table.id, (column.name,)
            known = column.name in taken or possible.candidates.get(place)
            if len(more) < _COLUMNS and not known and (found := _candidates(kinds, table, column, busiest)):
                more[place] = found
    return replace(possible, candidates={**possible.candidates, **more})


def _busiest(model: Model, possible: Possible) -> Sequence[Table]:
    counts = Counter(relation.parent for relation in model.relations)
    counts.update(candidates[0].parent.id for candidates in possible.candidates.values() if candidates)
    ordered = sorted(counts.keys() & model.tables_by_id.keys(), key=lambda each: (-counts[each], each))
    return [model.tables_by_id[each] for each in ordered[:_PARENTS]]


def _candidates(kinds: Kinds, table: Table, column: Column, parents: Sequence[Table]) -> tuple[Candidate, ...]:
    keys = {key.columns for key in keys_of(table)}
    if not name_of(column.name).mark or not kinds.family(column.type) or (column.name,) in keys:
        return ()
    found = []
    for parent in parents:
        primary = parent.primary_key.columns if parent.primary_key else ()
        if parent is not table and len(primary) == 1:
            agreement = kinds.agreement(column.type, parent.columns_by_name[primary[0]].type)
            if agreement is not None:
                evidence = (_NO_NAME, Evidence(agreement, f"its type is that of {primary[0]}"))
                found.append(Candidate(table, (column.name,), parent, primary, evidence))
    return tuple(found)
