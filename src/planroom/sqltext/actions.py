"""Where the actions of an ALTER TABLE stand: the server's parser keeps no place of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.findings import Location
from planroom.sqltext.splitting import skip_blank, tokens

if TYPE_CHECKING:
    from planroom.sqltext.statements import Statement

__all__ = ["action_at", "action_spans"]

_NAME = r"(?:\"(?:[^\"]|\"\")+\"|[^\s\".*,();]+)"
_HEAD = re.compile(
    rf"ALTER\s+(?:FOREIGN\s+TABLE|TABLE|INDEX|VIEW|MATERIALIZED\s+VIEW)\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?"
    rf"{_NAME}(?:\s*\.\s*{_NAME})*\s*\*?\s*",
    re.IGNORECASE,
)
_BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}
_PUNCTUATION = re.compile(r"[][(),]")


def action_at(statement: Statement, number: int) -> Location:
    """Return the place of an action, from 0; the whole statement's where it has one, or they cannot be told apart."""
    whole = Location(statement.location.source, statement.location.line, statement.location.column, len(statement.text))
    count = len(statement.tree.get("cmds", ()))
    if count < 2 or not 0 <= number < count:
        return whole
    spans = action_spans(statement)
    if not spans:
        return whole
    start, end = spans[number]
    before = statement.text[:start]
    lines = before.count("\n")
    column = start - before.rfind("\n") if lines else statement.location.column + start
    return Location(whole.source, whole.line + lines, column, end - start)


def action_spans(statement: Statement) -> list[tuple[int, int]]:
    """Return where each action of an ALTER begins and ends in its text; none where they cannot be told apart."""
    if len(statement.tree.get("cmds", ())) == 1:
        head = _HEAD.match(statement.text)
        return [(skip_blank(statement.text, head.end()), len(statement.text))] if head else []
    spans = _spans(statement.text)
    return spans if len(spans) == len(statement.tree.get("cmds", ())) else []


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where each action begins and ends: cut at the commas that stand in no bracket, quote or comment."""
    head = _HEAD.match(text)
    start = head.end() if head else 0
    cuts = _commas(text, start)
    edges = zip([start, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True)
    return [
        (begin, begin + len(text[begin:end].rstrip()))
        for first, end in edges
        for begin in (skip_blank(text, first, end),)
    ]


def _commas(text: str, start: int) -> list[int]:
    hidden = [(begin, end) for kind, begin, end in tokens(text) if kind not in {"mark", "word"}]
    found, depth, at = [], 0, 0
    for mark in _PUNCTUATION.finditer(text, start):
        while at < len(hidden) and hidden[at][1] <= mark.start():
            at += 1
        if at < len(hidden) and hidden[at][0] <= mark.start():
            continue
        depth += _BRACKETS.get(mark[0], 0)
        if mark[0] == "," and depth == 0:
            found.append(mark.start())
    return found
