"""What a comparison finds: changes, what follows from each, and what cannot be told."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from planroom.comparison.anatomy import says_itself
from planroom.findings import Location, Severity
from planroom.sqltext import DataType, Expression

__all__ = ["Change", "ChangeState", "Facet", "Impact", "Judgement", "Unknown", "shown"]


class ChangeState(enum.StrEnum):
    """What happened to an object."""

    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    ADDED = "added"

    @property
    def glyph(self) -> str:
        """The sign that stands beside the colour."""
        return {ChangeState.ADDED: "+", ChangeState.REMOVED: "−"}.get(self, "~")


class Impact(enum.StrEnum):
    """What follows for those who use the database, from harmless to worst."""

    ADDITIVE = "additive"
    COMPATIBLE = "compatible"
    BREAKING_WRITERS = "breaking for writers"
    BREAKING_READERS = "breaking for readers"
    DESTRUCTIVE = "destructive"

    @property
    def rank(self) -> int:
        """How bad it is; a higher number is worse."""
        return list(Impact).index(self)

    @property
    def severity(self) -> Severity:
        """The severity of a finding that says so."""
        if self is Impact.DESTRUCTIVE:
            return Severity.ERROR
        return Severity.NOTE if self in {Impact.ADDITIVE, Impact.COMPATIBLE} else Severity.WARNING


@dataclass(frozen=True, slots=True)
class Judgement:
    """One consequence of a change, with its reason in a sentence."""

    impact: Impact
    reason: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One property that differs; its name is the path to it, such as ``type`` or ``annotations.owner``.

    Attributes:
        old: The old value, in the model's own form; None for none.
        new: The new value.
    """

    name: str
    old: Any
    new: Any

    @property
    def label(self) -> str:
        """The name in words."""
        return self.name.removeprefix("annotations.").replace("_", " ").replace(".", " ")

    def __str__(self) -> str:
        return f"{self.label} {shown(self.old)} → {shown(self.new)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object that was added, removed, renamed or changed.

    What belongs to an added or removed table goes with it and is no change of its own.

    Attributes:
        kind: What it is, such as ``table`` or ``foreign key``.
        subject: Its id in the new model, or in the old where it was removed. What was removed from a table that is
            called otherwise now bears the table's new name.
        former: Its id in the old model where that is another one; empty otherwise.
        owner: The id in the new model of the table, view or type that it is part of; empty for none.
        facets: What differs besides its name, in the model's order.
        judgements: What follows, the worst first, never empty.
        score: For a rename how sure it is, in (0, 1]; else None.
        evidence: For a rename why it is taken for one.
        repeated: In how many partitions or heirs of its table the same happened; those are no changes of their own.
        old: The object before; None when it was added.
        new: The object after; None when it was removed.
    """

    kind: str
    state: ChangeState
    subject: str
    former: str = ""
    owner: str = ""
    facets: tuple[Facet, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    score: float | None = None
    evidence: str = ""
    repeated: int = 0
    old: Any = None
    new: Any = None

    @property
    def impact(self) -> Impact:
        """The worst consequence."""
        return self.judgements[0].impact

    @property
    def reason(self) -> str:
        """Why it has that consequence."""
        return self.judgements[0].reason

    @property
    def severity(self) -> Severity:
        """How bad it is, for ``--fail-on``."""
        return self.impact.severity

    @property
    def old_location(self) -> Location:
        """Where the old object was read."""
        return getattr(self.old, "origin", Location())

    @property
    def new_location(self) -> Location:
        """Where the new object was read."""
        return getattr(self.new, "origin", Location())

    @property
    def details(self) -> str:
        """What differs, in words; empty for what is all new or all gone."""
        parts = [f"was {self.former} ({self.score:.2f}: {self.evidence})"] if self.score is not None else []
        parts += [f"was {self.former}"] if self.former and not parts else []
        parts += [str(facet) for facet in self.facets]
        parts += [f"also in {self.repeated} of its children"] if self.repeated else []
        return "; ".join(parts)

    def __str__(self) -> str:
        words = f"{self.state.glyph} {self.kind} {self.subject} {self.state}"
        return f"{words}: {self.details}" if self.details else words


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something of which it cannot be told whether it changed.

    Attributes:
        subject: The id of the object, or a few words for what is in neither model.
        what: The property, or ``statement``.
        reason: Why it cannot be told.
    """

    subject: str
    what: str
    reason: str

    def __str__(self) -> str:
        return f"? {self.subject}: {self.what}: {self.reason}"


def shown(value: Any) -> str:
    """Return a value of the model in a few words."""
    if value is None or value in ("", ()):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Expression | DataType | str | int | float):
        return str(value)
    if isinstance(value, tuple):
        return ", ".join(_item(each) for each in value)
    return _fields(value)


def _item(value: Any) -> str:
    if isinstance(value, tuple) and len(value) == 2:
        return f"{value[0]}={value[1]}"
    return shown(value)


def _fields(value: Any) -> str:
    """Return what a dataclass holds besides its defaults; one that can say itself in words does."""
    if says_itself(type(value)):
        return str(value)
    fresh = [(field.name, field.default) for field in value.__dataclass_fields__.values()]
    said = [f"{name.replace('_', ' ')} {shown(getattr(value, name))}" for name, default in fresh
            if getattr(value, name) not in (default, (), "")]  # fmt: skip
    return f"({', '.join(said)})" if said else "yes"
