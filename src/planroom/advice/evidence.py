"""What speaks for and against a reference, and what it adds up to.

Each piece of evidence has a weight: the natural logarithm of how much likelier it is seen with a true reference than
with an accident. Weights are added, and the sum, the log-odds, becomes a score by the logistic function. The score
rises with every weight. Sources: Good, "Weight of evidence: a brief survey" (1985), and for the sum over compared
fields Fellegi and Sunter, "A theory for record linkage" (1969).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Evidence", "score_of"]

_HIGHEST = 0.99
"""A guess is never certain: only a foreign key is."""

_LOWEST = 0.01
_WORTH_SAYING = -0.15


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a reference (a positive weight) or against it.

    Attributes:
        weight: In log-odds (natural logarithm).
        words: What it is, as a part of a sentence.
    """

    weight: float
    words: str

    @property
    def against(self) -> bool:
        """Whether it makes the reference less likely, so that it is worth saying as a doubt."""
        return self.weight < _WORTH_SAYING


def score_of(evidence: Iterable[Evidence]) -> float:
    """Return how sure a reference is, in [0.01, 0.99], to two digits.

    Example:
        >>> score_of([Evidence(2.0, "is named after the table"), Evidence(0.5, "is indexed")])
        0.92
    """
    total = math.fsum(each.weight for each in evidence)
    return round(min(_HIGHEST, max(_LOWEST, 1 / (1 + math.exp(-max(-50.0, min(50.0, total)))))), 2)
