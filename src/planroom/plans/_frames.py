"""A plan as people paste it: with what a client, a log or a mail program put around its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planroom.plans._psql import cells_of, is_heading

__all__ = ["Bare", "bare", "logged_ms"]

_QUOTE = re.compile(r"(?:> ?)+|-- ?")
_SYSLOG = re.compile(r".{0,120}?\bpostgres(?:\[\d+\])?: \[\d+-\d+\] ?")
_LOGGED = re.compile(r"duration: (?P<ms>\d+(?:\.\d+)?) ms  plan:")


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without its frame.

    Attributes:
        lines: The lines, each with its own indentation.
        headings: How often a client's heading was seen: once for each answer.
        duration_ms: What auto_explain logged as the statement's run, if it did.
    """

    lines: tuple[str, ...]
    headings: int = 0
    duration_ms: float | None = None

    @property
    def text(self) -> str:
        """The lines together."""
        return "\n".join(self.lines)


def bare(text: str) -> Bare:
    """Return a text without marks of quotation, a log's prefix, headings, rules, borders and counts of rows."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
    lines = _without_prefix(_without_prefix(lines, _SYSLOG), _QUOTE)
    lines = [line.replace("#011", "\t").expandtabs() for line in lines if not _LOGGED.search(line)]
    headings = sum(map(is_heading, lines))
    return Bare(tuple(_unquoted(cells_of(lines))), headings, logged_ms(text))


def logged_ms(text: str) -> float | None:
    """Return the milliseconds that a line of auto_explain before the plan says it ran, if there is one."""
    found = _LOGGED.search(text[:10_000])
    return float(found["ms"]) if found else None


def _without_prefix(lines: list[str], prefix: re.Pattern[str]) -> list[str]:
    """Drop what every line begins with."""
    shown = [line for line in lines if line.strip()]
    if not shown or not all(prefix.match(line) for line in shown):
        return lines
    return [line[found.end() :] if (found := prefix.match(line)) else line for line in lines]


def _unquoted(lines: list[str]) -> list[str]:
    """Drop the quotes that a client puts around every line, as in CSV."""
    shown = [line.strip() for line in lines if line.strip()]
    if shown and all(len(line) > 1 and line[0] == line[-1] == '"' for line in shown):
        return [line.strip()[1:-1].replace('""', '"') for line in lines]
    return lines
