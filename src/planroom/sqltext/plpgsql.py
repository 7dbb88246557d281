"""EXECUTE in the bodies of PL/pgSQL routines: the expressions whose texts become statements.

Only tokens are looked at, so that what a body says elsewhere, and whether its types exist, does not matter.

Source: PostgreSQL manual, "Executing Dynamic Commands".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from planroom.sqltext.queries import Execution, Node
from planroom.values import dataclass

__all__ = ["Token", "executions", "executions_of_body", "parameters_of", "tokens_of"]

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


@dataclass(frozen=True, slots=True)
class Token:
    """A word, name, text or mark of a body; words in lower case."""

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
    parameters = parameters_of(statement[:start])
    if quote == "'":
        return executions_of_body(body.replace("''", "'"), parameters=parameters)
    return executions_of_body(body, offset + start, parameters=parameters)


def executions_of_body(
    body: str, offset: int = -1, *, parameters: Mapping[str, str] | None = None
) -> tuple[Execution, ...]:
    """Return the EXECUTEs of a body.

    Args:
        body: What stands between the quotes.
        offset: Where it begins in the script; -1 where that is not known.
        parameters: The type of each parameter, by name.
    """
    tokens = tuple(tokens_of(body))
    parts = [(name, tokens[first:last]) for name, first, last in _assignments(tokens)]
    nodes = ((name, _expression(body, part, offset)) for name, part in parts)
    assigned = tuple((name, node) for name, node in nodes if node is not None)
    types = {**(parameters or {}), **dict(_declared(tokens))}
    names = tuple(parameters or ())
    return tuple(
        replace(each, assigned=assigned, types=tuple(types.items()), parameters=names)
        for each in _executions(body, tokens, offset)
    )


def parameters_of(head: str) -> dict[str, str]:
    """Return the types of the parameters that stand in the first parentheses of a routine's head."""
    tokens = tuple(tokens_of(head))
    opening = next((number for number, each in enumerate(tokens) if each.text == "("), len(tokens))
    found: dict[str, str] = {}
    begin, depth = opening + 1, 0
    for number in range(opening + 1, len(tokens)):
        text = tokens[number].text
        if not depth and text in {",", ")"}:
            words = [each.text for each in tokens[begin:number] if each.text not in {"in", "inout", "variadic", "out"}]
            if len(words) > 1:
                found[words[0].strip('"')] = words[1]
            begin = number + 1
            if text == ")":
                break
        depth += {"(": 1, ")": -1}.get(text, 0)
    return found


def _declared(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the name and the first word of the type of each variable of the DECLARE sections."""
    inside, first = False, 0
    for number, token in enumerate(tokens):
        if token.kind == "word" and token.text in {"declare", "begin"}:
            inside, first = token.text == "declare", number + 1
        elif token.text == ";" and inside:
            words = [each.text for each in tokens[first:number] if each.text != "constant"]
            if len(words) > 1:
                yield words[0], words[1]
            first = number + 1


def tokens_of(body: str) -> Iterator[Token]:
    """Yield the tokens of a body; blanks and comments are none."""
    position = 0
    while found := _TOKEN.match(body, position):
        end = found.end()
        if found.lastgroup == "dollar":
            close = body.find(found[0], end)
            end = len(body) if close < 0 else close + len(found[0])
        if found.lastgroup != "blank":
            text = body[position:end]
            yield Token(found.lastgroup or "", text.lower() if found.lastgroup == "word" else text, position, end)
        position = end


def _executions(body: str, tokens: Sequence[Token], offset: int) -> Iterator[Execution]:
    for number, token in enumerate(tokens):
        following = tokens[number + 1].text if number + 1 < len(tokens) else ";"
        if token.text != "execute" or token.kind != "word" or following in _NOT_DYNAMIC:
            continue
        part = tokens[number + 1 : _end(tokens, number + 1)]
        if part:
            text = body[part[0].start : part[-1].end]
            line = body.count("\n", 0, token.start) + 1
            start, end = (offset + part[0].start, offset + part[-1].end) if offset >= 0 else (-1, -1)
            yield Execution(text, _expression(body, part, offset), line, start, end)


def _end(tokens: Sequence[Token], number: int) -> int:
    """Return the number of the token that ends the expression."""
    depth = 0
    while number < len(tokens):
        text = tokens[number].text
        depth += {"(": 1, ")": -1}.get(text, 0)
        if text == ";" or (not depth and tokens[number].kind == "word" and text in _ENDS):
            break
        number += 1
    return number


def _assignments(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Yield which variable is given a value, and between which tokens that stands."""
    for number, token in enumerate(tokens):
        if token.text not in {":=", "="} or not number:
            continue
        first = number
        while first and tokens[first - 1].text not in {";", "begin", "declare", "then", "else", "loop"}:
            first -= 1
        before = tokens[first:number]
        if before and before[0].kind == "word" and (len(before) == 1 or _is_declaration(before)):
            yield before[0].text, number + 1, _end(tokens, number + 1)


def _is_declaration(before: Sequence[Token]) -> bool:
    """Whether tokens before an assignment are a name and its type: ``q CONSTANT varchar(20)``."""
    return all(each.kind in {"word", "name"} or each.text in "().,0123456789[]%" for each in before)


def _expression(body: str, part: Sequence[Token], offset: int) -> Node | None:
    """Return an expression as a tree; None where it cannot be read."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    from planroom.sqltext.dialect_expressions import quiet
    from planroom.sqltext.query_scopes import Builder

    if not part:
        return None
    text = body[part[0].start : part[-1].end]
    try:
        with quiet():
            tree = sqlglot.parse_one(text, read="postgres")
        if isinstance(tree, exp.Command):
            return None
        return Builder(text, part[0].start + max(offset, 0), "postgres").converter(0, {}).node(tree)
    except (SqlglotError, RecursionError, IndexError):
        return None
