"""What a text says that a model does not hold."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PassedOver", "Problem"]


class PassedOver(NamedTuple):
    """A known element that a model has no place for; ``table`` is the table that it must be about, if it must."""

    kind: str
    what: str
    reason: str
    place: int
    end: int
    table: tuple[str, ...] = ()


class Problem(NamedTuple):
    """Something broken: what it is, why, and what to do; the text from ``place`` to ``end`` is what it cost."""

    what: str
    reason: str
    fix: str
    place: int
    end: int
    fault: int
    """Where exactly it went wrong; ``place`` is where the broken thing begins."""
