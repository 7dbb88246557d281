"""Whether a schema calls references like the tables they lead to, with no word that marks a key: ``track.artist``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.advice.evidence import Evidence
from planroom.model.words import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.advice.directory import Directory
    from planroom.advice.keys import Kinds

__all__ = ["Convention", "convention_of"]

_FOLLOWED, _BROKEN = 2.5, -2.0


@dataclass(frozen=True, slots=True)
class Convention:
    """How many columns bear the name of a table, by whether their type is that of its primary key.

    Attributes:
        hits: Those whose type is.
        misses: Those whose type is another: there a table's name in a column means no reference.
    """

    hits: int
    misses: int

    @property
    def evidence(self) -> Evidence:
        """What it says of one more such column: the logarithm of hits to misses, within bounds."""
        weight = math.log((self.hits + 1) / (self.misses + 1))
        number = f"{self.hits:,} of {self.hits + self.misses:,} columns called like a table have the type of its key"
        words = f"{'but only ' if weight < 0 else ''}{number}"
        return Evidence(max(_BROKEN, min(_FOLLOWED, weight)), words)


def convention_of(directory: Directory, kinds: Kinds) -> Convention:
    """Return the convention of a schema, by counting."""
    found = list(_agreements(directory, kinds))
    return Convention(hits=sum(found), misses=len(found) - sum(found))


def _agreements(directory: Directory, kinds: Kinds) -> Iterator[bool]:
    for own in directory.targets.values():
        for column in own.table.columns:
            name = name_of(column.name)
            for target in () if name.mark else directory.named(name.stem):
                key = target.table.columns_by_name.get(target.primary[0]) if len(target.primary) == 1 else None
                if key and target is not own:
                    yield kinds.agreement(column.type, key.type) is not None
