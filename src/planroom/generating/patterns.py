"""Regular expressions turned round: from a pattern to the texts that match it, numbered.

A pattern is read as a sequence of places, each with a few alternatives; the number of a text in mixed radix chooses one
for each place. So a pattern gives as many different texts as it has, none twice, and any of them by its number.
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass
from functools import cached_property

from planroom.generating.quoting import literal

__all__ = ["Pattern", "parse_pattern"]

_CLASSES = {
    "alpha": string.ascii_letters, "digit": string.digits, "alnum": string.ascii_letters + string.digits,
    "upper": string.ascii_uppercase, "lower": string.ascii_lowercase, "space": " ", "xdigit": "0123456789abcdef",
    "punct": "-.", "word": string.ascii_lowercase + string.digits,
}  # fmt: skip
_ESCAPES = {"d": string.digits, "w": string.ascii_lowercase + string.digits, "s": " "}
_ANY = string.ascii_lowercase
_PLAIN = string.ascii_lowercase + string.digits + string.ascii_uppercase + "-_."
_MOST_REPEATED = 8  # of what may repeat without end
_MOST_PLACES = 400
_LARGEST = 1 << 52  # a number in mixed radix stays a 64-bit integer, and exact as a double


@dataclass(frozen=True)
class Pattern:
    """The texts that match a regular expression, or many of them.

    Attributes:
        places: The alternatives of each place, in order; never empty.
    """

    places: tuple[tuple[str, ...], ...]

    @cached_property
    def capacity(self) -> int:
        """How many different numbers give a text; two may give the same where alternatives overlap."""
        return min(math.prod(len(each) for each in self.places), _LARGEST)

    @property
    def longest(self) -> int:
        """The length of the longest text."""
        return sum(max(map(len, each)) for each in self.places)

    def sample(self, number: int) -> str:
        """Return the text with a number."""
        found = ""
        for place in reversed(self.places):
            found = place[number % len(place)] + found
            number //= len(place)
        return found

    def text(self, number: str) -> str:
        """Return SQL for the text with a number, SQL for a whole number >= 0; beyond the capacity it begins again."""
        divisor, parts = 1, []
        for place in reversed(self.places):
            if len(place) == 1 or divisor > _LARGEST:
                parts.append(literal(place[0]))
                continue
            digit = f"({number}) // {divisor} % {len(place)}" if divisor > 1 else f"({number}) % {len(place)}"
            parts.append(_chosen(place, digit))
            divisor *= len(place)
        return " || ".join(reversed(_merged(parts))) or "''"


def _merged(parts: list[str]) -> list[str]:
    """Return the parts (in reverse) with neighbouring constants made one."""
    merged: list[str] = []
    for part in parts:
        if merged and merged[-1].startswith("'") and part.startswith("'"):
            merged[-1] = part[:-1] + merged[-1][1:]
        else:
            merged.append(part)
    return merged


def _chosen(place: tuple[str, ...], digit: str) -> str:
    if all(len(each) == 1 for each in place):
        return f"substr({literal(''.join(place))}, CAST({digit} AS INTEGER) + 1, 1)"
    return f"[{', '.join(map(literal, place))}][CAST({digit} AS INTEGER) + 1]"


def parse_pattern(text: str) -> Pattern | None:
    """Return the texts that match a regular expression of PostgreSQL; None for what is not understood.

    Understood are characters, classes, groups, alternatives and repetitions; not look-around and back references.

    Example:
        >>> parse_pattern("^[A-Z]{2}[0-9]$").capacity
        6760
    """
    reader = _Reader(text)
    try:
        places = reader.alternatives()
    except (_NotUnderstoodError, IndexError):
        return None
    if reader.position != len(text) or len(places) > _MOST_PLACES:
        return None
    return Pattern(tuple(map(tuple, places)) or (("",),))


class _NotUnderstoodError(Exception):
    pass


_Places = list[list[str]]


class _Reader:
    """Reads a regular expression from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def _peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def _next(self) -> str:
        self.position += 1
        return self.text[self.position - 1]

    def alternatives(self) -> _Places:
        """Read what ``|`` separates, up to a closing parenthesis or the end."""
        branches = [self._sequence()]
        while self._peek() == "|":
            self._next()
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        return [[text for branch in branches for text in _texts(branch)]]

    def _sequence(self) -> _Places:
        places: _Places = []
        while self._peek() not in {"", "|", ")"}:
            places += self._repeated(self._one())
        return places

    def _one(self) -> _Places:
        character = self._next()
        if character in "^$":
            return []
        if character == "(":
            return self._group()
        if character == "[":
            return [list(self._class())]
        if character == ".":
            return [list(_ANY)]
        if character == "\\":
            return [list(self._escape())]
        if character in "*+?{":
            raise _NotUnderstoodError
        return [[character]]

    def _group(self) -> _Places:
        if self.text[self.position : self.position + 1] == "?":
            if self.text[self.position : self.position + 2] != "?:":
                raise _NotUnderstoodError
            self.position += 2
        inner = self.alternatives()
        if self._next() != ")":
            raise _NotUnderstoodError
        return inner

    def _escape(self) -> str:
        character = self._next()
        if character in _ESCAPES:
            return _ESCAPES[character]
        if character.isalnum():  # \1, \y, \m ...
            raise _NotUnderstoodError
        return character

    def _class(self) -> str:
        negated = self._peek() == "^"
        self.position += negated
        found = ""
        first = True
        while first or self._peek() != "]":
            first = False
            found += self._member()
        self._next()
        if negated:
            found = "".join(each for each in _PLAIN if each not in found)
        if not found:
            raise _NotUnderstoodError
        return "".join(dict.fromkeys(found))

    def _member(self) -> str:
        if self.text.startswith("[:", self.position):
            end = self.text.index(":]", self.position) if ":]" in self.text[self.position :] else -1
            name = self.text[self.position + 2 : end]
            if end < 0 or name not in _CLASSES:
                raise _NotUnderstoodError
            self.position = end + 2
            return _CLASSES[name]
        character = self._next()
        if character == "\\":
            return self._escape()
        if self._peek() == "-" and self.text[self.position + 1 : self.position + 2] not in {"]", ""}:
            self._next()
            last = self._next()
            last = self._escape() if last == "\\" else last
            if len(last) != 1 or not 0 <= ord(last) - ord(character) < 256:
                raise _NotUnderstoodError
            return "".join(chr(code) for code in range(ord(character), ord(last) + 1))
        return character

    def _repeated(self, places: _Places) -> _Places:
        sign = self._peek()
        if sign not in {"*", "+", "?", "{"}:
            return places
        self._next()
        low, high = {"*": (0, 3), "+": (1, _MOST_REPEATED), "?": (0, 1)}.get(sign) or self._counts()
        if self._peek() == "?":
            self._next()
        if low == high:
            return places * low
        if sign == "+" or low >= 1:  # what may be longer has the length that gives enough different texts
            return places * max(low, min(high, _MOST_REPEATED))
        return [["", *_texts(places)]] if high == 1 else []

    def _counts(self) -> tuple[int, int]:
        end = self.text.find("}", self.position)
        low, comma, high = self.text[self.position : end].partition(",")
        self.position = end + 1
        if end < 0 or not low.isdigit() or not (high.isdigit() or not high):
            raise _NotUnderstoodError
        return int(low), (int(high) if high else int(low) + _MOST_REPEATED) if comma else int(low)


def _texts(places: _Places) -> list[str]:
    """Return a few of the texts that places give together: all, where they are few."""
    many = math.prod(len(each) for each in places)
    step = max(1, many // 100)
    found = []
    for number in range(0, many, step):
        text, rest = "", number
        for place in reversed(places):
            text = place[rest % len(place)] + text
            rest //= len(place)
        found.append(text)
    return found
