"""Michael Nygard's form, as adr-tools writes it: a numbered title, a date, and sections for status to consequences."""

from __future__ import annotations

import re
from typing import ClassVar

from planroom.adr.markdown import Section, links
from planroom.adr.record import Link, Record
from planroom.adr.styles.base import Draft, Source, Style, first_line, kind_of_link, link_of

__all__ = ["Nygard"]

_DATE = re.compile(r"^date:\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)


class Nygard(Style):
    """``# 12. Title``, ``Date: ...``, ``## Status``; its links stand in the section on the status."""

    order: ClassVar[int] = 9
    writes: ClassVar[bool] = True

    def recognises(self, source: Source) -> bool:  # noqa: ARG002
        """Return True: it is the plainest form, and takes what no other does."""
        return True

    def read(self, source: Source) -> Record:
        """Return the record; its status is the first line of its section that is no link."""
        section = source.section("status")
        found = tuple(_links(source, section))
        status = next((line for line in _lines(source, section) if not kind_of_link(line)), "")
        replaced = any(each.kind == "superseded by" for each in found)
        date = _DATE.search(source.plain)
        return Record(
            source=source.name,
            text=source.text,
            style=self.name,
            number=source.number,
            title=source.title,
            status="superseded" if replaced else status.rstrip(".").lower(),
            date=date[1] if date else "",
            context=source.body(source.section("context")),
            decision=source.body(source.section("decision")),
            links=found,
            problems=() if section is not None else ("there is no section on the status",),
        )

    def with_status(self, record: Record, status: str, by: Link | None = None) -> str:
        """Return the text with the status' line changed; what supersedes it takes its place, as adr-tools has it."""
        source = Source(record.source, record.text)
        said = f"Superseded by [{_titled(by)}]({by.target})" if by is not None else status[:1].upper() + status[1:]
        section = source.section("status")
        if section is None:
            return f"{record.text.rstrip()}\n\n## Status\n\n{said}\n"
        line = next((each for each in _lines(source, section) if not kind_of_link(each)), None)
        if line is None:
            return f"{record.text[: section.start]}\n{said}\n{record.text[section.start :]}"
        start = record.text.index(line, section.start)
        return record.text[:start] + said + record.text[start + len(line) :]

    def with_link(self, record: Record, link: Link, title: str) -> str:
        """Return the text with one more paragraph in the section on the status."""
        source = Source(record.source, record.text)
        said = f"{link.kind.capitalize()} [{title}]({link.target})"
        section = source.section("status")
        if section is None:
            return f"{record.text.rstrip()}\n\n## Status\n\n{said}\n"
        end = section.start + len(record.text[section.start : section.end].rstrip())
        return f"{record.text[:end]}\n\n{said}{record.text[end:]}"

    def new(self, draft: Draft) -> str:
        """Return a record with Nygard's headings."""
        status = draft.status[:1].upper() + draft.status[1:]
        parts = [f"# {draft.number}. {draft.title}", "", f"Date: {draft.date}", "", "## Status", "", status, ""]
        parts += ["## Context", "", draft.context or "{What is the issue?}", "", "## Decision", ""]
        parts += [draft.decision or "{What do we do?}", "", "## Consequences", ""]
        return "\n".join([*parts, draft.consequences or "{What becomes easier, or harder?}", ""])


def _lines(source: Source, section: Section | None) -> list[str]:
    if section is None:
        return []
    return [line.strip() for line in source.plain[section.start : section.end].splitlines() if line.strip()]


def _links(source: Source, section: Section | None) -> list[Link]:
    found = []
    for each in links(source.text, section.start, section.end) if section is not None else ():
        line = source.text.rfind("\n", 0, each.start) + 1
        if kind := kind_of_link(source.text[line : each.start]):
            found.append(link_of(kind, each.target, each.start, each.end))
    return found


def _titled(link: Link) -> str:
    return first_line(link.target).removesuffix(".md")
