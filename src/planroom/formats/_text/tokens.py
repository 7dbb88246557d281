"""One word of a text."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Token"]


class Token(NamedTuple):
    """One word.

    Attributes:
        kind: What it is: ``word``, ``string``, ``number`` and others that its language has; ``open`` (begun and never
            closed), ``end``, or a sign itself.
        text: What it means, without quotes and escapes.
        place: The offset of its first character.
        end: The offset after its last.
        gap: What stands between it and the word before: nothing, a blank, or a line end.
    """

    kind: str
    text: str
    place: int
    end: int
    gap: str
