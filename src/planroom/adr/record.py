"""One decision, as it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPEN_STATUSES", "PAST", "Link", "Record", "slug_of"]

PAST = frozenset({"rejected", "deprecated", "superseded"})
"""The statuses of decisions that are not in force, and will not be."""

OPEN_STATUSES = ("draft", "proposed", "accepted", "rejected", "deprecated", "superseded")
"""Those that most logs use; any other word is a status too."""


@dataclass(frozen=True, slots=True)
class Link:
    """What one record says of another.

    Attributes:
        kind: ``supersedes``, ``superseded by``, ``amends``, ``amended by``, ``relates to``, ``conflicts with`` ... in
            lower case; the misspelt ``supercedes`` of old tools counts as what it means.
        target: What it names, as written: a file, a number, an id.
        number: The number that the target bears; None where it bears none.
        start, end: Where the target stands in the record's text; both -1 where it stands in no one place.
    """

    kind: str
    target: str
    number: int | None = None
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Record:
    """One decision.

    Attributes:
        source: The path, as it was given.
        text: The whole record, byte for byte.
        style: The style that it is written in: ``madr``, ``nygard``, ``log4brains``.
        number: From the file's name, or the title; None where neither has one.
        title: Without the number.
        status: One plain word or phrase in lower case, without what supersedes it; empty where nothing is said.
        date: As written; ``2026-11-28`` in most.
        deciders: Who decided.
        tags: Words to find it by.
        context: The section on the problem.
        decision: The section on the outcome.
        options: The options considered.
        argued: The options that pros and cons stand under.
        chosen: The option chosen; empty where no sentence says so in MADR's words.
        links: What it says of other records.
        meta: The front matter, as YAML reads it.
        problems: What could not be understood, in words.
    """

    source: str
    text: str
    style: str
    number: int | None = None
    title: str = ""
    status: str = ""
    date: str = ""
    deciders: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    context: str = ""
    decision: str = ""
    options: tuple[str, ...] = ()
    argued: tuple[str, ...] = ()
    chosen: str = ""
    links: tuple[Link, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict, compare=False)
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its folder and suffix: what log4brains calls its slug."""
        return re.split(r"[\\/]", self.source)[-1].removesuffix(".md")

    @property
    def id(self) -> str:
        """How people call it: ``ADR-0012``, or the file's name where it has no number."""
        return f"ADR-{self.number:04}" if self.number is not None else self.name

    def affects(self) -> tuple[str, ...]:
        """Return the selectors of what it is about, as the front matter names them."""
        return _texts(self.meta.get("affects"))

    def __str__(self) -> str:
        return f"{self.id} {self.title} ({self.status or 'no status'})"


def _texts(value: Any) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def slug_of(title: str) -> str:
    """Return what a title becomes in a file's name.

    Example:
        >>> slug_of("Partition `orders` by month, please")
        'partition-orders-by-month-please'
    """
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’`]", "", title.lower())).strip("-") or "decision"
