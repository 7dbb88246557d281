"""Expressions in two forms: as written, and canonical."""

from __future__ import annotations

from dataclasses import field

from planroom.values import dataclass

__all__ = ["Expression"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A SQL expression or query.

    Equality looks at the canonical form alone: ``a IN (1, 2)`` equals ``a = ANY (ARRAY[1, 2])``.

    Attributes:
        text: The expression as written, in valid SQL.
        canonical: The expression after canonicalisation, as text; see `planroom.sqltext.canonical`.
    """

    text: str = field(compare=False)
    canonical: str

    def __str__(self) -> str:
        return self.text
