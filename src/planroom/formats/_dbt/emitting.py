"""Plain data as YAML that every parser reads alike, of YAML 1.1 (dbt Core) and 1.2 (dbt Fusion).

A text stands without quotes only where it begins with a letter and no parser could take it for anything else: ``no``,
``on``, ``1e3`` and ``a: b`` are quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["emitted"]

_PLAIN = re.compile(r"[^\W\d](?:[\w .()/'%+,;-]*[\w.()%'])?")
_WORDS = frozenset("true false yes no on off y n null nan inf none".split())
_WIDTH = 100


def emitted(value: Mapping[str, Any]) -> str:
    """Return a mapping of texts, numbers, booleans, lists and mappings as a YAML document."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            first, *rest = _lines(each)
            yield f"- {first}"
            yield from _indented(rest)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _entry(_scalar(key), each)
    else:
        yield _scalar(value)


def _entry(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, str) and _may_be_a_block(value):
        yield f"{key}: |-"
        yield from _indented(value.split("\n"))
    elif not isinstance(value, list | dict):
        yield f"{key}: {_scalar(value)}"
    elif _is_flat(value) and len(flow := _flow(value)) + len(key) < _WIDTH:
        yield f"{key}: {flow}"
    else:
        yield f"{key}:"
        yield from _indented(_lines(value))


def _indented(lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
    return (f"  {line}" if line else "" for line in lines)


def _is_flat(value: Any) -> bool:
    return not value or (isinstance(value, list) and not any(isinstance(each, list | dict) for each in value))


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{}"
    return f"[{', '.join(_scalar(each, in_flow=True) for each in value)}]"


def _may_be_a_block(text: str) -> bool:
    """Whether a text of several lines comes out of a literal block as it went in."""
    lines = text.split("\n")
    return (
        len(lines) > 1 and text == text.strip() and all(line.isprintable() and line == line.rstrip() for line in lines)
    )


def _scalar(value: Any, *, in_flow: bool = False) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    plain = _PLAIN.fullmatch(value) and value.isprintable() and value.casefold() not in _WORDS
    return value if plain and not (in_flow and "," in value) else _quoted(value)


def _quoted(text: str) -> str:
    return '"' + "".join(_character(each) for each in text) + '"'


def _character(each: str) -> str:
    if each in '"\\':
        return f"\\{each}"
    if each.isprintable():
        return each
    code = ord(each)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
