"""Frozen dataclasses, made in less time: what `dataclasses.dataclass(frozen=True)` makes.

The standard decorator compiles six methods for every class, from text. Seventy classes are there before one small file
has been judged, which was a quarter of the time that it took. Here ``__init__`` alone is compiled; the others are the
same functions for all classes. Straight into its slots a value of 17 fields is written in half the time, too.

A class of one decorator cannot inherit from a class of the other; Python refuses that when it is loaded.
"""

from __future__ import annotations

import dataclasses
import inspect
import reprlib
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from dataclasses import dataclass

__all__ = ["dataclass"]

_MISSING = dataclasses.MISSING


if not TYPE_CHECKING:

    def dataclass(
        *, frozen: bool, slots: bool = False, kw_only: bool = False, order: bool = False, eq: bool = True,
        repr: bool = True,  # noqa: A002  (the standard library's names)
    ) -> Callable[[type[Any]], type[Any]]:  # fmt: skip
        """Return a decorator that makes a frozen dataclass; the arguments are those of the standard library.

        Raises:
            TypeError: It is not to be frozen, or a field is to be left out of ``__init__``.
        """
        if not frozen:
            raise TypeError("planroom.values makes frozen dataclasses alone")

        def make(cls: type[Any]) -> type[Any]:
            own = {name for name, member in vars(cls).items() if name != "__hash__" or member is not None}
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            methods = {**_FROZEN, "__init__": _initialiser(made)}
            methods |= {"__repr__": _shown} if repr else {}
            methods |= _COPIED if slots else {}
            methods |= _comparing(made, order=order) if eq else {}
            for name in methods.keys() - own:
                setattr(made, name, methods[name])
            return made

        return make


def _initialiser(cls: type[Any]) -> Callable[..., None]:
    """Return ``__init__``, compiled from text as the standard library does it: no other way is as quick to call."""
    fields = dataclasses.fields(cls)
    scope: dict[str, Any] = {"MISSING": _MISSING}
    positional: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for field in fields:
        if not field.init:
            raise TypeError(f"{cls.__name__}.{field.name} is left out of __init__")
        default, value = _given_or_default(field, scope)
        (named if field.kw_only else positional).append(field.name + default)
        body.append(_written(cls, field.name, value, scope))
    body += ["self.__post_init__()"] * hasattr(cls, "__post_init__")
    parameters = ", ".join(["self", *positional, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), scope)  # noqa: S102  (names of fields alone)
    function: Callable[..., None] = scope["__init__"]
    function.__qualname__ = f"{cls.__qualname__}.__init__"
    function.__annotations__ = {field.name: field.type for field in fields} | {"return": None}
    return function


def _given_or_default(field: dataclasses.Field[Any], scope: dict[str, Any]) -> tuple[str, str]:
    """Return a parameter's default and the value of its field, as text whose names are in ``scope``."""
    name = field.name
    if field.default_factory is not _MISSING:
        scope[f"new_{name}"] = field.default_factory
        return "=MISSING", f"new_{name}() if {name} is MISSING else {name}"
    if field.default is not _MISSING:
        scope[f"default_{name}"] = field.default
        return f"=default_{name}", name
    return "", name


def _written(cls: type[Any], name: str, value: str, scope: dict[str, Any]) -> str:
    """Return the line that gives a field its value, past the ``__setattr__`` that refuses it."""
    slot = getattr(cls, name, None)
    if not inspect.ismemberdescriptor(slot):
        return f"self.__dict__[{name!r}] = {value}"
    scope[f"set_{name}"] = slot.__set__
    return f"set_{name}(self, {value})"


# -- comparing -------------------------------------------------------------------------------------------------------


def _comparing(cls: type[Any], *, order: bool) -> dict[str, Callable[..., Any]]:
    """Return what compares values of a class by its fields, in their order."""
    fields = dataclasses.fields(cls)
    compared = _reading(field.name for field in fields if field.compare)
    hashed = _reading(field.name for field in fields if (field.compare if field.hash is None else field.hash))

    def equal(self: Any, other: Any) -> bool:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    methods: dict[str, Callable[..., Any]] = {"__eq__": equal, "__hash__": lambda self: hash(hashed(self))}
    return methods | _ordering(compared) if order else methods


def _ordering(compared: Callable[[Any], tuple[Any, ...]]) -> dict[str, Callable[..., Any]]:
    def less(self: Any, other: Any) -> bool:
        return compared(self) < compared(other) if other.__class__ is self.__class__ else NotImplemented

    def less_or_equal(self: Any, other: Any) -> bool:
        return compared(self) <= compared(other) if other.__class__ is self.__class__ else NotImplemented

    def greater(self: Any, other: Any) -> bool:
        return compared(self) > compared(other) if other.__class__ is self.__class__ else NotImplemented

    def greater_or_equal(self: Any, other: Any) -> bool:
        return compared(self) >= compared(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__lt__": less, "__le__": less_or_equal, "__gt__": greater, "__ge__": greater_or_equal}


def _reading(names: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives the values of some attributes, always as a tuple."""
    known = tuple(names)
    if len(known) > 1:
        return attrgetter(*known)
    return lambda value: tuple(getattr(value, name) for name in known)


# -- the same for all classes ------------------------------------------------------------------------------------------


@reprlib.recursive_repr()
def _shown(self: Any) -> str:
    fields = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(fields)})"


def _refuse_to_set(self: Any, name: str, value: Any) -> None:  # noqa: ARG001  (Python's signature)
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:  # noqa: ARG001  (as above)
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_FROZEN = {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
_COPIED = {"__getstate__": _state, "__setstate__": _set_state}
