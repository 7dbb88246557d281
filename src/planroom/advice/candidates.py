"""References that a column may be, each with what speaks for it and against it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planroom.advice.convention import convention_of
from planroom.advice.directory import Directory
from planroom.advice.evidence import Evidence, score_of
from planroom.advice.keys import Kinds
from planroom.advice.matching import Match, Matcher, Pattern
from planroom.model.polymorphism import companion_of, indexed_together
from planroom.model.words import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.advice.directory import Target
    from planroom.advice.keys import Key
    from planroom.model import Column, Model, ObjectId, Table
    from planroom.model.words import Name

__all__ = ["Candidate", "Candidates"]

_WEIGHTS = {
    Pattern.NAMED: 3.0,
    Pattern.KEY_NAME: 1.0,
    Pattern.ROLE: 2.0,
    Pattern.ROLE_KEY: 1.0,
    Pattern.SHARED_KEY: 3.0,
    Pattern.LINK: 2.0,
    Pattern.COMMENT: 3.5,
    Pattern.FAMILY: 1.6,
    Pattern.SELF: 1.6,
    Pattern.ACTOR: 0.8,
    Pattern.PLAIN: 0.3,
    Pattern.ENDING: 0.0,
    Pattern.ROLE_ENDING: 0.3,
    Pattern.PIECE: 0.3,
    Pattern.ABBREVIATION: 0.3,
    Pattern.PLAIN_ROLE: -0.8,
    Pattern.QUALIFIED: -0.8,
    Pattern.OWN: -2.0,
}
_UNMARKED = frozenset({Pattern.PLAIN, Pattern.PLAIN_ROLE})
_SUITS_OWN_KEY = frozenset({Pattern.NAMED, Pattern.KEY_NAME, Pattern.SHARED_KEY})
_OF_A_PART = frozenset({Pattern.ENDING, Pattern.ROLE_ENDING})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference that may be.

    Attributes:
        child: The referencing table.
        columns: The referencing columns.
        parent: The referenced table.
        referenced: The columns of the referenced key, in the order of ``columns``.
        evidence: What speaks for it and against it, the pattern of its name first.
    """

    child: Table
    columns: tuple[str, ...]
    parent: Table
    referenced: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    @property
    def score(self) -> float:
        """How sure it is, in [0.01, 0.99]."""
        return score_of(self.evidence)

    @property
    def log_odds(self) -> float:
        """The sum of the weights."""
        return math.fsum(each.weight for each in self.evidence)

    def with_evidence(self, *more: Evidence) -> Candidate:
        """Return it with more evidence."""
        return replace(self, evidence=(*self.evidence, *more))


class Candidates:
    """Finds the references that the columns of a model may be, by look-ups alone."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.directory = Directory(model)
        self.kinds = Kinds(model)
        self.polymorphic: list[str] = []
        self._matcher = Matcher(self.directory)
        self._conventional = convention_of(self.directory, self.kinds).evidence

    def of(self, table: Table, column: Column) -> list[Candidate]:
        """Return the references that one column may be, the likeliest first, each table once."""
        found = list(self._each(table, column))
        if companion := companion_of(table, column):
            found = self._unless_polymorphic(table, column, companion, found)
        best: dict[ObjectId, Candidate] = {}
        for candidate in found:
            known = best.get(candidate.parent.id)
            if known is None or candidate.log_odds > known.log_odds:
                best[candidate.parent.id] = candidate
        return sorted(best.values(), key=lambda each: (-each.log_odds, each.parent.id))

    def _unless_polymorphic(
        self, table: Table, column: Column, companion: str, found: Sequence[Candidate]
    ) -> list[Candidate]:
        """Return no candidate for a column beside which another says of which table a row is meant.

        One named after a table, and not looked up together with the other, may refer to that table all the same.
        """
        named = [each for each in found if each.evidence[0].words in {Pattern.NAMED.value, Pattern.COMMENT.value}]
        if named and not indexed_together(table, companion, column.name):
            return [each.with_evidence(Evidence(-0.7, f"but {companion} stands beside it")) for each in named]
        self.polymorphic.append(f"{table.id} ({companion}, {column.name})")
        return []

    def _each(self, table: Table, column: Column) -> Iterator[Candidate]:
        own = self.directory.targets[table.id]
        for match in self._matcher.matches(table, column):
            if match.target.table.id in table.inherits and column.inherited:
                continue
            for key in match.target.single:
                evidence = self._evidence(own, column, match, key)
                if evidence and not (match.target is own and key.columns == (column.name,)):
                    yield Candidate(table, (column.name,), match.target.table, key.columns, evidence)

    def _evidence(self, own: Target, column: Column, match: Match, key: Key) -> tuple[Evidence, ...]:
        fit = self._fit(column, match.target, key)
        if fit is None:
            return ()
        weight = _WEIGHTS[match.pattern] - math.log(match.rivals)
        convention = self._convention(column, match.pattern)
        return (Evidence(weight, match.pattern.value), *convention, fit, *self._circumstances(own, column, match))

    def _convention(self, column: Column, pattern: Pattern) -> Iterator[Evidence]:
        """Yield what the schema's other columns say of one that is called like a table without a mark of a key."""
        said = self._conventional
        if not name_of(column.name).mark and (pattern in _UNMARKED or (pattern is Pattern.FAMILY and said.weight < 0)):
            yield said

    def _fit(self, column: Column, target: Target, key: Key) -> Evidence | None:
        """Return how well a key suits a column, by type and name; None when its type excludes it."""
        referenced = target.table.columns_by_name.get(key.columns[0])
        agreement = self.kinds.agreement(column.type, referenced.type) if referenced else None
        if referenced is None or agreement is None:
            return None
        weight, words = _name_fit(name_of(column.name), name_of(referenced.name), primary=key.primary)
        same = f"both are {column.type.short}" if column.type == referenced.type else "their types can be compared"
        return Evidence(agreement + weight, ", ".join(filter(None, (words, same))))

    def _circumstances(self, own: Target, column: Column, match: Match) -> Iterator[Evidence]:
        if column.name in own.indexed:
            yield Evidence(0.4, "it is indexed")
        if own.primary == (column.name,):
            yield Evidence(-1.0 if match.pattern in _SUITS_OWN_KEY else -2.5, "but it is its table's own key")
        if match.pattern in _OF_A_PART and match.target.words[:1] == own.words[:1]:
            yield Evidence(1.2, "both tables' names begin alike")
        if match.rivals > 1 and match.target.table.schema != own.table.schema:
            yield Evidence(-1.0, "but it is in another schema, and its name is not the only one of its kind")


def _name_fit(mine: Name, its: Name, *, primary: bool) -> tuple[float, str]:
    if mine.words == its.words and len("".join(its.words)) > 2:
        return 1.0, "the key bears the same name"
    if its.mark and mine.mark and mine.words[-len(its.words) :] == its.words:
        return 0.5 if len(its.words) > 1 else 0.0, ""
    if mine.mark in {"code", "number", "num", "no", "nr"} and its.words[-1:] != (mine.mark,) and its.mark != mine.mark:
        return -3.5, ""
    if primary:
        return 0.0, ""
    return (-0.5, "") if mine.mark and its.words[-1:] == mine.words[-1:] else (-3.0, "")
