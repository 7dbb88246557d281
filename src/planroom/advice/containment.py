"""What data says of a reference: whether the values of a column are found in the key that it may refer to.

Containment alone proves little: small whole numbers are found in every serial key. What counts is how surprising it is.
With ``d`` distinct values, all found, and a share ``c`` of the whole numbers between the least and the greatest of them
being keys of the parent, an accident would have had the chance ``c ** d``; the weight of evidence is its negative
logarithm, up to a cap. Where keys leave no gaps, what remains is how far the values reach: ``d`` references drawn from
``n`` keys stay below the share ``u`` of them with the chance ``u ** d``.

Source: Rostin et al., "A machine learning approach to foreign key discovery" (2009), for what tells keys from
accidents; the weights are the logarithms above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from planroom.advice.evidence import Evidence

__all__ = ["Containment", "evidence_from"]

_MOST_SURPRISE = 4.0
_FOUND_AT_ALL = 1.0  # an arbitrary column of whole numbers has a value outside the keys two times in three
_CHANCE_OF_TEXT = 0.5  # that a value of text is found by accident: codes and flags repeat between tables
_CHANCE_OF_UUID = 1e-9
_USUAL_REACH = 3.0  # one true reference in twenty stays below a chance of exp(-3)
_NEXT_TO_NOTHING = 1e-12
_SHORT_REACH = -1.5  # old or new rows may be all that is referred to: a short reach is a hint, no proof
_DIRTY = 0.1  # the share of missing values from which on it is as bad as it can be
_ANY_MISSING, _ALL_MISSING = -1.0, -9.0


@dataclass(frozen=True, slots=True)
class Containment:
    """What one query counted; it holds no value of any row.

    Attributes:
        rows: How many rows of the child were looked at.
        filled: How many of them have all the columns filled.
        distinct: How many distinct values those have.
        missing: How many of the distinct values are not in the parent's key.
        family: The family of the child's type, such as ``integer``.
        density: For whole numbers, the share of those between the least and the greatest value that are keys.
        reach: For whole numbers, the share of the parent's keys that are not above the greatest value.
        sampled: The child has more rows than were looked at.
    """

    rows: int
    filled: int
    distinct: int
    missing: int
    family: str = ""
    density: float | None = None
    reach: float | None = None
    sampled: bool = False


def evidence_from(found: Containment) -> Evidence:
    """Return the weight and the words for what was counted; an empty table says nothing.

    The weight falls with the share of missing values, and rises with the number of distinct ones and with how few of
    the possible values are keys.
    """
    sample = f"{'a sample of ' if found.sampled else ''}{found.rows:,} {'row' if found.rows == 1 else 'rows'}"
    if not found.distinct:
        return Evidence(0.0, f"no value in {sample}")
    number = f"{found.distinct:,} distinct {'value' if found.distinct == 1 else 'values'}"
    if found.missing:
        share = found.missing / found.distinct
        weight = _ANY_MISSING + (_ALL_MISSING - _ANY_MISSING) * min(1.0, share / _DIRTY)
        return Evidence(weight, f"but {found.missing:,} of {number} are missing in the key ({sample})")
    weight = _surprise(found)
    if weight < 0:
        return Evidence(weight, f"but the {number} are among the first of the key alone ({sample})")
    return Evidence(weight, f"the key has all {number} ({sample})")


def _surprise(found: Containment) -> float:
    if found.density is None:
        chance = _CHANCE_OF_TEXT if found.family == "text" else _CHANCE_OF_UUID
        return min(_MOST_SURPRISE, -found.distinct * math.log(chance))
    gaps = -found.distinct * math.log(min(1.0, max(found.density, _NEXT_TO_NOTHING)))
    reach = found.distinct * math.log(min(1.0, max(found.reach or 0.0, _NEXT_TO_NOTHING)))
    return min(_MOST_SURPRISE, _FOUND_AT_ALL + gaps + max(_SHORT_REACH, min(0.0, reach + _USUAL_REACH)))
