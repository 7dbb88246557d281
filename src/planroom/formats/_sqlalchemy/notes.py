"""Annotations as the ``planroom`` entry of SQLAlchemy's ``info``, and back."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from planroom.errors import FormatError
from planroom.model import Annotations

__all__ = ["KEY", "annotations_of", "info_of"]

KEY = "planroom"

_KNOWN = {field.name: field for field in dataclasses.fields(Annotations) if field.name != "other"}
_HINTS = typing.get_type_hints(Annotations)


def annotations_of(info: Mapping[Any, Any], place: str) -> Annotations:
    """Return the annotations that an ``info`` dictionary holds under ``planroom``.

    Raises:
        FormatError: The entry is no dictionary, or a value has the wrong type.
    """
    entry = info.get(KEY) or {}
    if not isinstance(entry, Mapping):
        raise FormatError(
            f'info["{KEY}"] is a {type(entry).__name__}.',
            where=place,
            why="it must be a dictionary such as {'owner': 'core', 'rows': 2e9}.",
        )
    known = {name: _value(name, value, place) for name, value in entry.items() if name in _KNOWN}
    other = tuple(sorted((str(name), str(value)) for name, value in entry.items() if name not in _KNOWN))
    return Annotations(**known, other=other)


def _value(name: str, value: Any, place: str) -> Any:
    wanted = _HINTS[name]
    try:
        if wanted is str:
            return "|".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
        if value is None:
            return None
        return float(value) if float in typing.get_args(wanted) else int(value)
    except (TypeError, ValueError, OverflowError):
        kind = "a number" if float in typing.get_args(wanted) else "a whole number"
        raise FormatError(f'info["{KEY}"]["{name}"] is {value!r}.', where=place, why=f"it must be {kind}.") from None


def info_of(annotations: Annotations) -> dict[str, Any]:
    """Return the ``info`` dictionary that holds annotations; empty for none."""
    known = {name: getattr(annotations, name) for name in _KNOWN}
    entry = {name: value for name, value in known.items() if value not in {"", None}} | dict(annotations.other)
    return {KEY: entry} if entry else {}
