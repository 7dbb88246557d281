"""How a sequence counts, in the clauses that the dialects share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.model import SequenceOptions

if TYPE_CHECKING:
    from planroom.sqltext.cursor import Cursor

__all__ = ["sequence_options"]

_BIGGEST = 2**63


def sequence_options(cursor: Cursor) -> SequenceOptions:
    """Return the options that stand here, up to what is none; what is the default is None."""
    said: dict[str, int] = {}
    cycle = False
    while word := cursor.take_any(
        {"START", "INCREMENT", "MINVALUE", "MAXVALUE", "CACHE", "CYCLE", "NO", "NOCYCLE", "NOCACHE"}
    ):
        if word == "NO":
            cursor.skip()
        elif word == "CYCLE":
            cycle = True
        elif not word.startswith("NO"):
            cursor.take_any({"WITH", "BY"})
            cursor.take("=")
            sign = -1 if cursor.take("-") else 1
            said[word] = sign * int(cursor.skip().text)
    return _without_defaults(said, cycle=cycle)


def _without_defaults(said: dict[str, int], *, cycle: bool) -> SequenceOptions:
    increment = said.get("INCREMENT", 1)
    usual_minimum, usual_maximum = (1, _BIGGEST - 1) if increment > 0 else (-_BIGGEST, -1)
    minimum, maximum = said.get("MINVALUE", usual_minimum), said.get("MAXVALUE", usual_maximum)
    first = minimum if increment > 0 else maximum
    return SequenceOptions(
        start=said["START"] if said.get("START", first) != first else None,
        increment=increment,
        minimum=None if minimum == usual_minimum else minimum,
        maximum=None if maximum == usual_maximum else maximum,
        cache=said.get("CACHE", 1),
        cycle=cycle,
    )
