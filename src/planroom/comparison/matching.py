"""Which object of the new model is which of the old: by name, by what the designer says, by what it is made of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.comparison.anatomy import anatomy, key_of
from planroom.comparison.likeness import name_likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

__all__ = [
    "BUCKET",
    "Pair",
    "Pairing",
    "best_first",
    "by_definition",
    "by_name",
    "definition",
    "pinned",
    "together_with",
]

BUCKET = 64
"""So many objects of a side that look alike are told apart by their names; of more, none is taken for another."""

_SURE = 0.5
_REMARKS = {"comment", "annotations"}
_SATELLITES = {"indexes", "triggers"}  # parts that say nothing of what their owner is


@dataclass(frozen=True, slots=True)
class Pair:
    """Two objects that are one, with the score and the evidence where it is not by name."""

    old: Any
    new: Any
    score: float | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the objects of two collections belong together."""

    pairs: tuple[Pair, ...] = ()
    removed: tuple[Any, ...] = ()
    added: tuple[Any, ...] = ()


def by_name(old: Iterable[Any], new: Iterable[Any], expected: Callable[[Any], str] = key_of) -> Pairing:
    """Pair what bears the same name.

    Args:
        old: Objects of the old model.
        new: Objects of the new model.
        expected: What an old object's key is in the new model if nobody renamed it itself.
    """
    waiting: dict[str, list[Any]] = defaultdict(list)
    for each in new:
        waiting[key_of(each)].append(each)
    pairs, removed = [], []
    for each in old:
        found = waiting.get(expected(each))
        if found:
            pairs.append(Pair(each, found.pop(0)))
        else:
            removed.append(each)
    return Pairing(tuple(pairs), tuple(removed), tuple(each for left in waiting.values() for each in left))


def together_with(pairing: Pairing, found: Iterable[Pair]) -> Pairing:
    """Return a pairing with more pairs, taken out of what was removed and added."""
    pairs = tuple(found)
    if not pairs:
        return pairing
    old, new = {id(pair.old) for pair in pairs}, {id(pair.new) for pair in pairs}
    return Pairing(
        (*pairing.pairs, *pairs),
        tuple(each for each in pairing.removed if id(each) not in old),
        tuple(each for each in pairing.added if id(each) not in new),
    )


def pinned(removed: Sequence[Any], added: Sequence[Any]) -> list[Pair]:
    """Pair what the designer says was renamed; a name of nothing that was removed says nothing."""
    former = {name: each for each in removed for name in (each.name, key_of(each))}
    found, taken = [], set()
    for each in added:
        annotations = getattr(each, "annotations", None)
        old = former.get(annotations.renamed_from) if annotations and annotations.renamed_from else None
        if old is not None and id(old) not in taken:
            taken.add(id(old))
            found.append(Pair(old, each, 1.0, "renamed_from says so"))
    return found


def definition(value: Any) -> Hashable:
    """Return what an object is, besides its name and what people remark on it."""
    made_of = anatomy(value.__class__)
    parts = tuple(getattr(value, name) for name in made_of.parts if name not in _SATELLITES)
    return (type(value), tuple(getattr(value, name) for name in made_of.facets if name not in _REMARKS), parts)


def by_definition(
    removed: Sequence[Any],
    added: Sequence[Any],
    old_definition: Callable[[Any], Hashable],
    new_definition: Callable[[Any], Hashable],
    evidence: str,
    sure: float = 1.0,
) -> list[Pair]:
    """Pair what is defined alike; where several are, those with the most similar names."""
    buckets: dict[Hashable, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for each in removed:
        buckets[old_definition(each)][0].append(each)
    for each in added:
        held = buckets.get(new_definition(each))
        if held:
            held[1].append(each)
    found: list[Pair] = []
    for old, new in buckets.values():
        if 0 < len(old) <= BUCKET and 0 < len(new) <= BUCKET:
            found += _of_one_bucket(old, new, evidence, sure)
    return found


def _of_one_bucket(old: list[Any], new: list[Any], evidence: str, sure: float) -> list[Pair]:
    if len(old) == len(new) == 1:
        return [Pair(old[0], new[0], sure, evidence)]
    scored = [(sure * name_likeness(a.name, b.name), a, b) for a in old for b in new]
    words = f"{evidence}, and the most similar name of several"
    return best_first([Pair(a, b, round(score, 2), words) for score, a, b in scored])


def best_first(candidates: Iterable[Pair]) -> list[Pair]:
    """Return the pairs that are sure enough, each object in one of them: the best pair first, then the best left."""
    ordered = sorted(candidates, key=lambda pair: (-(pair.score or 0.0), key_of(pair.old), key_of(pair.new)))
    found, taken = [], set[int]()
    for pair in ordered:
        if (pair.score or 0.0) >= _SURE and not {id(pair.old), id(pair.new)} & taken:
            taken |= {id(pair.old), id(pair.new)}
            found.append(pair)
    return found
