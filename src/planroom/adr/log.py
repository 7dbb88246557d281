"""A decision log: the records of a folder, and what they say of each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.adr.styles.base import link_of
from planroom.display import Displayable, card, html_table, text_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.adr.record import Link, Record

__all__ = ["REVERSE", "DecisionLog", "Tie"]

REVERSE = {
    "supersedes": "superseded by",
    "superseded by": "supersedes",
    "amends": "amended by",
    "amended by": "amends",
    "relates to": "relates to",
    "conflicts with": "conflicts with",
}
"""What the other record says in turn; a link of another kind needs no answer."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A link that leads to a record of the log.

    Attributes:
        record: The record that says it.
        link: What it says.
        other: The record that it leads to.
    """

    record: Record
    link: Link
    other: Record


@dataclass(frozen=True, repr=False)
class DecisionLog(Displayable):
    """The records of a folder, in the order of their numbers, then names.

    Attributes:
        records: The decisions.
        folder: Where they are, as it was given.
    """

    records: tuple[Record, ...]
    folder: str = ""

    @classmethod
    def of(cls, records: Iterator[Record] | tuple[Record, ...], folder: str = "") -> DecisionLog:
        """Return a log of records in any order."""
        return cls(tuple(sorted(records, key=lambda each: (each.number is None, each.number or 0, each.name))), folder)

    @cached_property
    def by_number(self) -> Mapping[int, tuple[Record, ...]]:
        """The records of each number; more than one is a fault."""
        found: dict[int, tuple[Record, ...]] = {}
        for record in self.records:
            if record.number is not None:
                found[record.number] = (*found.get(record.number, ()), record)
        return found

    @cached_property
    def by_name(self) -> Mapping[str, Record]:
        """The records by their file's name without suffix."""
        return {record.name: record for record in self.records}

    @property
    def next_number(self) -> int:
        """The number of the next decision."""
        return max(self.by_number, default=0) + 1

    def find(self, name: str) -> Record | None:
        """Return the record that people mean: by number, id, file, or title; None where none or several are meant."""
        return self.leads_to(link_of("", name)) or next(
            (each for each in self.records if each.title.lower() == name.strip().lower()), None
        )

    def leads_to(self, link: Link) -> Record | None:
        """Return the record that a link names: by its file, else by its number where one record alone bears that."""
        file = re.split(r"[\\/]", link.target.partition("#")[0])[-1].removesuffix(".md")
        if file in self.by_name:
            return self.by_name[file]
        if link.number is None or link.target.endswith(".md"):
            return None
        found = self.by_number.get(link.number, ())
        return found[0] if len(found) == 1 else None

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """Every link that leads to a record of the log."""
        return tuple(
            Tie(record, link, other)
            for record in self.records
            for link in record.links
            if (other := self.leads_to(link)) is not None
        )

    def superseded_by(self, record: Record) -> tuple[Record, ...]:
        """Return the records that supersede one, whichever of the two says so."""
        found = [tie.other for tie in self.ties if tie.record is record and tie.link.kind == "superseded by"]
        found += [tie.record for tie in self.ties if tie.other is record and tie.link.kind == "supersedes"]
        return tuple(dict.fromkeys(found))

    def in_force(self) -> tuple[Record, ...]:
        """Return the accepted decisions that nothing supersedes."""
        return tuple(each for each in self.records if each.status == "accepted" and not self.superseded_by(each))

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [(record.id, record.status or "none", record.date, record.title) for record in self.records]

    def __str__(self) -> str:
        return text_table(("id", "status", "date", "decision"), self._rows()) if self.records else "no decisions"

    def __repr__(self) -> str:
        return str(self)

    @property
    def headline(self) -> str:
        """How many decisions there are, and how many are in force."""
        count = len(self.records)
        return f"{count} decision{'s' * (count != 1)} · {len(self.in_force())} in force"

    def _html(self) -> str:
        return card(self.headline, html_table(("id", "status", "date", "decision"), self._rows()))

    def markdown(self) -> str:
        """Return an index in Markdown: a table with a link to each record."""
        lines = ["| | decision | status | date |", "|---|---|---|---|"]
        for record in self.records:
            title = record.title.replace("|", "\\|").replace("[", "\\[").replace("]", "\\]")
            file = re.split(r"[\\/]", record.source)[-1].replace(" ", "%20")
            lines.append(f"| {record.id} | [{title}]({file}) | {record.status or 'none'} | {record.date} |")
        return "\n".join(lines) + "\n"
