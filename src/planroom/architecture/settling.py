"""What every part of a system goes through when it is made."""

from __future__ import annotations

from dataclasses import fields

from planroom.errors import ModelError

__all__ = ["settle"]

_SEPARATORS = frozenset(":/. \t\n")


def settle(thing: object) -> None:
    """Turn lists into tuples, refuse a key that cannot be named, and make a name of one where none is given."""
    for field in fields(thing):  # type: ignore[arg-type]
        value = getattr(thing, field.name)
        if isinstance(value, list):
            object.__setattr__(thing, field.name, tuple(value))
        elif isinstance(value, str) and str(field.type).startswith("tuple"):
            object.__setattr__(thing, field.name, (value,))
    key = getattr(thing, "key", None)
    if key is not None and (not isinstance(key, str) or not key or set(key) & _SEPARATORS):
        raise ModelError(
            f"{key!r} cannot be the key of a {type(thing).__name__}.",
            why="a key is one word, without ':', '/', '.' and blanks.",
            fix='write a short key, and the name beside it: Container("billing", "Billing service").',
        )
    if key and getattr(thing, "name", None) == "":
        object.__setattr__(thing, "name", _titled(key))


def _titled(key: str) -> str:
    words = key.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
