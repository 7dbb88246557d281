"""JSON that is nested too deeply for Python's own reader, which recurses: a plan may be hundreds of joins deep."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

__all__ = ["deep_value"]

_TOKEN = re.compile(
    r"\s*(?:(?P<sign>[\[\]{},:])|(?P<quote>\")|(?P<word>true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<end>$))"
)
_COLON = re.compile(r"\s*:")
_WORDS = {"true": True, "false": False, "null": None}


def deep_value(text: str) -> Any:
    """Return the value that a JSON text holds, however deeply it is nested.

    Raises:
        json.JSONDecodeError: The text is no JSON.
    """
    reading = _Reading(text)
    while reading.step():
        pass
    return reading.value()


class _Reading:
    """Reads token by token; what is open lies on a list of its own instead of Python's stack."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._top: list[Any] = []
        self._open: list[Any] = [self._top]
        self._key: list[str | None] = [None]
        self._complete = False

    def step(self) -> bool:
        """Take one more token; return whether there may be another."""
        token = _TOKEN.match(self._text, self._at)
        if token is None:
            raise self._problem("Expecting value")
        self._at = token.end()
        sign = token["sign"]
        if sign in {"]", "}"}:
            self._close(sign)
        elif sign == "," and self._complete and len(self._open) > 1:
            self._complete = False
        elif token["end"] is None and sign not in {",", ":"} and not self._complete:
            self._take(token)
        elif token["end"] is None:
            raise self._problem("Expecting a comma")
        return token["end"] is None

    def value(self) -> Any:
        """Return the value, once every token is taken."""
        if len(self._open) > 1 or len(self._top) != 1:
            raise self._problem("Unterminated value")
        return self._top[0]

    def _close(self, sign: str) -> None:
        if len(self._open) == 1 or isinstance(self._open[-1], dict) is (sign == "]") or self._key[-1] is not None:
            raise self._problem(f"Unexpected {sign}")
        self._open.pop()
        self._key.pop()
        self._complete = True

    def _take(self, token: re.Match[str]) -> None:
        """Add a value to the innermost list or object, or keep it as the next key."""
        value: Any = [] if token["sign"] == "[" else {}
        if token["quote"]:
            value, self._at = scanstring(self._text, self._at, False)
        elif token["word"]:
            value = _WORDS[token["word"]] if token["word"] in _WORDS else json.loads(token["word"])
        into = self._open[-1]
        if isinstance(into, dict) and self._key[-1] is None:
            self._key[-1] = self._as_key(value)
            return
        if isinstance(into, dict):
            into[self._key[-1]] = value
            self._key[-1] = None
        else:
            into.append(value)
        self._complete = not token["sign"]
        if token["sign"]:
            self._open.append(value)
            self._key.append(None)

    def _as_key(self, value: Any) -> str:
        colon = _COLON.match(self._text, self._at)
        if not isinstance(value, str) or colon is None:
            raise self._problem("Expecting a key")
        self._at = colon.end()
        return value

    def _problem(self, message: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(message, self._text, self._at)
