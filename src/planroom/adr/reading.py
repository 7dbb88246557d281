"""From a text to a record, in whichever style it is written."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.adr.styles import STYLES
from planroom.adr.styles.base import Source

if TYPE_CHECKING:
    from planroom.adr.record import Record
    from planroom.adr.styles.base import Style

__all__ = ["read_record", "style_of"]


def read_record(text: str, source: str) -> Record:
    """Return the record that a text holds.

    Args:
        text: The whole text.
        source: Its path; the file's name gives the number.

    Raises:
        SyntaxProblem: Its front matter is broken.
    """
    looked_at = Source(source, text)
    return next(style for style in _in_order() if style.recognises(looked_at)).read(looked_at)


def style_of(record: Record) -> Style:
    """Return the style that a record is written in."""
    return STYLES[record.style]


@lru_cache(maxsize=1)
def _in_order() -> tuple[Style, ...]:
    return tuple(sorted(STYLES, key=lambda each: each.order))
