"""What every part of a system goes through when it is made."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from planroom.errors import ModelError, QuantityError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["settle"]

_SEPARATORS = frozenset(":/. \t\n")


def settle(thing: object, parts: Mapping[str, type] | None = None) -> None:
    """Turn lists into tuples, refuse what cannot be meant, and make a name of the key where none is given.

    Args:
        thing: What was made.
        parts: What the members of some of its fields must be.

    Raises:
        ModelError: Its key cannot be one, or a field holds something else.
        QuantityError: Its number of instances is none.
    """
    known = fields(thing)  # type: ignore[arg-type]
    for field in known:
        if str(field.type).startswith("Sequence"):
            object.__setattr__(thing, field.name, _members(thing, field.name, (parts or {}).get(field.name, str)))
    if any(field.name == "key" for field in known):
        _check_key(thing, getattr(thing, "key", None))
    instances = getattr(thing, "instances", 1)
    if not isinstance(instances, int) or isinstance(instances, bool) or instances < 1:
        raise QuantityError(
            f"{instances!r} is no number of instances of {getattr(thing, 'key', '')!r}.",
            fix="write a whole number from 1 on.",
        )


def _members(thing: object, name: str, kind: type) -> tuple[object, ...]:
    value = getattr(thing, name)
    if isinstance(value, (str, kind)):
        value = (value,)
    try:
        members = tuple(sorted(value) if isinstance(value, (set, frozenset)) else value)
    except TypeError:
        members = (value,)
    for each in members:
        if not isinstance(each, kind):
            raise ModelError(
                f"{name} of a {type(thing).__name__} cannot hold {each!r}.",
                why=f"each of them is a {kind.__name__}, and this is a {type(each).__name__}.",
            )
    return members


def _check_key(thing: object, key: object) -> None:
    if not isinstance(key, str) or not key or set(key) & _SEPARATORS:
        raise ModelError(
            f"{key!r} cannot be the key of a {type(thing).__name__}.",
            why="a key is one word, without ':', '/', '.' and blanks.",
            fix='write a short key, and the name beside it: Container("billing", "Billing service").',
        )
    if getattr(thing, "name", None) == "":
        object.__setattr__(thing, "name", _titled(key))


def _titled(key: str) -> str:
    words = key.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
