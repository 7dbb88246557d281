"""JSON as people paste it: with psql's frame, wrapped lines, a client's column header, doubled quotes, or cut off."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from planroom.errors import SyntaxProblem

__all__ = ["as_document", "unframed"]

_RULE = re.compile(r"^[\s│|+\-─┌┐└┘├┤┬┴┼═╔╗╚╝╠╣]*[-─═]{3,}[\s│|+\-─┌┐└┘├┤┬┴┼═╔╗╚╝╠╣]*$")
_COUNT = re.compile(r"^\((\d+) (rows?|Zeilen?|filas?|lignes?)\)$")
_HEADING = re.compile(r"^[\s│|║]*(QUERY PLAN|EXPLAIN|explain_key|explain_value|json)[\s│|║]*$")


def unframed(text: str) -> str:
    """Return the text without what psql and other clients put around it.

    That is a heading ``QUERY PLAN``, rules, a count of rows, borders left and right, a ``+`` at the end of every line
    that goes on, and doubled quotes around the whole, as in CSV.
    """
    text = text.lstrip("\ufeff")
    lines = text.replace("\r\n", "\n").split("\n")
    kept = [line for line in lines if not (_RULE.match(line) or _COUNT.match(line.strip()) or _HEADING.match(line))]
    framed = len(kept) < len(lines)
    shown = [line for line in kept if line.strip()]
    if framed and shown:
        if all(line.lstrip()[:1] in "|│║" and line.rstrip()[-1:] in "|│║" for line in shown):
            kept = [line.strip()[1:-1] for line in shown]
            shown = kept
        if len(shown) > 1 and all(line.rstrip().endswith("+") for line in shown[:-1]):
            kept = [line.rstrip().removesuffix("+").rstrip() for line in shown]
    whole = "\n".join(kept).strip("\n")
    stripped = whole.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"' and '""' in stripped:
        return stripped[1:-1].replace('""', '"')
    return whole


@lru_cache(maxsize=2)
def _parsed(text: str) -> Any:
    return json.loads(text)


def as_document(text: str, *, source: str = "") -> Any:
    """Return the JSON value in a text.

    A value within other output (a line of a log, a command's echo) is found. Strings that a client broke over lines
    are joined.

    Raises:
        SyntaxProblem: It is cut off or broken; the message says where.
    """
    body = unframed(text).strip().rstrip(";")
    try:
        return _parsed(body)
    except json.JSONDecodeError:
        start = re.search(r"[\[{]", body)
    if start is None:
        raise SyntaxProblem("There is no JSON in this text.", where=source, fix="paste the whole output of EXPLAIN.")
    decoder = json.JSONDecoder(strict=False)
    try:
        return decoder.raw_decode(body, start.start())[0]
    except json.JSONDecodeError as error:
        first = error
    try:  # a client that wraps lines breaks within strings
        return decoder.raw_decode(re.sub(r"\n\s*", "", body[start.start() :]))[0]
    except json.JSONDecodeError:
        raise _broken(body, first, source) from None


def _broken(body: str, error: json.JSONDecodeError, source: str) -> SyntaxProblem:
    place = f"{source or '<text>'}:{error.lineno}:{error.colno}"
    if error.pos >= len(body.rstrip()) - 1 or "Unterminated" in error.msg:
        return SyntaxProblem(
            "The plan is cut off.",
            where=place,
            why="its JSON ends before it is complete.",
            fix="copy it again, whole; psql -XAtc 'EXPLAIN (FORMAT JSON) ...' > plan.json writes it without a frame.",
        )
    return SyntaxProblem(
        "This is no valid JSON.",
        where=place,
        why=f"{error.msg}.",
        fix="paste the output of EXPLAIN as the engine printed it.",
    )
