"""Edits of queries, as where a part of the script begins, where it ends, and what is to stand there.

Places of nodes reach over what the parser keeps tokens of, so each edit is checked against the text around it, and the
statement with all of them must still be read; where that is not so, there is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from planroom.sqltext import Node, Scope, qualified, quote_identifier
from planroom.sqltext.libpg_query import ParserError, parse_tree

if TYPE_CHECKING:
    from planroom.resolving.query_in_model import QueryInModel

__all__ = [
    "Place",
    "conjoined",
    "follows",
    "means_the_same",
    "parenthesis",
    "precedes",
    "readable",
    "starred",
    "written",
]

Place = tuple[int, int, str]
"""Where a part begins and ends in the script, and what is to stand there."""

_LOCATION = re.compile(
    r'"(?:location|stmt_len|stmt_location|list_start|list_end|rexpr_list_start|rexpr_list_end)":-?\d+,?'
)
_CLINGING = r"\s*(?:::|\[|\.|collate\b|at\s+time\b)"
_LOOK_BACK = 80


def written(query: QueryInModel, node: Node) -> str:
    """Return a node as the script has it."""
    return query.statement.script.text[node.start : node.end]


def precedes(query: QueryInModel, position: int, pattern: str) -> int:
    """Return where what stands right before a place begins, if it is what a pattern says; else -1."""
    first = max(position - _LOOK_BACK, 0)
    found = re.search(rf"(?:{pattern})\Z", query.statement.script.text[first:position], re.IGNORECASE)
    return first + found.start() if found and position >= 0 else -1


def follows(query: QueryInModel, position: int, pattern: str) -> int:
    """Return where what stands right behind a place ends, if it is what a pattern says; else -1."""
    found = re.compile(pattern, re.IGNORECASE).match(query.statement.script.text, position) if position >= 0 else None
    return found.end() if found else -1


def parenthesis(query: QueryInModel, position: int) -> tuple[int, int]:
    """Return the parentheses that a place stands right behind the first of: where they begin, and where they end."""
    from planroom.sqltext.splitting import tokens

    start = precedes(query, position, r"\(\s*")
    text, depth = query.statement.script.text, 0
    for kind, first, last in tokens(text[start:]) if start >= 0 else ():
        if kind == "mark" and text[start + first : start + last] in "()":
            depth += 1 if text[start + first] == "(" else -1
            if not depth:
                return start, start + last
    return -1, -1


def conjoined(query: QueryInModel, where: Node, condition: str) -> list[Place]:
    """Return the edits that let a condition hold beside that of a WHERE; none where it is not certain where that is."""
    if precedes(query, where.start, r"\bwhere\s+") < 0:
        return []
    if where.kind == "or" and "parentheses" not in where.marks:
        return [(where.start, where.start, f"{condition} AND ("), (where.end, where.end, ")")]
    return [(where.start, where.start, f"{condition} AND ")]


def starred(query: QueryInModel, scope: Scope, star: Node) -> str:
    """Return the columns that a star stands for, as a list; empty where they are not known."""
    alone = len(scope.sources) == 1
    if any(source.natural or source.using for source in scope.sources):
        return ""
    names: list[str] = []
    for number, source in enumerate(scope.sources):
        if star.qualifier and source.name != star.qualifier[-1]:
            continue
        columns = query.columns(scope, number)
        if not columns or query.dialect != "postgres":
            return ""
        before = "" if alone and not star.qualifier else source.name
        names += [qualified(before, each.name) if before else quote_identifier(each.name) for each in columns]
    return ", ".join(names)


def readable(query: QueryInModel, edits: Sequence[Place]) -> bool:
    """Whether the statement parses with edits in it, as far as PostgreSQL's own parser can tell.

    A cast, a subscript or a collation behind the last word of an edit would belong to another expression then.
    """
    if any(follows(query, end, _CLINGING) >= 0 for _, end, _ in edits):
        return False
    return query.dialect != "postgres" or _tree(_edited(query, edits)) is not None


def means_the_same(query: QueryInModel, edits: Iterable[Place]) -> bool:
    """Whether PostgreSQL's parser reads the same with edits as without."""
    tree = _tree(_edited(query, edits)) if query.dialect == "postgres" else None
    return tree is not None and tree == _tree(query.statement.text)


def _edited(query: QueryInModel, edits: Iterable[Place]) -> str:
    text, offset = query.statement.text, query.statement.offset
    for start, end, new in sorted(edits, reverse=True):
        if start < offset or end > offset + len(text):
            return ""
        text = text[: start - offset] + new + text[end - offset :]
    return text


def _tree(text: str) -> str | None:
    try:
        trees = parse_tree(text.encode())
    except (ParserError, RecursionError, UnicodeError):
        return None
    return _LOCATION.sub("", json.dumps(trees, separators=(",", ":"))) if trees else None
