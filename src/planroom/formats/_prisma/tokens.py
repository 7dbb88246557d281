"""The words of a Prisma schema."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from planroom.formats._text.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tokens"]

_WORD = r"[^\x00-,./:-@\[-^`{-\xa0\s]"
"""What a name is made of: letters, digits, underscores, dashes, and what is not ASCII."""

_COMMENT = r"//(?!/)[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_TOKEN = re.compile(
    rf"""(?P<gap>(?:[\s\ufeff]++|{_COMMENT})*+)
    (?:(?P<doc>///[^\n]*+)
    |(?P<open>/\*.*+)
    |(?P<number>-?[0-9]++(?:\.[0-9]++)?+(?!{_WORD}))
    |(?P<word>{_WORD}++)
    |(?P<string>"(?:[^\\"\n]++|\\[^\n])*+")
    |(?P<unclosed>"[^\n]*+)
    |(?P<sign>@@|.)
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})?|.)")


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text, and ``end`` for ever; ``doc`` is a line of a comment that belongs to what follows."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "end"
        gap, word = found.group("gap", kind)
        end = found.end()
        place = end - len(word)
        between = "\n" if "\n" in gap else gap[:1]
        if kind == "sign":
            kind = word
        elif kind == "string":
            word = _ESCAPE.sub(_escaped, word[1:-1])
        elif kind == "doc":
            word = word[3:].strip()
        yield Token("open" if kind == "unclosed" else kind, word, place, end, between)
    while True:
        yield Token("end", "", len(text), len(text), "\n")


def _escaped(found: re.Match[str]) -> str:
    """Return what an escape means, as in JSON; one that JSON does not know is kept."""
    try:
        meant: str = json.loads(f'"{found[0]}"')
    except ValueError:
        return found[0]
    return meant.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
