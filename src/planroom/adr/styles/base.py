"""What a style of decision records declares, and what most of them share."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from planroom.adr.front_matter import FrontMatter, front_matter_of
from planroom.adr.markdown import Section, bullets, links, sections, without_code
from planroom.adr.record import Link, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Draft", "Source", "Style", "first_line", "kind_of_link", "link_of"]

_NUMBER_IN_NAME = re.compile(r"^(?:adr[-_ ]?)?(\d{1,5})(?=[-_. ]|$)", re.IGNORECASE)
_NUMBER_IN_TITLE = re.compile(r"^(?:adr[-_ ]?)?(\d{1,5})\s*[.:–—-]\s+", re.IGNORECASE)
_NUMBER_IN_TARGET = re.compile(r"(?:^|[/\\#\s]|adr[-_ ]?)(\d{1,5})(?=[-_.\s)\]]|$)", re.IGNORECASE)
_CHOSEN = re.compile(r"Chosen option:\s*(?:\"([^\"]+)\"|“([^”]+)”|'([^']+)'|\*\*([^*]+)\*\*|([^,.\n]+))", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A text that may be a record, looked at once."""

    name: str
    text: str

    @cached_property
    def front(self) -> FrontMatter:
        """The front matter."""
        return front_matter_of(self.text, self.name)

    @cached_property
    def plain(self) -> str:
        """The text without code, comments and front matter; every character in its place."""
        plain = without_code(self.text)
        return re.sub(r"[^\n]", " ", plain[: self.front.body]) + plain[self.front.body :]

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every heading with what stands below it."""
        return sections(self.plain)

    @cached_property
    def file(self) -> str:
        """The file's name."""
        return re.split(r"[\\/]", self.name)[-1]

    def section(self, *titles: str) -> Section | None:
        """Return the first section with one of those headings, whatever its case and level."""
        wanted = {title.lower() for title in titles}
        return next((each for each in self.sections if each.heading.text.lower() in wanted), None)

    def body(self, section: Section | None) -> str:
        """Return what a section says, as it is written; empty for none."""
        return self.text[section.start : section.end].strip() if section is not None else ""

    @property
    def heading(self) -> str:
        """The first heading of the highest level."""
        return next((each.heading.text for each in self.sections if each.heading.level == 1), "")

    @property
    def number(self) -> int | None:
        """The number in the file's name, or in the title."""
        found = _NUMBER_IN_NAME.match(self.file) or _NUMBER_IN_TITLE.match(self.heading)
        return int(found[1]) if found else None

    @property
    def title(self) -> str:
        """The title without its number."""
        return _NUMBER_IN_TITLE.sub("", self.heading).strip() or re.sub(r"[-_]+", " ", self.file.removesuffix(".md"))

    def items(self, section: Section | None) -> tuple[str, ...]:
        """Return the items of a section's outermost list."""
        if section is None:
            return ()
        found = bullets(self.plain, section.start, _end_of_own(section, self.sections))
        least = min((each.indent for each in found), default=0)
        return tuple(_unlinked(each.text) for each in found if each.indent == least)

    def options(self) -> tuple[str, ...]:
        """Return the options considered, as MADR lists them."""
        return self.items(self.section("considered options", "options considered"))

    def argued(self) -> tuple[str, ...]:
        """Return the options that have pros and cons."""
        outer = self.section("pros and cons of the options")
        if outer is None:
            return ()
        level = outer.heading.level + 1
        return tuple(
            _unlinked(each.heading.text)
            for each in self.sections
            if outer.start <= each.heading.start < outer.end and each.heading.level == level
        )

    def chosen(self) -> str:
        """Return the option that a sentence of MADR's says is chosen."""
        outcome = self.section("decision outcome")
        found = _CHOSEN.search(self.text, outcome.start, outcome.end) if outcome is not None else None
        return _unlinked(next(filter(None, found.groups()), "").strip()) if found else ""

    def links_in(self, section: Section | None) -> Iterator[Link]:
        """Yield the links of a section's list whose item says what they are: ``Supersedes [...](...)``."""
        if section is None:
            return
        for item in bullets(self.plain, section.start, section.end):
            for found in links(self.text, item.start, item.end):
                before = self.text[item.start : self.text.rfind("[", item.start, found.start)]
                if kind := kind_of_link(before):
                    yield link_of(kind, found.target, found.start, found.end)


def _end_of_own(section: Section, every: tuple[Section, ...]) -> int:
    """Return where a section's own words end: at the first heading below it."""
    return min(
        (each.heading.start for each in every if section.start <= each.heading.start < section.end), default=section.end
    )


def _unlinked(text: str) -> str:
    """Return a text with its links as their words, and without emphasis."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).strip().strip("*_ ").strip()


_KINDS = (
    (
        re.compile(r"superse?ced?e?s?ed\s+by|supersed+ed\s+by|superceded\s+by|replaced\s+by", re.IGNORECASE),
        "superseded by",
    ),
    (re.compile(r"superse?[cd]e?d?e?s|supercedes|supersedes|replaces", re.IGNORECASE), "supersedes"),
    (re.compile(r"amended\s+by", re.IGNORECASE), "amended by"),
    (re.compile(r"amends", re.IGNORECASE), "amends"),
    (re.compile(r"conflicts?\s+with|contradicts", re.IGNORECASE), "conflicts with"),
    (re.compile(r"depends\s+on|requires", re.IGNORECASE), "depends on"),
    (re.compile(r"(?:relates|related)\s+to|see\s+also|refines|refined\s+by|clarifie[sd]", re.IGNORECASE), "relates to"),
)


def kind_of_link(words: str) -> str:
    """Return what kind of link some words announce; both spellings of old tools are read.

    Example:
        >>> kind_of_link("Superceded by"), kind_of_link("Supersedes"), kind_of_link("Amends"), kind_of_link("Note:")
        ('superseded by', 'supersedes', 'amends', '')
    """
    return next((kind for pattern, kind in _KINDS if pattern.search(words)), "")


def link_of(kind: str, target: str, start: int = -1, end: int = -1) -> Link:
    """Return a link, with the number that its target bears."""
    name = re.split(r"[\\/]", target.partition("#")[0])[-1] if target.endswith(".md") or "/" in target else target
    found = _NUMBER_IN_NAME.match(name) or _NUMBER_IN_TARGET.search(name)
    return Link(kind, target.strip(), int(found[1]) if found else None, start, end)


def first_line(text: str) -> str:
    """Return the first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


@dataclass(frozen=True)
class Draft:
    """What a new record is made of.

    Attributes:
        number: Its number.
        title: What is decided, in a phrase.
        status: Such as ``proposed``.
        date: As ISO 8601 writes it.
        context: The problem; may hold Markdown, HTML and pictures.
        decision: The outcome.
        consequences: What follows.
        options: The options considered.
        chosen: The one that is chosen.
        meta: More front matter, in the order in which it is to stand.
    """

    number: int
    title: str
    status: str = "proposed"
    date: str = ""
    context: str = ""
    decision: str = ""
    consequences: str = ""
    options: tuple[str, ...] = ()
    chosen: str = ""
    meta: tuple[tuple[str, object], ...] = ()


class Style(ABC):
    """A plug-in: one style of decision records. Its file's name is its name.

    Attributes:
        order: Styles are asked in this order; the strictest first, and the last takes anything.
        writes: Whether new records can be written in it.
    """

    order: ClassVar[int] = 0
    writes: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The file's name."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def recognises(self, source: Source) -> bool:
        """Return whether a text is written in this style."""

    @abstractmethod
    def read(self, source: Source) -> Record:
        """Return the record."""

    @abstractmethod
    def with_status(self, record: Record, status: str, by: Link | None = None) -> str:
        """Return the record's text with another status; nothing else changes.

        Args:
            record: The record.
            status: A plain word or phrase.
            by: The record that supersedes it, where the status says so.
        """

    @abstractmethod
    def with_link(self, record: Record, link: Link, title: str) -> str:
        """Return the record's text with one more link.

        Args:
            record: The record.
            link: What to say; its target is a path from the record's folder.
            title: What the other record is called.
        """

    def file_name(self, draft: Draft) -> str:
        """Return what the file of a new record is called."""
        from planroom.adr.record import slug_of

        return f"{draft.number:04}-{slug_of(draft.title)}.md"

    def new(self, draft: Draft) -> str:
        """Return the text of a new record."""
        raise NotImplementedError(f"no records are written in the style {self.name}")
