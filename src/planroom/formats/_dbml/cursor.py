"""A place in a DBML text."""

from __future__ import annotations

import re

from planroom.formats._dbml.tokens import tokens
from planroom.formats._text.cursor import Cursor

__all__ = ["DbmlCursor"]

_NAME = r'(?:"[^"\n]*+"|[^\s"\'`{}\[\]():,.]++)'
_HEADED = frozenset({"table", "tablepartial", "tablegroup", "enum", "project", "ref"})
_HEAD = re.compile(
    rf"(?:(?:table|tablepartial|tablegroup|enum|project)[ \t]++{_NAME}(?:\.{_NAME})*+(?:[ \t]++as[ \t]++{_NAME})?+"
    rf"[ \t]*+(?:\[[^\]\n]*+\][ \t]*+)?+\{{|ref(?:[ \t]++{_NAME})?+[ \t]*+:)",
    re.IGNORECASE,
)
"""The beginning of an element, on one line: where a brace was forgotten, it ends the element before."""


class DbmlCursor(Cursor):
    """Walks over the words of a DBML text."""

    def __init__(self, text: str) -> None:
        super().__init__(text, tokens(text))

    def stay_inside(self, what: str) -> None:
        """Return when the word at the place can belong to the body of an element.

        Raises:
            Broken: It begins another element: the brace that closes this one is missing.
        """
        if self.begins_element():
            self.fail(f"{what} is not closed where {self.shown()} begins", "close it with } before.")
        if self.token.kind == "end":
            self.fail(f"{what} is never closed", "close it with }.")

    def begins_element(self) -> bool:
        """Whether an element begins at the place, as no column of a table could."""
        token = self.token
        if token.gap != "\n" or token.text.lower() not in _HEADED:
            return False
        return bool(_HEAD.match(self.text, token.place))
