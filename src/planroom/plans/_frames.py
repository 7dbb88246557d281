"""A plan as people paste it: with what psql, a log or a mail program put around its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Bare", "bare", "logged_ms"]

_EDGES = "|│║┃"
_RULE = re.compile(r"[\s│|║┃+\-─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡]*[-─━═]{3,}[\s│|║┃+\-─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡]*")
_COUNT = re.compile(r"\(\d+ (?:rows?|Zeilen?|filas?|lignes?|righe|riga|linhas?|行|строк[аи]?)\)")
_HEADING = re.compile(r"(QUERY PLAN|EXPLAIN|explain_key|explain_value|json|xml|yaml)", re.IGNORECASE)
_TIMING = re.compile(r"Time: [\d.,]+ ms(?: \([\d:.]+\))?")
_QUOTE = re.compile(r"(?:> ?)+|-- ?")
_SYSLOG = re.compile(r".{0,120}?\bpostgres(?:\[\d+\])?: \[\d+-\d+\] ?")
_LOGGED = re.compile(r"duration: (?P<ms>[\d.]+) ms  plan:")
_WRAPPED = ".…"
_GOES_ON = "+↵"


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
    """Return a text without marks of quotation, headings, rules, borders, counts of rows and marks of wrapped lines."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
    lines = _without_prefix(_without_prefix(lines, _SYSLOG), _QUOTE)
    lines = [line.replace("#011", "\t").expandtabs() for line in lines]
    kept = [line for line in lines if not _around(line)]
    headings = sum(bool(_HEADING.fullmatch(line.strip(f" {_EDGES}"))) for line in lines)
    kept = _joined(_unboxed(kept)) if len(kept) < len(lines) else kept
    return Bare(tuple(_unquoted(kept)), headings, logged_ms(text))


def logged_ms(text: str) -> float | None:
    """Return the milliseconds that a line of auto_explain before the plan says it ran, if there is one."""
    found = _LOGGED.search(text[:10_000])
    return float(found["ms"]) if found else None


def _around(line: str) -> bool:
    bare_line = line.strip(f" {_EDGES}")
    return bool(
        _RULE.fullmatch(line)
        or _COUNT.fullmatch(bare_line)
        or _HEADING.fullmatch(bare_line)
        or _TIMING.fullmatch(bare_line)
        or _LOGGED.search(line)
    )


def _without_prefix(lines: list[str], prefix: re.Pattern[str]) -> list[str]:
    """Drop what every line begins with."""
    shown = [line for line in lines if line.strip()]
    if not shown or not all(prefix.match(line) for line in shown):
        return lines
    return [line[found.end() :] if (found := prefix.match(line)) else line for line in lines]


def _unboxed(lines: list[str]) -> list[str]:
    """Drop the borders left and right of each line."""
    shown = [line.strip() for line in lines if line.strip()]
    if len(shown) and all(line[0] in _EDGES and line[-1] in _EDGES + _GOES_ON + _WRAPPED for line in shown):
        return [line.strip()[1:].removesuffix(line.strip()[-1]) if line.strip()[-1] in _EDGES else line.strip()[1:] for line in lines if line.strip()]  # fmt: skip
    return lines


def _joined(lines: list[str]) -> list[str]:
    """Put lines together that psql's wrapped format broke, and drop its marks of a value that goes on."""
    joined: list[str] = []
    wrapped = False
    for line in lines:
        body = line.rstrip()
        mark = body[-1:] if body else ""
        if wrapped and joined and line[:1] in _WRAPPED:
            joined[-1] += line[1:]
        else:
            joined.append(line)
        wrapped = bool(mark) and mark in _WRAPPED
        if wrapped:
            joined[-1] = joined[-1].rstrip()[:-1]
    shown = [line.rstrip() for line in joined if line.strip()]
    if len(shown) > 1 and all(line[-1] in _GOES_ON for line in shown[:-1]):
        return [line.rstrip().rstrip(_GOES_ON).rstrip() for line in joined]
    return joined


def _unquoted(lines: list[str]) -> list[str]:
    """Drop the quotes that a client puts around every line, as in CSV."""
    shown = [line.strip() for line in lines if line.strip()]
    if shown and all(len(line) > 1 and line[0] == line[-1] == '"' for line in shown):
        return [line.strip()[1:-1].replace('""', '"') for line in lines]
    return lines
