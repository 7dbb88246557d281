"""The JSON of stored statistics, taken apart: each field is held to its kind, and what is wrong has a place."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
from typing import TYPE_CHECKING, Any, TypeVar

from planroom.errors import SourceError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["SCHEMA", "document_of", "items", "number", "pairs", "text_at", "texts_by_name"]

SCHEMA = "planroom.statistics/1"
"""The name and version of the text's own structure; within a version, fields are only added."""

_KEYS = ("schema", "version", "source", "settings", "left_out", "assumptions", "relations", "columns", "extended")
_EXPORT = "export them again: `planroom stats export URL -o FILE`."
_LARGEST = 1 << 63
_NO_NUMBERS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

T = TypeVar("T")


def document_of(text: str, source: str) -> Mapping[str, Any]:
    """Return the object that a text holds.

    Raises:
        SourceError: It is no JSON, cut off, of another version, or has a key that statistics have not.
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        why = "the text ends before it is whole" if cut and text.strip() else error.msg[:1].lower() + error.msg[1:]
        raise _unreadable(f"{source or '<text>'}:{error.lineno}:{error.colno}", why) from None
    except (RecursionError, ValueError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _unreadable(source, why) from None
    found = data.get("schema", "nothing") if isinstance(data, dict) else _kind_of(data)
    if found != SCHEMA:
        raise SourceError(
            "The JSON text holds no statistics that this planroom reads.",
            where=source,
            why=f'it says {json.dumps(found, ensure_ascii=False)[:80]}, not "{SCHEMA}", under "schema".',
            fix=_EXPORT,
        )
    for key in data:
        if key not in _KEYS:
            raise _unknown(key, _KEYS, source)
    return data  # type: ignore[no-any-return]


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _unreadable(place: str, why: str) -> SourceError:
    return SourceError("The text of the statistics is no JSON.", where=place, why=f"{why}.", fix=_EXPORT)


def _unknown(key: str, known: tuple[str, ...], place: str) -> SourceError:
    close = nearest(key, known)
    return SourceError(
        f"The statistics have an unknown key {key!r}.",
        where=place,
        why=f"{', '.join(known)} are known.",
        fix=f"did you mean {close!r}?" if close else "a newer planroom may have written it: update this one.",
    )


def _misfit(expected: str, data: object, place: str) -> SourceError:
    return SourceError(f"The statistics have {_kind_of(data)} where {expected} belongs.", where=place, fix=_EXPORT)


def _kind_of(data: object) -> str:
    """Return in words what a value of JSON is."""
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return kinds.get(type(data), "a number")


# -- kinds of values ---------------------------------------------------------------------------------------------------


def _text(data: Any) -> str:
    return data if type(data) is str else _no("a text")


def _boolean(data: Any) -> bool:
    return data if type(data) is bool else _no("true or false")


def _whole(data: Any) -> int:
    return data if type(data) is int and -_LARGEST <= data < _LARGEST else _no("a whole number of 64 bits")


def _float(data: Any) -> float:
    if type(data) is float and math.isfinite(data):
        return data
    if type(data) is int and abs(data) < _LARGEST:
        return float(data)
    return _NO_NUMBERS[data] if type(data) is str and data in _NO_NUMBERS else _no("a number")


def _texts(data: Any) -> tuple[str, ...]:
    if type(data) is not list or not all(type(each) is str for each in data):
        _no("a list of texts")
    return tuple(data)


def _floats(data: Any) -> tuple[float, ...]:
    return tuple(map(_float, data)) if type(data) is list else _no("a list of numbers")


def _ends(data: Any) -> tuple[str, str]:
    least, greatest = _texts(data) if type(data) is list and len(data) == 2 else _no("a list of two texts")
    return least, greatest


def _groups(data: Any) -> tuple[tuple[tuple[int, ...], float], ...]:
    if type(data) is not list or not all(type(each) is list and len(each) == 2 for each in data):
        _no("a list of pairs")
    if not all(type(numbers) is list for numbers, _ in data):
        _no("a list of lists of numbers with a number each")
    return tuple((tuple(map(_whole, numbers)), _float(value)) for numbers, value in data)


class _Misfit(Exception):  # noqa: N818  (caught where its place is known)
    """A value is of another kind; its text is what belongs there."""


def _no(expected: str) -> Any:
    raise _Misfit(expected)


_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "str": _text,
    "bool": _boolean,
    "int": _whole,
    "float": _float,
    "tuple[str, ...]": _texts,
    "tuple[float, ...]": _floats,
    "tuple[str, str]": _ends,
    "tuple[tuple[tuple[int, ...], float], ...]": _groups,
}
"""What reads a field, by the annotation of the field in the class of the value."""


# -- objects -----------------------------------------------------------------------------------------------------------


def items(data: Mapping[str, Any], name: str, cls: type[T], place: str) -> tuple[T, ...]:
    """Return the values of a class that a list of objects holds.

    Raises:
        SourceError: It is no such list; the message says where.
    """
    found = data.get(name, [])
    if not isinstance(found, list):
        raise _misfit("a list", found, place + name)
    return tuple([_value(each, cls, f"{place}{name}[{position}]") for position, each in enumerate(found)])


@functools.cache
def _readers(cls: Any) -> Mapping[str, Callable[[Any], Any]]:
    return {field.name: _KINDS[str(field.type).removesuffix(" | None")] for field in dataclasses.fields(cls)}


@functools.cache
def _required(cls: Any) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(cls) if each.default is dataclasses.MISSING)


def _value(data: Any, cls: type[T], place: str) -> T:
    if type(data) is not dict:
        raise _misfit("an object", data, place)
    kind: Any = cls
    readers, values = _readers(kind), {}
    for name, each in data.items():
        if name not in readers:
            raise _unknown(name, tuple(readers), place)
        try:
            values[name] = readers[name](each)
        except _Misfit as error:
            raise _misfit(str(error), each, f"{place}.{name}") from None
    for name in _required(kind):
        if name not in values:
            raise SourceError(f"The statistics lack the key {name!r}.", where=place, fix=_EXPORT)
    return cls(**values)


def _checked(data: Any, read: Callable[[Any], T], place: str) -> T:
    try:
        return read(data)
    except _Misfit as error:
        raise _misfit(str(error), data, place) from None


def number(data: Mapping[str, Any], name: str, place: str) -> int:
    """Return a whole number under a key; 0 where there is none.

    Raises:
        SourceError: It is something else.
    """
    return _checked(data.get(name, 0), _whole, place + name)


def text_at(data: Mapping[str, Any], name: str, place: str) -> str:
    """Return a text under a key; an empty one where there is none.

    Raises:
        SourceError: It is something else.
    """
    return _checked(data.get(name, ""), _text, place + name)


def texts_by_name(data: Mapping[str, Any], name: str, place: str) -> dict[str, str]:
    """Return the texts of an object under a key, by their names.

    Raises:
        SourceError: It is something else.
    """
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise _misfit("an object", found, place + name)
    return {key: _checked(value, _text, f"{place}{name}.{key}") for key, value in found.items()}


def pairs(data: Mapping[str, Any], name: str, place: str) -> tuple[tuple[str, str], ...]:
    """Return the texts of an object under a key as pairs, in their order.

    Raises:
        SourceError: It is something else.
    """
    return tuple(texts_by_name(data, name, place).items())
