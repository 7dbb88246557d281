"""Frozen values with some fields changed, quickly: a table is changed for every statement about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from operator import attrgetter, is_
from typing import Any, TypeVar

__all__ = ["changed", "each_changed", "replace"]

T = TypeVar("T")


def replace(value: T, /, **changes: Any) -> T:
    """Return a frozen dataclass with some fields changed, as `dataclasses.replace` does.

    The value is copied without running ``__init__``, in a fifth of the time for a table of 28 fields; what it has
    cached is left behind. It must have no ``__post_init__``.

    Raises:
        TypeError: There is no such field.
    """
    kind: Any = type(value)
    result: T = _replacing(kind)(value, changes)
    return result


def changed(value: T, /, **fields: Any) -> T:
    """Return a frozen dataclass with some fields changed; the value itself where it holds these very objects."""
    differing = {name: held for name, held in fields.items() if getattr(value, name) is not held}
    return replace(value, **differing) if differing else value


def each_changed(values: tuple[T, ...], change: Callable[[T], T]) -> tuple[T, ...]:
    """Return values, each changed; the same tuple where none is."""
    made = tuple([change(each) for each in values])
    return values if all(map(is_, made, values)) else made


Replacing = Callable[[Any, dict[str, Any]], Any]


@cache
def _replacing(kind: Any) -> Replacing:
    """Return what copies and changes the values of a class."""
    names = [field.name for field in dataclasses.fields(kind)]
    return _in_dictionary(kind, len(names)) if hasattr(object.__new__(kind), "__dict__") else _in_slots(kind, names)


def _in_dictionary(kind: Any, count: int) -> Replacing:
    new = object.__new__
    members = (member for base in kind.__mro__ for member in vars(base).items())
    caches = [name for name, member in members if isinstance(member, cached_property)]

    def replacing(value: Any, changes: dict[str, Any]) -> Any:
        copy = new(kind)
        state = copy.__dict__
        state.update(value.__dict__)
        for name in caches:
            state.pop(name, None)
        state.update(changes)
        if len(state) != count:
            raise _unknown(kind, changes)
        return copy

    return replacing


def _in_slots(kind: Any, names: list[str]) -> Replacing:
    new = object.__new__
    read = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
    write = {name: getattr(kind, name).__set__ for name in names}  # frozen values refuse plain assignment
    writers = tuple(write.values())

    def replacing(value: Any, changes: dict[str, Any]) -> Any:
        if not changes.keys() <= write.keys():
            raise _unknown(kind, changes)
        copy = new(kind)
        for put, held in zip(writers, read(value), strict=True):
            put(copy, held)
        for name, held in changes.items():
            write[name](copy, held)
        return copy

    return replacing


def _unknown(kind: Any, changes: Mapping[str, Any]) -> TypeError:
    known = {field.name for field in dataclasses.fields(kind)}
    return TypeError(f"{kind.__name__} has no field {min(changes.keys() - known)!r}")
