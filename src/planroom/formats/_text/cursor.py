"""A place in a text: the word there, the next one, and what every part of a parser asks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from planroom.formats._text.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.formats._text.tokens import Token

__all__ = ["Broken", "Cursor"]

_SHOWN = 40  # characters of a word in a message
_NAMES = ("word", "quoted")


class Broken(Exception):  # noqa: N818  (an element is broken; it is caught where the next one begins)
    """An element does not parse.

    Attributes:
        reason: Why.
        fix: What to do.
        fault: The offset where it went wrong.
    """

    def __init__(self, reason: str, fix: str, fault: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.fault = fault


class Cursor:
    """Walks over the words of a text, once.

    Args:
        text: All of it.
        words: Its words, and ``end`` for ever.

    Attributes:
        text: All of it.
        token: The word at the place.
        following: The one after it.
        depth: How many braces are open.
        end: The offset after the last word that was passed.
        problems: What is broken and did not cost its element.
    """

    def __init__(self, text: str, words: Iterator[Token]) -> None:
        self._tokens = words
        self.text = text
        self.token = next(self._tokens)
        self.following = next(self._tokens)
        self.depth = 0
        self.end = 0
        self.problems: list[Problem] = []

    def advance(self) -> Token:
        """Pass the word at the place and return it."""
        token = self.token
        if token.kind == "{":
            self.depth += 1
        elif token.kind == "}":
            self.depth -= 1
        self.end = token.end
        self.token = self.following
        self.following = next(self._tokens)
        return token

    def accept(self, kind: str) -> bool:
        """Pass a word of this kind, if it is one."""
        if self.token.kind != kind:
            return False
        self.advance()
        return True

    def expect(self, kind: str, where: str, fix: str = "") -> Token:
        """Pass a word of this kind and return it.

        Raises:
            Broken: It is another; the message says that ``kind`` is missing ``where``.
        """
        if self.token.kind != kind:
            self.fail(f"{where} expects {kind!r}, not {self.shown()}", fix)
        return self.advance()

    def fail(self, reason: str, fix: str = "", *, at: int | None = None) -> NoReturn:
        """Give the element up.

        Raises:
            Broken: Always.
        """
        if self.token.kind == "open" and at is None:
            reason, fix = f"{self.shown()} begins and never ends", "close it."
        raise Broken(reason, fix, self.token.place if at is None else at)

    def shown(self) -> str:
        """Return the word at the place as a message shows it."""
        if self.token.kind == "end":
            return "the end of the text"
        word = self.text[self.token.place : min(self.token.end, self.token.place + _SHOWN)]
        return repr(word if self.token.end <= self.token.place + _SHOWN else f"{word}...")

    def is_new_line(self) -> bool:
        """Whether the word at the place is the first of its line, or closes the block."""
        return self.token.gap == "\n" or self.token.kind in ("}", "end")

    def end_line(self, what: str) -> None:
        """Return at the end of a line.

        Raises:
            Broken: More follows on it.
        """
        if not self.is_new_line():
            self.fail(f"{what} ends with its line, and {self.shown()} follows", "begin a new line there.")

    def name(self, what: str) -> str:
        """Pass a bare or quoted name and return it.

        Raises:
            Broken: There is none.
        """
        if self.token.kind not in _NAMES:
            self.fail(f"{what} expects a name, not {self.shown()}", 'quote it: "...", if it is meant as a name.')
        return self.advance().text

    def dotted(self, what: str) -> tuple[str, ...]:
        """Pass a name of one or more parts and return them.

        Raises:
            Broken: There is none.
        """
        parts = [self.name(what)]
        while self.token.kind == ".":
            self.advance()
            parts.append(self.name(what))
        return tuple(parts)

    def skip_block(self, what: str) -> None:
        """Pass a block, whatever is in it.

        Raises:
            Broken: It is never closed.
        """
        self.expect("{", what)
        outside = self.depth - 1
        while self.depth > outside:
            if self.token.kind in ("end", "open"):
                self.fail(f"{what} is never closed", "close it with }.")
            self.advance()
