"""The little of Markdown that a decision record is made of: headings, bullets and links, and where each stands.

Code blocks and comments hold none. Places are offsets in the text, so that an edit changes those bytes alone.
Source: CommonMark 0.31, "ATX headings", "Setext headings", "Fenced code blocks", "HTML blocks".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Bullet", "Heading", "MarkdownLink", "Section", "bullets", "headings", "links", "sections", "without_code"]

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n(?:.*?\n)??(?: {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+([^\n]*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_SETEXT = re.compile(r"^(?! {0,3}(?:[-*+>#]|\d+[.)]) )([^\n]*\S)[ \t]*\n {0,3}(=+|-+)[ \t]*$", re.MULTILINE)
_BULLET = re.compile(r"^([ \t]*)[-*+][ \t]+([^\n]*(?:\n(?!\s*[-*+] |\s*\n|#)[ \t]+[^\n]*)*)", re.MULTILINE)
_LINK = re.compile(
    r"(?<!!)\[((?:[^][]|\[[^][]*\])*)\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level from 1, its text, and where its line begins and ends."""

    level: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next heading of its level or a higher one.

    Attributes:
        heading: The heading.
        start: Where the body begins.
        end: Where it ends.
    """

    heading: Heading
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bullet:
    """An item of a list; its text may go on over lines that are indented."""

    indent: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkdownLink:
    """An inline link, and where its target stands."""

    text: str
    target: str
    start: int
    end: int


def without_code(text: str) -> str:
    """Return the text with fenced code and comments blanked, every other character in its place."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    return _COMMENT.sub(blank, _FENCE.sub(blank, text))


def headings(plain: str) -> tuple[Heading, ...]:
    """Return the headings of a text whose code is blanked, from the top down."""
    found = [Heading(len(each[1]), each[2].strip(), each.start(), each.end()) for each in _ATX.finditer(plain)]
    found += [
        Heading(1 if each[2][0] == "=" else 2, each[1].strip(), each.start(), each.end())
        for each in _SETEXT.finditer(plain)
        if each[1].strip() != "---"
    ]
    return tuple(sorted(found, key=lambda each: each.start))


def sections(plain: str) -> tuple[Section, ...]:
    """Return a section for each heading."""
    found = headings(plain)
    return tuple(
        Section(
            each,
            min(each.end + 1, len(plain)),
            next((later.start for later in found[at + 1 :] if later.level <= each.level), len(plain)),
        )
        for at, each in enumerate(found)
    )


def bullets(plain: str, start: int = 0, end: int | None = None) -> tuple[Bullet, ...]:
    """Return the items of lists between two places."""
    region = plain[: len(plain) if end is None else end]
    return tuple(
        Bullet(len(each[1].expandtabs(4)), " ".join(each[2].split()), each.start(2), each.end(2))
        for each in _BULLET.finditer(region, start)
    )


def links(plain: str, start: int = 0, end: int | None = None) -> tuple[MarkdownLink, ...]:
    """Return the inline links between two places."""
    region = plain[: len(plain) if end is None else end]
    return tuple(MarkdownLink(each[1], each[2], each.start(2), each.end(2)) for each in _LINK.finditer(region, start))
