"""The words of DBML: one expression finds them, each character is looked at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.formats._text.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["tokens", "unescaped", "unindented"]

_WORD = r"[^\x00-/:-@\[-^`{-\xa0\s]"
"""What a bare name is made of: letters, digits, underscores, and what is not ASCII."""

# Possessive throughout (``++``, ``*+``): nothing that was matched is tried again. What is never closed takes all that
# it could have been part of, so that it is looked for once. Both keep time linear in the text.
_COMMENT = r"//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_TOKEN = re.compile(
    rf"""(?P<gap>(?:[\s\ufeff]++|{_COMMENT})*+)
    (?:(?P<number>[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?!{_WORD}))
    |(?P<word>{_WORD}++)
    |(?P<block>'''(?:[^\\']++|\\.|'(?!''))*+''')
    |(?P<open>'''.*+|/\*.*+)
    |(?P<string>'(?:[^\\'\n]++|\\.)*+')
    |(?P<quoted>"(?:[^\\"\n]++|\\.)*+")
    |(?P<code>`[^`]*+`)
    |(?P<unclosed>['"][^\n]*+|`.*+)
    |(?P<color>\#{_WORD}*+)
    |(?P<sign><>|->|<-|.)
    |(?P<end>\Z))""",
    re.VERBOSE | re.DOTALL,
)
_COMMENTS = re.compile(_COMMENT)


_new: Callable[..., Token] = tuple.__new__  # twice as fast as Token(...), of which there are a hundred for each table


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text, and ``end`` for ever.

    They are ``word``, ``quoted``, ``string``, ``number``, ``code`` (between backticks), ``color`` and signs.
    """
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "end"
        gap, word = found.group("gap", kind)
        end = found.end()
        place = end - len(word)
        if gap and gap != " ":
            gap = _gap(gap)
        if kind == "sign":
            kind = word
        elif kind in _MEANINGS:
            kind, meaning = _MEANINGS[kind]
            word = meaning(word)
        yield _new(Token, (kind, word, place, end, gap))
    while True:
        yield Token("end", "", len(text), len(text), "\n")


def _gap(text: str) -> str:
    """Return a line end if there is one outside comments, else a blank."""
    if "\n" not in text:
        return " "
    return "\n" if "/*" not in text or "\n" in _COMMENTS.sub("", text) else " "


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(\r\n|.))", re.DOTALL)
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "v": "\v", "f": "\f", "\n": "", "\r\n": "", " ": "\\ ",
}  # fmt: skip


def unescaped(text: str) -> str:
    r"""Return what a text between quotes means: ``\'`` is a quote, a backslash at the line's end joins two lines."""
    if "\\" not in text:
        return text
    found = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPES.get(match[2], match[2]), text)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if "\\u" in text else found


def unindented(text: str) -> str:
    r"""Return a block string without the lines that only hold its quotes, and without the indent of all its lines.

    Example:
        >>> unindented("\n    one\n      two\n  ")
        'one\n  two'
    """
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip(" \t\r")]
    if not filled:
        return ""
    last = len(lines) if lines[-1].strip(" \t\r") else len(lines) - 1
    indent = min(len(lines[number]) - len(lines[number].lstrip(" \t")) for number in filled)
    return "\n".join(line[indent:] for line in lines[filled[0] : last])


_MEANINGS: dict[str, tuple[str, Callable[[str], str]]] = {
    "string": ("string", lambda word: unescaped(word[1:-1])),
    "quoted": ("quoted", lambda word: unescaped(word[1:-1])),
    "block": ("string", lambda word: unindented(unescaped(word[3:-3]))),
    "code": ("code", lambda word: word[1:-1]),
    "unclosed": ("open", str),
}
