"""One vocabulary for everything that judges: where, how bad, what follows, what to do."""

from __future__ import annotations

import enum
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, Final

from planroom.changing import replace
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["NOWHERE", "DocumentedRule", "Edit", "Effect", "Finding", "Fix", "Location", "Rule", "Severity"]


class Severity(enum.IntEnum):
    """How bad a finding is; a higher number is worse."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def glyph(self) -> str:
        """The sign that stands beside the colour, so that colour is never the only one."""
        return {Severity.NOTE: "○", Severity.WARNING: "▲", Severity.ERROR: "●"}[self]

    def __str__(self) -> str:
        return self.name.lower()


class Effect(enum.StrEnum):
    """What happens if nothing is done."""

    REWRITE = "rewrite"
    SCAN = "scan"
    BLOCKS_READS = "blocks-reads"
    BLOCKS_WRITES = "blocks-writes"
    FAILS = "fails"
    BREAKS_QUERIES = "breaks-queries"
    LOSES_DATA = "loses-data"
    WRONG_RESULT = "wrong-result"
    SLOW = "slow"
    INSECURE = "insecure"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a source: lines and columns count from 1; 0 means unknown.

    Attributes:
        source: A path as the user gave it, a URL without its password, or ``<text>``.
        line: The line, from 1.
        column: The column, from 1, in characters.
        length: How many characters the place spans.
    """

    source: str = ""
    line: int = 0
    column: int = 0
    length: int = 0

    def __str__(self) -> str:
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.source, *numbers] if self.source else numbers)


NOWHERE: Final = Location()
"""The place of what has none: one value that all of them share."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to stand in a source instead of what stands there; it follows from the statement and the model alone.

    Attributes:
        location: The place; where its length is 0, the text is put in before it.
        text: What is to stand there.
        part: What of the statement that begins at the place is meant, such as ``("type", "payload", "json")``, where
            the rule knows a model and no text; empty where the place says it all.
    """

    location: Location
    text: str
    part: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """What to do: words, and where it is mechanical a replacement text, or the edits that do it.

    Attributes:
        text: The words.
        replacement: A statement to run, or a text to put in its place.
        edits: What to change in the sources; all of them belong together.
    """

    text: str
    replacement: str | None = None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement about one object or one place.

    Attributes:
        code: The rule's code, such as ``MIG006``.
        slug: The rule's name, such as ``index-built-without-concurrently``.
        message: What is wrong here, with the user's names.
        subject: The id of the object that it is about, such as ``sales.orders.email``.
        facts: What it rests on (lock level, rows ...), for machines.
    """

    code: str
    slug: str
    severity: Severity
    message: str
    effect: Effect = Effect.ADVICE
    subject: str = ""
    location: Location = NOWHERE
    why: str = ""
    fix: Fix | None = None
    source: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def with_edits(self, edits: Sequence[Edit]) -> Finding:
        """Return the finding with the edits that do what its fix says."""
        return replace(self, fix=replace(self.fix, edits=tuple(edits))) if edits and self.fix is not None else self

    def without_edits(self) -> Finding:
        """Return the finding with the words of its fix alone."""
        return replace(self, fix=replace(self.fix, edits=())) if self.fix is not None and self.fix.edits else self

    def __str__(self) -> str:
        place = str(self.location)
        return f"{place}{': ' if place else ''}{self.severity.glyph} {self.severity} {self.code} {self.message}"


class Rule:
    """What every rule declares; a rule's file name is its slug.

    Attributes:
        code: A short, stable code.
        severity: How bad its findings are, unless the facts say otherwise.
        effect: What happens if nothing is done.
        fix: What to do, in one sentence.
        source: Where the rule comes from: a manual page, a paper.
    """

    code: str
    severity: Severity = Severity.WARNING
    effect: Effect = Effect.ADVICE
    fix: str = ""
    source: str = ""

    @property
    def slug(self) -> str:
        """The rule's name: its module's, with dashes."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    def finding(self, message: str, *, subject: str = "", location: Location | None = None, **facts: object) -> Finding:
        """Return a finding of this rule."""
        return Finding(
            code=self.code,
            slug=self.slug,
            severity=self.severity,
            effect=self.effect,
            message=message,
            subject=subject,
            location=location or NOWHERE,
            why=(type(self).__doc__ or "").partition("\n")[0],
            fix=Fix(self.fix) if self.fix else None,
            source=self.source,
            facts=facts,
        )


class DocumentedRule(Rule):
    """A rule whose page is generated from it: its docstring, and its examples, which are its tests.

    The first line of the docstring says what is wrong with what it finds; the rest is its page.

    Attributes:
        subject: What it judges.
        before: What the examples stand on.
        bad: Examples in which the rule finds something, each of them; as text they stand on its page.
        good: Examples in which it finds nothing, though they look like it.
        proof: What stands behind it.
        unproven: Why no experiment stands behind it; empty where one does.
    """

    subject: ClassVar[str]
    before: ClassVar[str] = ""
    bad: ClassVar[Sequence[object]] = ()
    good: ClassVar[Sequence[object]] = ()
    proof: ClassVar[str] = "tests hold it against a PostgreSQL server"
    unproven: ClassVar[str] = ""
