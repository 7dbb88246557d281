"""What cannot be told: neither the same nor different, with the reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from planroom.comparison.changes import Unknown
from planroom.model import Routine
from planroom.sqltext import DataType, Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.comparison.matching import Pair
    from planroom.model import Model, Unread

__all__ = ["cannot_tell", "unknowns_of"]

_REWRITTEN = "the server rewrites SQL-standard bodies, and the texts differ"
_MAKES_STRUCTURE = {"structure", "broken"}


def cannot_tell(pair: Pair, path: str, before: Any, after: Any, old: Model, new: Model) -> str:
    """Return why it cannot be told whether a property differs; empty when it can."""
    if path == "body" and isinstance(pair.old, Routine) and pair.old.atomic and pair.new.atomic:
        return _REWRITTEN if before != after else ""
    if before == after:
        return ""
    if DataType.UNKNOWN in (before, after):
        return "one of the types is unknown"
    if old.dialect != new.dialect and isinstance(before, Expression | DataType) and type(before) is type(after):
        return f"{old.dialect} and {new.dialect} write it differently"
    return ""


def unknowns_of(old: Model, new: Model) -> Iterator[Unknown]:
    """Yield what equality of the models leaves out and nobody can tell."""
    yield from _bodies(old, new)
    yield from _unread(old, new)


def _bodies(old: Model, new: Model) -> Iterator[Unknown]:
    atomic = {routine.id: routine for routine in old.routines if routine.atomic}
    for routine in new.routines:
        before = atomic.get(routine.id)
        if before and routine.atomic and before.body != routine.body:
            yield Unknown(routine.id, "body", _REWRITTEN)


def _unread(old: Model, new: Model) -> Iterator[Unknown]:
    """Yield the statements that one model lacks: what they make may differ, or not.

    A statement that stands in both sources makes the same in both.
    """
    before, after = (Counter(each.text for each in _structural(model)) for model in (old, new))
    for side, model, others in (("old", old, after), ("new", new, before)):
        for each in _structural(model):
            if each.text and others[each.text]:
                others[each.text] -= 1
            else:
                place = f" ({each.location})" if str(each.location) else ""
                yield Unknown(each.what, "statement", f"the {side} model lacks what it makes: {each.reason}{place}")


def _structural(model: Model) -> Iterator[Unread]:
    return (each for each in model.unread if each.kind in _MAKES_STRUCTURE)
