"""How wide a text is, without asking a font: pictures are the same on every machine.

Widths are Helvetica's, which Arial and Liberation Sans share, from their ``hmtx`` tables in 1/1000 em;
monospace is DejaVu Sans Mono's 0.602 em. Every width carries 8 % slack, so that a text still fits where
the reader's generic font is wider. Scripts outside the table get the width of their widest common letter.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ELLIPSIS", "SLACK", "Face", "clusters", "fit", "printable", "text_width"]

SLACK = 1.08
ELLIPSIS = "…"


class Face(StrEnum):
    """The generic font faces that drawings use."""

    SANS = "sans"
    BOLD = "bold"
    MONO = "mono"


# U+0020 to U+007E, in 1/1000 em.
_REGULAR = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
_MONO_EM = 602
_WIDE_EM = 1000
_EMOJI_EM = 1300  # Noto Color Emoji, the widest of the common ones
_UPPER_EM = 780  # Latin with marks, Greek and Cyrillic capitals
_LOWER_EM = 640
_ARABIC_EM = 760
_OTHER_EM = 1000
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"

# Overrides and isolates reorder what a reader sees; a name has no business doing that to a picture.
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def printable(text: str) -> str:
    r"""Return the text with every character visible and allowed in XML 1.0.

    Control characters become their control pictures (a newline ``␊``); direction overrides, lone
    surrogates and other characters that XML forbids become U+FFFD.

    Example:
        >>> printable("two\nlines")
        'two␊lines'
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    forbidden = 0x80 <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE
    return "\ufffd" if forbidden or character in _DIRECTION_CONTROLS else character


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, face: Face = Face.SANS) -> float:
    """Return an upper bound of the width of one line, in pixels, slack included.

    Args:
        text: The text as it will be drawn.
        size: Font size in pixels.
        face: The font face.
    """
    return sum(_advance(character, face) for character in text) * size * SLACK / 1000


def _advance(character: str, face: Face) -> int:
    code = ord(character)
    if 0x20 <= code < 0x7F:
        return _MONO_EM if face is Face.MONO else (_BOLD if face is Face.BOLD else _REGULAR)[code - 0x20]
    return _advance_outside_ascii(character, code, face)


@lru_cache(maxsize=4096)
def _advance_outside_ascii(character: str, code: int, face: Face) -> int:
    if _takes_no_room(character):
        return 0
    if code >= 0x1F000:
        return _EMOJI_EM
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE_EM
    if code < 0x0590:
        base = _UPPER_EM if unicodedata.category(character) in {"Lu", "Lt"} else _LOWER_EM
        return max(base, _MONO_EM) if face is not Face.BOLD else base + 50
    return _ARABIC_EM if code < 0x0900 else _OTHER_EM


def _takes_no_room(character: str) -> bool:
    return character == _EMOJI_STYLE or unicodedata.category(character) in {"Mn", "Me", "Cf"}


def clusters(text: str) -> Iterator[str]:
    r"""Yield what a reader sees as one character: a base with its combining marks, a joined emoji.

    Example:
        >>> [len(cluster) for cluster in clusters("e\u0301x")]
        [2, 1]
    """
    cluster = ""
    for character in text:
        joins = _takes_no_room(character) or 0x1F3FB <= ord(character) <= 0x1F3FF or cluster.endswith(_JOINER)
        if cluster and not joins:
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def fit(text: str, width: float, size: float, face: Face = Face.SANS) -> str:
    """Return the text, cut after a whole cluster and ended with an ellipsis when it is wider than ``width``.

    Example:
        >>> fit("customer_relationship", 60, 12)
        'custom…'
    """
    if text_width(text, size, face) <= width:
        return text
    room = width - text_width(ELLIPSIS, size, face)
    kept: list[str] = []
    for cluster in clusters(text):
        room -= text_width(cluster, size, face)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept) + ELLIPSIS
