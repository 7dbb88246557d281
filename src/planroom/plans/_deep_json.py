"""JSON that is nested too deeply for Python's own reader, which recurses: a plan may be hundreds of joins deep."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

__all__ = ["deep_value"]

_TOKEN = re.compile(
    r"\s*(?:(?P<sign>[\[\]{},:])|(?P<quote>\")|(?P<word>true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))"
)
_END = re.compile(r"\s*$")
_WORDS = {"true": True, "false": False, "null": None}


def deep_value(text: str) -> Any:
    """Return the value that a JSON text holds, however deeply it is nested.

    Raises:
        json.JSONDecodeError: The text is no JSON.
    """
    top: list[Any] = []
    open_ones: list[Any] = [top]
    keys: list[str | None] = [None]
    at, after_value = 0, False
    while not _END.match(text, at):
        token = _TOKEN.match(text, at)
        if token is None:
            raise json.JSONDecodeError("Expecting value", text, at)
        at = token.end()
        sign = token["sign"]
        if sign in {"]", "}"}:
            if len(open_ones) == 1 or isinstance(open_ones[-1], dict) is (sign == "]"):
                raise json.JSONDecodeError(f"Unexpected {sign}", text, at - 1)
            open_ones.pop()
            keys.pop()
            after_value = True
        elif sign == "," and after_value and len(open_ones) > 1:
            after_value = False
        elif sign in {"[", "{"} or (sign is None and not after_value):
            value: Any = [] if sign == "[" else {} if sign == "{" else None
            if token["quote"]:
                value, at = scanstring(text, at, False)
            elif token["word"]:
                value = _WORDS[token["word"]] if token["word"] in _WORDS else json.loads(token["word"])
            at = _put(open_ones[-1], keys, value, text, at, bool(token["quote"]))
            after_value = keys[-1] is None
            if sign:
                open_ones.append(value)
                keys.append(None)
                after_value = False
        else:
            raise json.JSONDecodeError("Expecting value", text, at)
    if len(open_ones) > 1 or len(top) != 1:
        raise json.JSONDecodeError("Unterminated value", text, len(text))
    return top[0]


def _put(into: Any, keys: list[str | None], value: Any, text: str, at: int, quoted: bool) -> int:
    """Add a value to the innermost list or object, or keep it as the next key; return where to read on."""
    if isinstance(into, list):
        into.append(value)
    elif keys[-1] is not None:
        into[keys[-1]] = value
        keys[-1] = None
    else:
        colon = re.compile(r"\s*:").match(text, at)
        if not quoted or colon is None:
            raise json.JSONDecodeError("Expecting a key", text, at)
        keys[-1] = value
        return colon.end()
    return at
