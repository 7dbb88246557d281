"""EXECUTE in the bodies of PL/pgSQL routines: the expressions whose texts become statements.

Only tokens are looked at, so that what a body says elsewhere, and whether its types exist, does not matter.

Source: PostgreSQL manual, "Executing Dynamic Commands".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planroom.sqltext.queries import Execution, Node

__all__ = ["executions", "executions_of_body"]

_TOKEN = re.compile(
    r"""(?P<blank> \s+ | --[^\n]* | /\*(?:[^*]|\*(?!/))*(?:\*/|\Z) )
    | (?P<string> (?<![\w$])[eE]'(?:[^'\\]|''|\\.)*(?:'|\Z) | '(?:[^']|'')*(?:'|\Z) )
    | (?P<dollar> (?<![\w$])\$(?:[^\W\d]\w*)?\$ )
    | (?P<name> "(?:[^"]|"")*(?:"|\Z) )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<mark> := | . )""",
    re.VERBOSE | re.DOTALL,
)
_LANGUAGE = re.compile(r"\blanguage\s+'?(\w+)", re.IGNORECASE)
_BODY = re.compile(r"\b(?:as|do)\s*(?:language\s+'?\w+'?\s*)?(?P<quote>\$(?:[^\W\d]\w*)?\$|')", re.IGNORECASE)
_NOT_DYNAMIC = frozenset({"on", "function", "procedure"})  # GRANT EXECUTE ON, EXECUTE FUNCTION of a trigger
_ENDS = frozenset({"into", "using", "loop"})
_TYPED = frozenset({"text", "varchar", "constant", "varying", "character"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def executions(statement: str, offset: int) -> tuple[Execution, ...]:
    """Return the EXECUTEs of CREATE FUNCTION, CREATE PROCEDURE or DO in PL/pgSQL; none for other languages.

    Args:
        statement: The statement.
        offset: Where it begins in the script, in characters.
    """
    found = _BODY.search(statement)
    if found is None:
        return ()
    quote, start = found["quote"], found.end()
    end = statement.find(quote, start) if quote != "'" else statement.rfind("'")
    body = statement[start : len(statement) if end < start else end]
    outside = statement[:start] + statement[start + len(body) :]
    language = _LANGUAGE.search(outside)
    named = language[1].lower() if language else ("plpgsql" if statement[:2].lower() == "do" else "")
    if named != "plpgsql":
        return ()
    if quote == "'":
        return executions_of_body(body.replace("''", "'"))
    return executions_of_body(body, offset + start)


def executions_of_body(body: str, offset: int = -1) -> tuple[Execution, ...]:
    """Return the EXECUTEs of a body.

    Args:
        body: What stands between the quotes.
        offset: Where it begins in the script; -1 where that is not known.
    """
    tokens = tuple(_tokens(body))
    assigned = dict[str, list[Node]]()
    for name, first, last in _assignments(tokens):
        if (node := _expression(body, tokens[first:last], offset)) is not None:
            assigned.setdefault(name, []).append(node)
    return tuple(_executions(body, tokens, offset, assigned))


def _tokens(body: str) -> Iterator[_Token]:
    position = 0
    while found := _TOKEN.match(body, position):
        end = found.end()
        if found.lastgroup == "dollar":
            close = body.find(found[0], end)
            end = len(body) if close < 0 else close + len(found[0])
        if found.lastgroup != "blank":
            text = body[position:end]
            yield _Token(found.lastgroup or "", text.lower() if found.lastgroup == "word" else text, position, end)
        position = end


def _executions(
    body: str, tokens: Sequence[_Token], offset: int, assigned: dict[str, list[Node]]
) -> Iterator[Execution]:
    for number, token in enumerate(tokens):
        following = tokens[number + 1].text if number + 1 < len(tokens) else ";"
        if token.text != "execute" or token.kind != "word" or following in _NOT_DYNAMIC:
            continue
        last = _end(tokens, number + 1)
        part = tokens[number + 1 : last]
        if not part:
            continue
        text = body[part[0].start : part[-1].end]
        line = body.count("\n", 0, token.start) + 1
        node = _expression(body, part, offset)
        values = tuple(assigned.get(node.text, ())) if node is not None and node.kind == "column" else ()
        start, end = (offset + part[0].start, offset + part[-1].end) if offset >= 0 else (-1, -1)
        yield Execution(text, node, line, start, end, values)


def _end(tokens: Sequence[_Token], number: int) -> int:
    """Return the number of the token that ends the expression."""
    depth = 0
    while number < len(tokens):
        text = tokens[number].text
        depth += {"(": 1, ")": -1}.get(text, 0)
        if text == ";" or (not depth and tokens[number].kind == "word" and text in _ENDS):
            break
        number += 1
    return number


def _assignments(tokens: Sequence[_Token]) -> Iterator[tuple[str, int, int]]:
    """Yield which variable is given a value, and between which tokens that stands."""
    for number, token in enumerate(tokens):
        if token.text not in {":=", "="} or not number:
            continue
        first = number
        while first and tokens[first - 1].text not in {";", "begin", "declare", "then", "else", "loop"}:
            first -= 1
        before = tokens[first:number]
        if before and before[0].kind == "word" and all(each.text in _TYPED for each in before[1:]):
            yield before[0].text, number + 1, _end(tokens, number + 1)


def _expression(body: str, part: Sequence[_Token], offset: int) -> Node | None:
    """Return an expression as a tree; None where it cannot be read."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    from planroom.sqltext.query_scopes import Builder

    if not part:
        return None
    text = body[part[0].start : part[-1].end]
    try:
        tree = sqlglot.parse_one(text, read="postgres")
        if isinstance(tree, exp.Command):
            return None
        return Builder(text, part[0].start + max(offset, 0), "postgres").converter(0, {}).node(tree)
    except (SqlglotError, RecursionError, IndexError):
        return None
