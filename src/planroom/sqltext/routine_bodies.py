"""The SQL that stands in the bodies of PL/pgSQL and SQL routines, statement by statement, each where it stands.

PL/pgSQL is read by its tokens: a statement ends at a semicolon, what leads to the next one (THEN, LOOP, ELSE) is told
by a word. What is handed to the server's parser is cut out as the server cuts it: without INTO and its targets, with
SELECT for PERFORM; every character of the rest keeps its place.

Source: PostgreSQL 18, ``pl_gram.y`` (``read_sql_construct``, ``make_execsql_stmt``, ``read_into_target``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field, replace

from planroom.findings import Location
from planroom.sqltext.plpgsql import Token, parameters_of, tokens_of
from planroom.sqltext.splitting import split
from planroom.sqltext.statements import Statement, parse_postgres
from planroom.values import dataclass

__all__ = ["Block", "Body", "Embedded", "block_of", "body_of", "embedded"]

_LANGUAGE = re.compile(r"\blanguage\s+['\"]?(\w+)", re.IGNORECASE)
_BODY = re.compile(r"\b(?:as|do)\s*(?:language\s+['\"]?\w+['\"]?\s*)?(?P<quote>\$(?:[^\W\d]\w*)?\$|')", re.IGNORECASE)
_NAME = re.compile(
    r"(?:function|procedure)\s+(?:(?:\"[^\"]+\"|[\w$]+)\s*\.\s*)?(?:\"(?P<quoted>[^\"]+)\"|(?P<name>[\w$]+))\s*\(",
    re.IGNORECASE,
)
_TABLE = re.compile(r"\breturns\s+table\s*\(", re.IGNORECASE)
_CONFLICT = re.compile(r"\s*#\s*variable_conflict\s+(\w+)", re.IGNORECASE)
_OPTION = re.compile(r"^\s*#[^\n]*", re.MULTILINE)
_NULL = re.compile(r"(?:=|<>|!=)\s*null\b|\bnull\s*(?:=|<>|!=)", re.IGNORECASE)
_CATALOGS = re.compile(
    r"\(*\s*(?:not\s+)?exists\s*\(\s*select\b.*\b(?:pg_(?!extension|available|setting|stat|database)\w+|information_schema)\b"
    r"|(?:not\s+)?to_reg\w+\s*\(.*\bis\s+(?:not\s+)?null\b",
    re.IGNORECASE | re.DOTALL,
)
_INK = re.compile(r"\S")

_QUERIES = frozenset({"select", "insert", "update", "delete", "merge", "with", "values", "table"})
_SPECIAL = frozenset(
    """found new old sqlstate sqlerrm tg_name tg_when tg_level tg_op tg_relid tg_relname tg_table_name tg_table_schema
    tg_nargs tg_argv tg_event tg_tag""".split()
)
_CODE = frozenset({"execute", "call", "do"})
_SILENT = frozenset("raise get null commit rollback fetch move close exit continue return assert end exception".split())


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between the quotes of a routine.

    Attributes:
        text: The body, as long as it is in the statement.
        start: Where it begins in the statement.
        language: ``plpgsql`` or ``sql``.
        name: The routine's name; empty for DO.
        parameters: The names of its parameters and of the columns that it returns.
        quoted: It stands in single quotes, so that none may be put into it.
    """

    text: str
    start: int
    language: str
    name: str = ""
    parameters: frozenset[str] = frozenset()
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Embedded:
    """One statement in a body, or an expression with a query in it.

    Attributes:
        kind: ``query``, ``expression`` (behind a SELECT of its own), ``utility`` (what defines or sets), or ``code``
            (EXECUTE, CALL, DO: what runs is not told).
        text: What the server is given; as long as what stands in the body, blanks for what is left out.
        start: Where it begins in the body; that of an expression where its SELECT would.
        discards: PERFORM: nobody looks at the rows.
        into: Its first row goes into variables.
        variables: The names that may mean variables, the routine's and its blocks' among them, which qualify others.
        prefers: What a name means that is a column and a variable: ``error``, ``use_column`` or ``use_variable``.
        guard: On what it depends whether it runs: nothing (empty), ``exists`` (what the system's catalogs hold), or
            ``other``.
    """

    kind: str
    text: str
    start: int
    discards: bool = False
    into: bool = False
    variables: frozenset[str] = field(default=frozenset(), repr=False)
    prefers: str = "error"
    guard: str = ""


def body_of(statement: str) -> Body | None:
    """Return the body of CREATE FUNCTION, CREATE PROCEDURE or DO in PL/pgSQL or SQL; None where it has no such.

    A body in single quotes is read where no quote stands in it: else its places would not be those of the text.
    """
    found = _BODY.search(statement)
    if found is None:
        return None
    quote, start = found["quote"], found.end()
    end = statement.find(quote, start)
    body = statement[start : len(statement) if end < start else end]
    if quote == "'" and statement.startswith("''", end):
        return None
    outside = statement[:start] + " " * len(body) + statement[start + len(body) :]
    language = _LANGUAGE.search(outside)
    is_do = statement[:2].lower() == "do"
    spoken = language[1].lower() if language else "plpgsql" if is_do else ""
    if spoken not in {"plpgsql", "sql"}:
        return None
    head, named = statement[: found.start()], _NAME.search(statement[: found.start()])
    names = set() if is_do else set(parameters_of(head))
    table = _TABLE.search(head)
    names |= set(parameters_of(head[table.end() - 1 :])) if table else set()
    name = (named["quoted"] or named["name"].lower()) if named else ""
    return Body(body, start, spoken, name, frozenset(names), quoted=quote == "'")


def embedded(body: Body) -> tuple[Embedded, ...]:
    """Return the statements of a body, and the expressions in it that ask for rows or compare with NULL."""
    if body.language == "sql":
        names = body.parameters | {body.name}
        pieces = (each for each in split(body.text) if each.kind == "sql")
        return tuple(
            Embedded(_kind(body.text[each.start : each.end]), body.text[each.start : each.end], each.start,
                     variables=names, prefers="use_column")
            for each in pieces
        )  # fmt: skip
    conflict = _CONFLICT.match(body.text)
    text = _OPTION.sub(lambda option: _INK.sub(" ", option[0]), body.text) if "#" in body.text else body.text
    reader = _Reader(text, tuple(tokens_of(text)))
    reader.read()
    names = frozenset({*body.parameters, body.name, *reader.variables, *_SPECIAL})
    prefers = conflict[1].lower() if conflict else "error"
    return tuple(replace(each, variables=names, prefers=prefers) for each in reader.found)


def _kind(text: str) -> str:
    word = re.match(r"\(*\s*(\w+)", text)
    first = word[1].lower() if word else ""
    return "query" if first in _QUERIES else "code" if first in _CODE else "utility"


class _Reader:
    """Goes through the tokens of a PL/pgSQL body once.

    Attributes:
        found: The statements and expressions so far.
        variables: What is declared so far: variables, labels, loop variables, cursors.
    """

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.found: list[Embedded] = []
        self.variables: set[str] = set()
        self._at = 0
        self._declaring = False
        self._guards: list[str] = []

    def read(self) -> None:
        """Read all statements."""
        while self._at < len(self.tokens):
            before = self._at
            self._statement()
            self._at = max(self._at, before + 1)

    # -- tokens --------------------------------------------------------------------------------------------------------

    def _word(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self.tokens[at].text if at < len(self.tokens) else ";"

    def _name(self, at: int) -> str:
        """Return a name as PostgreSQL folds it."""
        text = self.tokens[at].text if at < len(self.tokens) else ""
        return text[1:-1].replace('""', '"') if text.startswith('"') else text

    def _until(self, *words: str, first: int | None = None) -> int:
        """Return the number of the token that ends what begins here: a word outside parentheses, or a semicolon."""
        at, depth = self._at if first is None else first, 0
        while at < len(self.tokens):
            token = self.tokens[at]
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
            if depth <= 0 and (token.text == ";" or (token.kind == "word" and token.text in words)):
                break
            at += 1
        return at

    def _cut(self, first: int, last: int) -> tuple[str, int]:
        """Return the text between two tokens, the last not in it, and where it begins."""
        if first >= last:
            return "", 0
        start = self.tokens[first].start
        return self.text[start : self.tokens[last - 1].end], start

    # -- what is found -------------------------------------------------------------------------------------------------

    @property
    def _guard(self) -> str:
        return "other" if "other" in self._guards else "exists" if "exists" in self._guards else ""

    def _expression(self, first: int, last: int) -> None:
        """Enter an expression, where it holds a query or a comparison with NULL."""
        text, start = self._cut(first, last)
        asks = any(each.kind == "word" and each.text == "select" for each in self.tokens[first:last])
        if text and (asks or _NULL.search(text)):
            self.found.append(Embedded("expression", f"SELECT {text}", start - len("SELECT ")))

    def _query(self, first: int, last: int, *, discards: bool = False) -> None:
        """Enter a statement that reads or writes rows, without INTO and its targets."""
        text, start = self._cut(first, last)
        if not text:
            return
        target = self._target(first, last)
        if target is not None:
            begin, end = (place - start for place in target)
            text = text[:begin] + _INK.sub(" ", text[begin:end]) + text[end:]
        if discards:
            text = f"SELECT {text[len('PERFORM') :]}"  # as long as it was
        self.found.append(Embedded("query", text, start, discards, target is not None, guard=self._guard))

    def _target(self, first: int, last: int) -> tuple[int, int] | None:
        """Return where INTO begins and where its targets end; None where the rows go nowhere else."""
        for at in range(first + 1, last):
            if self.tokens[at].text == "into" and self.tokens[at - 1].text not in {"insert", "merge"}:
                end = at + 1
                end += self.tokens[end].text == "strict" if end < last else 0
                while end < last:
                    end = self._past_name(end, last)
                    if end >= last or self.tokens[end].text != ",":
                        break
                    end += 1
                return self.tokens[at].start, self.tokens[end - 1].end
        return None

    def _past_name(self, at: int, last: int) -> int:
        """Return the token behind a variable, its fields and subscripts."""
        at += 1
        while at < last and self.tokens[at].text in {".", "["}:
            if self.tokens[at].text == ".":
                at += 2
                continue
            while at < last and self.tokens[at].text != "]":
                at += 1
            at += 1
        return min(at, last)

    # -- statements ----------------------------------------------------------------------------------------------------

    def _statement(self) -> None:
        word = self._word()
        handler = _HANDLERS.get(word) if self.tokens[self._at].kind == "word" else None
        if self._declaring and word not in {"begin", "declare", "<"}:
            self._declaration()
        elif word == "<" and self._word(1) == "<":
            self.variables.add(self._name(self._at + 2))
            self._at += 5
        elif word in {";", "begin", "else", "loop", "then", "declare"}:
            self._declaring = word == "declare"
            if word in {"begin", "loop"}:
                self._guards.append("other" if word == "loop" else "")
            elif word == "else":
                self._guards[-1:] = ["other"]
            self._at += 1
        elif handler is not None:
            handler(self)
        else:
            self._other(word)

    def _other(self, word: str) -> None:
        last = self._until()
        sign = self._past_name(self._at, last)
        assigned = sign < last and self.tokens[sign].text in {":=", "="}
        if assigned:
            self._expression(sign + 1, last)
        elif word in _QUERIES or word == "(":
            self._query(self._at, last)
        elif word in _CODE:
            self._enter("code", last)
        elif word not in _SILENT:
            self._enter("utility", last)
        self._at = last + 1

    def _enter(self, kind: str, last: int) -> None:
        text, start = self._cut(self._at, last)
        if text:
            self.found.append(Embedded(kind, text, start, guard=self._guard))

    def _declaration(self) -> None:
        last = self._until()
        self.variables.add(self._name(self._at))
        if self._word(1) == "alias":
            self._at = last + 1
            return
        cursor = next((at for at in range(self._at + 1, last) if self.tokens[at].text == "cursor"), -1)
        if cursor in {self._at + 1, self._at + 2, self._at + 3}:
            if cursor + 1 < last and self.tokens[cursor + 1].text == "(":
                self._arguments(cursor + 1, last)
            start = self._until("for", "is", first=cursor + 1)
            self._query(start + 1, last)
        else:
            signs = (at for at in range(self._at + 1, last) if self.tokens[at].text in {":=", "=", "default"})
            self._expression(next(signs, last) + 1, last)
        self._at = last + 1

    def _arguments(self, first: int, last: int) -> None:
        """Enter the names of a cursor's arguments."""
        expected = True
        for at in range(first + 1, last):
            text = self.tokens[at].text
            if text == ")":
                break
            if expected:
                self.variables.add(self._name(at))
            expected = text == ","

    def _condition(self) -> None:
        """Read IF, ELSIF, WHILE, WHEN: an expression up to what it leads to."""
        word, last = self._word(), self._until("then", "loop")
        self._expression(self._at + 1, last)
        if word == "if":
            self._guards.append("exists" if _CATALOGS.match(self._cut(self._at + 1, last)[0]) else "other")
        elif word == "while":
            self._guards.append("other")
        elif word != "when":
            self._guards[-1:] = ["other"]
        self._at = last + 1

    def _case(self) -> None:
        last = self._until("when")
        self._expression(self._at + 1, last)
        self._guards.append("other")
        self._at = last

    def _end(self) -> None:
        """Read END of a block, an IF, a LOOP or a CASE."""
        del self._guards[-1:]
        self._at = self._until() + 1

    def _exception(self) -> None:
        """Read EXCEPTION: what follows runs where something else failed."""
        self._guards[-1:] = ["other"]
        self._at += 1

    def _perform(self) -> None:
        last = self._until()
        self._query(self._at, last, discards=True)
        self._at = last + 1

    def _return(self) -> None:
        last = self._until()
        if self._word(1) == "query":
            if self._word(2) == "execute":
                self._at += 2
                self._enter("code", last)
            else:
                self._query(self._at + 2, last)
        else:
            self._expression(self._at + (2 if self._word(1) == "next" else 1), last)
        self._at = last + 1

    def _for(self) -> None:
        """Read FOR and FOREACH up to LOOP."""
        inside = self._until("in", "loop")
        for at in range(self._at + 1, inside):
            if self.tokens[at].kind in {"word", "name"} and self.tokens[at - 1].text in {"for", "foreach", ","}:
                self.variables.add(self._name(at))
        first = inside + 1
        last = self._until("loop", first=first)
        word = self.tokens[first].text if first < len(self.tokens) else ""
        if word == "execute":
            self._at = first
            self._enter("code", last)
        elif word in _QUERIES or word == "(":
            self._query(first, last)
        elif word != "explain":
            self._expression(first, last)
        self._guards.append("other")
        self._at = last + 1

    def _open(self) -> None:
        last, start = self._until(), self._until("for")
        word = self.tokens[start + 1].text if start + 1 < last else ""
        if word == "execute":
            self._at = start + 1
            self._enter("code", last)
        elif word:
            self._query(start + 1, last)
        self._at = last + 1

    def _exit(self) -> None:
        last, when = self._until(), self._until("when")
        if when < last:
            self._expression(when + 1, last)
        self._at = last + 1


_HANDLERS = {
    **dict.fromkeys(("if", "elsif", "elseif", "while", "when"), _Reader._condition),  # noqa: SLF001
    "case": _Reader._case,  # noqa: SLF001
    "perform": _Reader._perform,  # noqa: SLF001
    "return": _Reader._return,  # noqa: SLF001
    **dict.fromkeys(("for", "foreach"), _Reader._for),  # noqa: SLF001
    "end": _Reader._end,  # noqa: SLF001
    "exception": _Reader._exception,  # noqa: SLF001
    "open": _Reader._open,  # noqa: SLF001
    **dict.fromkeys(("exit", "continue"), _Reader._exit),  # noqa: SLF001
}


@dataclass(frozen=True, slots=True)
class Block:
    """What a DO block runs, as far as its text tells.

    Attributes:
        statements: What it may run, each at its place, with what that depends on.
        whole: Nothing else is in it: no text is executed, no procedure called, and no other condition decides.
        quoted: It stands in single quotes.
    """

    statements: tuple[tuple[Statement, str], ...] = ()
    whole: bool = False
    quoted: bool = False


def block_of(statement: Statement) -> Block:
    """Return the statements that a DO block holds, but those that only read."""
    body = body_of(statement.text)
    if body is None or body.language != "plpgsql":
        return Block()
    found: list[tuple[Statement, str]] = []
    whole = True
    for each in embedded(body):
        if each.kind == "code":
            whole = False
        elif each.kind == "utility" or (each.kind == "query" and not each.text.lower().startswith("select")):
            inner = _inner(statement, each, body.start)
            whole = whole and inner.kind != "broken" and each.guard != "other"
            found.append((inner, each.guard))
    return Block(tuple(found), whole, body.quoted)


def _inner(statement: Statement, each: Embedded, start: int) -> Statement:
    """Return a statement of a body, at its place in the script."""
    at = start + each.start
    parsed = parse_postgres(each.text, statement.location.source)
    before = statement.text[:at]
    lines = before.count("\n")
    column = at - before.rfind("\n") if lines else statement.location.column + at
    place = Location(statement.location.source, statement.location.line + lines, column)
    if len(parsed) != 1:
        return Statement("broken", each.text, place, statement.offset + at, problem="it holds no one statement")
    return replace(parsed[0], location=place, offset=statement.offset + at)
