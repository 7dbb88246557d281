"""Namespaces, extensions, and what could not be read."""

from __future__ import annotations

from dataclasses import field

from planroom.findings import NOWHERE, Location
from planroom.values import dataclass

__all__ = ["Extension", "Schema", "Unread"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An installed extension, and the schema that holds what it brings; what it owns is not part of the model."""

    name: str
    schema: str = ""
    version: str = field(default="", compare=False)
    comment: str = field(default="", compare=False)
    origin: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A namespace of tables, views, types and routines."""

    name: str
    comment: str = ""
    origin: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A statement or object that the model does not hold: kept verbatim, never dropped in silence.

    Attributes:
        kind: ``structure`` (the model has no place for it), ``privileges``, ``data``, ``session``
            (settings, psql commands), ``query``, or ``broken`` (it does not parse, or contradicts the model).
        what: What it is, in a few words, such as ``CREATE CAST``.
        reason: Why it is not in the model.
        text: The statement as written, or a description of the object.
        subject: The id of the table or column that is in the model without it; empty where nothing of it is.
    """

    kind: str
    what: str
    reason: str
    text: str = ""
    location: Location = NOWHERE
    subject: str = ""
