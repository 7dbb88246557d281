"""MADR 2 and log4brains: facts as a list of bullets below the title, without front matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.adr.markdown import Bullet, bullets, links
from planroom.adr.record import Link, Record
from planroom.adr.styles.base import Source, Style, kind_of_link, link_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Log4brains"]

_FACT = re.compile(r"^\**(status|deciders?|date|tags?|technical story)\**\s*:\s*(.*)$", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


class Log4brains(Style):
    """``- Status: accepted`` and its like between the title and the first section."""

    order: ClassVar[int] = 1

    def recognises(self, source: Source) -> bool:
        """Return whether facts stand as bullets before the first section, and there is no front matter."""
        return not source.front and bool(_facts(source))

    def read(self, source: Source) -> Record:
        """Return the record; a date may be written with the day first."""
        facts = {name: text for name, (text, _) in _facts(source).items()}
        status, by = _status(source)
        day = _DAY_FIRST.fullmatch(facts.get("date", ""))
        return Record(
            source=source.name,
            text=source.text,
            style=self.name,
            number=source.number if re.match(r"\d{1,5}(?!\d)", source.file) else None,
            title=source.title,
            status=status,
            date=f"{day[3]}-{day[2]}-{day[1]}" if day else facts.get("date", ""),
            deciders=_words(facts.get("deciders", facts.get("decider", ""))),
            tags=_words(facts.get("tags", facts.get("tag", ""))),
            context=source.body(source.section("context and problem statement")),
            decision=source.body(source.section("decision outcome")),
            options=source.options(),
            argued=source.argued(),
            chosen=source.chosen(),
            links=(*by, *source.links_in(source.section("links", "more information"))),
        )

    def with_status(self, record: Record, status: str, by: Link | None = None) -> str:
        """Return the text with the status' bullet changed; one is put below the title where there is none."""
        source = Source(record.source, record.text)
        said = f"{status} by [{_name(by.target)}]({by.target})" if by is not None else status
        found = _facts(source).get("status")
        if found is not None:
            bullet = found[1]
            label = re.match(r"\**status\**\s*:\s*", record.text[bullet.start : bullet.end], re.IGNORECASE)
            start = bullet.start + (label.end() if label else 0)
            return record.text[:start] + said + record.text[bullet.end :]
        place = min((each.start for _, each in _facts(source).values()), default=-1)
        line = (
            record.text.rfind("\n", 0, place) + 1 if place >= 0 else source.sections[0].start if source.sections else 0
        )
        mark = record.text[line : line + 1] if place >= 0 else "-"
        return f"{record.text[:line]}{mark} Status: {said}\n{record.text[line:]}"

    def with_link(self, record: Record, link: Link, title: str) -> str:
        """Return the text with a bullet in the section ``Links``, which is made where there is none."""
        source = Source(record.source, record.text)
        line = f"- {link.kind.capitalize()} [{title}]({link.target})\n"
        section = source.section("links")
        if section is None:
            return f"{record.text.rstrip()}\n\n## Links\n\n{line}"
        end = section.start + len(record.text[section.start : section.end].rstrip())
        rest = record.text[end:].lstrip("\n")
        return f"{record.text[:end]}\n{line}" + (f"\n{rest}" if rest else "")


def _facts(source: Source) -> Mapping[str, tuple[str, Bullet]]:
    """Return the facts by name in lower case, each with its text and bullet."""
    title = next((each for each in source.sections if each.heading.level == 1), None)
    start = title.start if title is not None else 0
    end = next((each.heading.start for each in source.sections if each.heading.start >= start), len(source.plain))
    found: dict[str, tuple[str, Bullet]] = {}
    for bullet in bullets(source.plain, start, end):
        if fact := _FACT.match(bullet.text):
            found.setdefault(fact[1].lower(), (fact[2].strip(), bullet))
    return found


def _status(source: Source) -> tuple[str, tuple[Link, ...]]:
    text, bullet = _facts(source).get("status", ("", None))
    found = re.match(r"(.*?\bby)\b", text, re.IGNORECASE)
    if bullet is None or not found or kind_of_link(found[1]) != "superseded by":
        return text.lower(), ()
    target = next(iter(links(source.text, bullet.start, bullet.end)), None)
    link = link_of("superseded by", target.target, target.start, target.end) if target else None
    return "superseded", (link or link_of("superseded by", text[found.end() :].strip()),)


def _words(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in re.sub(r"<!--.*?-->", "", text).split(",") if each.strip())


def _name(target: str) -> str:
    return re.split(r"[\\/]", target)[-1].removesuffix(".md")
