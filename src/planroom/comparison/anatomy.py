"""What the model's dataclasses are made of, as their own fields say it: the comparison needs no list of them.

An *object* is a dataclass that must have a name, and has no words of its own. Fields that hold objects are its *parts*,
compared one by one; all other fields that equality looks at are its *facets*. A new field of the model is either, with
no new line here.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from dataclasses import dataclass
from typing import Any, Union

from planroom.sqltext import qualified, quote_identifier

__all__ = ["Anatomy", "anatomy", "has_schema", "is_group", "key_of", "kind_of", "part_id", "parts_in", "says_itself"]

_IDENTITY = ("schema", "name")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The fields of one dataclass, in its order.

    Attributes:
        identity: Those that say which object it is.
        parts: Those that hold objects of their own.
        facets: The others.
    """

    identity: tuple[str, ...]
    parts: tuple[str, ...]
    facets: tuple[str, ...]


@functools.cache
def anatomy(cls: type) -> Anatomy:
    """Return what a dataclass of the model is made of."""
    hints = typing.get_type_hints(cls)
    compared = [field for field in dataclasses.fields(cls) if field.compare]
    identity = tuple(field.name for field in compared if field.name in _IDENTITY and _required(field))
    parts = tuple(field.name for field in compared if _is_object(_held(hints[field.name])))
    rest = (field.name for field in compared if field.name not in {*identity, *parts})
    return Anatomy(identity, parts, tuple(rest))


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _held(hint: Any) -> Any:
    """Return what a field holds one or several of: the inner type of ``X | None`` and of ``tuple[X, ...]``."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (Union, types.UnionType):
        return next(each for each in arguments if each is not types.NoneType)
    return arguments[0] if typing.get_origin(hint) is tuple else hint


def _is_object(cls: Any) -> bool:
    if not (isinstance(cls, type) and dataclasses.is_dataclass(cls)) or says_itself(cls):
        return False
    return any(field.name == "name" and _required(field) for field in dataclasses.fields(cls))


def says_itself(cls: type) -> bool:
    """Whether values of a class have words of their own, as a data type or an expression has."""
    return any("__str__" in vars(each) for each in cls.__mro__ if each is not object)


def is_group(value: object) -> bool:
    """Whether a value is compared field by field: a dataclass that cannot say itself in words."""
    return dataclasses.is_dataclass(value) and not says_itself(type(value))


@functools.cache
def kind_of(cls: type) -> str:
    """Return what people call the objects of a class: ``foreign key``."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", cls.__name__).lower()


def has_schema(value: Any) -> bool:
    """Whether an object lives in a schema of its own choice, not in that of what it is part of."""
    return "schema" in anatomy(value.__class__).identity


def key_of(value: Any) -> str:
    """Return what identifies an object among its like: its id, or within what it is part of its name."""
    if hasattr(value, "id"):
        found: str = value.id
        return found
    return qualified(value.schema, value.name) if has_schema(value) else str(value.name)


def part_id(owner: str, name: str) -> str:
    """Return the id of a part of something: ``sales.orders.orders_pkey``."""
    return f"{owner}.{quote_identifier(name)}"


def parts_in(value: Any, field: str) -> tuple[Any, ...]:
    """Return the objects that a field holds: several, one, or none."""
    held = getattr(value, field)
    if isinstance(held, tuple):
        return held
    return () if held is None else (held,)
