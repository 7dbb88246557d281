"""What is known of the data behind a design: row counts, and what values are. An engine gives it; it holds no value."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model.names import ObjectId

__all__ = ["Facts", "PersonalValues"]


@dataclass(frozen=True, slots=True)
class PersonalValues:
    """What the values of a column turned out to be.

    Attributes:
        kind: ``e-mail addresses``, ``payment card numbers``, ``IBANs`` ...
        matching: How many of the values have that form and the right checksum.
        looked_at: How many different values were looked at.
    """

    kind: str
    matching: int
    looked_at: int


@dataclass(frozen=True)
class Facts:
    """What an engine says of the data of a design.

    Attributes:
        rows: Rows by table id, as far as the engine has an idea.
        personal: What the values of a column are, by column id.
        source: The engine's URL, without a password.
    """

    rows: Mapping[ObjectId, float] = field(default_factory=dict)
    personal: Mapping[ObjectId, PersonalValues] = field(default_factory=dict)
    source: str = ""
