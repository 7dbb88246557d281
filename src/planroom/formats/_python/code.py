"""Python expressions as values: printed as source code, or evaluated as what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Call", "Name", "Ref", "Value"]

Value: TypeAlias = Any
"""A literal (str, int, float, bool, None), a tuple, list or dictionary of values, `Name`, `Ref` or `Call`.

Nothing that a model says becomes code: its texts are literals, and only they.
"""


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name of a library, such as ``sa.Text``; never one of a model."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Something that the module defines, by what stands for it in the model: an id, or a pair that begins with a kind.

    Whoever prints or evaluates it says what it is called, or what it is.
    """

    key: object


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a library's function or class, or of one that the module brings."""

    function: str
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
