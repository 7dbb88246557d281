r"""Answers as psql prints them: aligned, wrapped, expanded or as CSV, with any border, brought back to their cells.

A cell that goes on in the next line has a mark at the right edge: ``+`` or ``↵`` where it holds a line break, ``.`` or
``…`` where it was too wide. Source: PostgreSQL's manual, psql, ``\pset linestyle`` and ``border``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["cells_of", "is_heading", "is_rule"]

EDGES = "|│║┃"
_WRAP, _BREAK = (".", "…"), ("+", "↵")
_BOX = r"[\s│|║┃+\-─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡]"
_RULE = re.compile(rf"{_BOX}*[-─━═]{{3,}}{_BOX}*")
_COUNT = re.compile(r"\(\d+ (?:rows?|Zeilen?|filas?|lignes?|righe|riga|linhas?|行|строк[аи]?)\)")
_HEADING = re.compile(r"QUERY PLAN|EXPLAIN|explain_key|explain_value|json|xml|yaml")
_RECORD = re.compile(rf"{_BOX}*\[ RECORD \d+ \]{_BOX}*|\* Record \d+ *")
_EXPANDED = re.compile(r"(?:[|│] )?(?P<name>QUERY PLAN| {10})(?P<edge> [|│;:])?(?P<mark>.)(?P<content>.*)")
_TIMING = re.compile(r"Time: [\d.,]+ ms(?: \([\d:.]+\))?")
_WIDEST = 10_000  # a longer line is no frame, and would take long to tell
_UNALIGNED = "QUERY PLAN|"


def is_rule(line: str) -> bool:
    """Return whether a line is nothing but a rule or an edge of a box."""
    return bool(len(line) < _WIDEST and _RULE.fullmatch(line))


def is_heading(line: str) -> bool:
    """Return whether a line is the heading of a column that holds a plan."""
    return bool(_HEADING.fullmatch(line.strip(f'" {EDGES}')))


def cells_of(lines: Sequence[str]) -> list[str]:
    """Return the lines of the cells of an answer; lines that are no answer of psql's come back as they are."""
    for unframe in (_expanded, _unaligned, _as_csv, _aligned):
        if (found := unframe(lines)) is not None:
            return found
    return _boxed([line for line in lines if not _around(line)])


def _around(line: str) -> bool:
    if len(line) > _WIDEST:
        return False
    bare = line.strip(f" {EDGES}")
    return bool(is_rule(line) or is_heading(line) or _COUNT.fullmatch(bare) or _TIMING.fullmatch(bare))


def _expanded(lines: Sequence[str]) -> list[str] | None:
    r"""Read ``\x``: a block a row, with the column's name on the left."""
    if not any(len(line) < _WIDEST and _RECORD.fullmatch(line) for line in lines):
        return None
    cells: list[str] = []
    for line in lines:
        found = None if len(line) > _WIDEST or _RECORD.fullmatch(line) or is_rule(line) else _EXPANDED.fullmatch(line)
        if found is None:
            continue
        content = found["content"].rstrip()
        content = content[:-1] if line[:1] in EDGES and content[-1:] in EDGES else found["content"]
        goes_on = cells and not found["name"].strip() and (found["mark"] in _WRAP or found["edge"] == " ;")
        body = _without_mark(content)
        if goes_on:
            cells[-1] += body
        else:
            cells.append(body)
    return cells


def _without_mark(content: str) -> str:
    body = content.rstrip()
    if body[-1:] in _WRAP:
        return body[:-1]
    return body[:-1].rstrip() if body[-1:] in _BREAK else body


def _unaligned(lines: Sequence[str]) -> list[str] | None:
    r"""Read ``\pset format unaligned`` with ``\x``."""
    first = next((line for line in lines if line.strip()), "")
    if not first.startswith(_UNALIGNED):
        return None
    return [line.removeprefix(_UNALIGNED) for line in lines if line.strip()]


def _as_csv(lines: Sequence[str]) -> list[str] | None:
    """Read CSV: a heading without a rule, and quotes where a row needs them; or each row behind the column's name."""
    shown = [line for line in lines if line.strip()]
    if not shown:
        return None
    expanded = shown[0].startswith("QUERY PLAN,")
    headed = is_heading(shown[0]) and len(shown) > 1 and not is_rule(shown[1])
    if not expanded and not (headed and any(line.startswith('"') for line in shown[1:])):
        return None
    import csv

    try:
        rows = [row for row in csv.reader([f"{line}\n" for line in shown[not expanded :]]) if row]
    except csv.Error:
        return None
    return [line for row in rows for line in row[min(expanded, len(row) - 1)].rstrip("\n").split("\n")]


def _aligned(lines: Sequence[str]) -> list[str] | None:
    """Read a table: a heading, a rule, and the rows, each with a margin whose width the border decides."""
    rule = next((at for at, line in enumerate(lines) if at and is_rule(line) and is_heading(lines[at - 1])), None)
    if rule is None:
        return None
    width = len(lines[rule].rstrip())
    end = next((at for at in range(rule + 1, len(lines)) if _around(lines[at])), len(lines))
    rows = list(lines[rule + 1 : end])
    first = next((line for line in rows if line.strip()), "")
    if lines[rule].lstrip()[:1] not in "-─━═":
        return _put_together(rows, _between_edges)
    return _put_together(rows, _after_margin(width) if first[:1] == " " else _flush(width))


def _between_edges(line: str) -> tuple[str, str]:
    """Return the content and the mark at its right of a line between two edges."""
    inner = line.strip()[1:]
    inner = inner[:-1] if inner[-1:] in EDGES else inner
    return _split_mark(inner[1:], marked=inner[-1:] in _WRAP + _BREAK)


def _after_margin(width: int) -> Callable[[str], tuple[str, str]]:
    return lambda line: _split_mark(line[1:], marked=_reaches(line, width))


def _flush(width: int) -> Callable[[str], tuple[str, str]]:
    return lambda line: _split_mark(line, marked=_reaches(line, width + 1))


def _reaches(line: str, width: int) -> bool:
    """Return whether a line is so long that its last sign is the mark; a wide character takes two columns."""
    return len(line.rstrip()) >= width or not line.isascii()


def _split_mark(content: str, *, marked: bool) -> tuple[str, str]:
    body = content.rstrip()
    mark = body[-1:] if marked and body[-1:] in _WRAP + _BREAK else ""
    if mark in _WRAP:
        return body[:-1], mark
    return body.removesuffix(mark).rstrip(), mark


def _put_together(rows: Sequence[str], split: Callable[[str], tuple[str, str]]) -> list[str]:
    cells: list[str] = []
    wrapped = False
    for line in rows:
        content, mark = split(line)
        if wrapped:
            cells[-1] += content
        else:
            cells.append(content)
        wrapped = mark in _WRAP
    return cells


def _boxed(lines: Sequence[str]) -> list[str]:
    """Drop the edges of other clients' boxes, and their marks of lines that go on."""
    shown = [line.strip() for line in lines if line.strip()]
    if shown and all(line[0] in EDGES and line[-1] in EDGES for line in shown):
        lines = [line.strip()[1:-1].rstrip() for line in lines if line.strip()]
        shown = [line.strip() for line in lines if line.strip()]
    if len(shown) > 1 and all(line[-1] in _BREAK for line in shown[:-1]):
        return [line.rstrip().rstrip("+↵").rstrip() for line in lines]
    return list(lines)
