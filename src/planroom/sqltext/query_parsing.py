"""The queries of a script in any dialect, statement by statement: a broken one costs itself alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.findings import Location
from planroom.sqltext.libpg_query import ParserError, parse_tree
from planroom.sqltext.queries import Node, Query
from planroom.sqltext.scripts import Part, split_script
from planroom.sqltext.splitting import split
from planroom.sqltext.statements import Script, may_be_template
from planroom.values import dataclass

if TYPE_CHECKING:
    from planroom.sqltext.routine_bodies import Body, Embedded

__all__ = ["QueryStatement", "RoutineQuery", "parse_queries", "parse_routine_queries"]

_QUERIES = re.compile(
    r"[\s(]*(?:select|from|with|values|table|insert|replace|update|delete|merge|explain)\b", re.IGNORECASE
)
_CREATE_AS = re.compile(
    r"create\s+(?:or\s+replace\s+)?(?:global\s+|local\s+)?(?:temp(?:orary)?\s+|unlogged\s+|recursive\s+)?"
    r"(?:materialized\s+)?(?:view|table)\b",
    re.IGNORECASE,
)
_AS_QUERY = re.compile(r"\bas\s*(?:\(\s*)*(?:select|with|values|table)\b", re.IGNORECASE)
_ROUTINE = re.compile(r"(?:create\s+(?:or\s+replace\s+)?(?:function|procedure)|do)\b", re.IGNORECASE)
_EXPLAIN = re.compile(r"explain\s+(?:\([^)]*\)\s*|(?:analyze|verbose|extended)\s+)*", re.IGNORECASE)
_OTHERS = (TypeError, ValueError, AttributeError, LookupError)  # what sqlglot raises over texts that nobody tried
_NAMES = {"mariadb": "mysql", "mssql": "tsql", "postgresql": "postgres"}


@dataclass(frozen=True)
class QueryStatement:
    """One statement of a script that holds a query, or should have been read as one and could not.

    Attributes:
        text: As written, without its terminator.
        location: Where it begins; for a broken one, where the parser stopped.
        offset: Where it begins in the script, in characters.
        query: What it says; None where it could not be read.
        problem: Why it could not be read.
        broken: It does not parse in its own dialect either, as far as that can be told.
    """

    text: str
    location: Location
    offset: int
    query: Query | None
    problem: str = ""
    broken: bool = False
    script: Script = field(default_factory=lambda: Script("", ""), repr=False, compare=False)

    def place(self, start: int, end: int) -> Location:
        """Return the place of a part of the script; that of the statement's first word where it is not known."""
        if start < 0:
            return self._first_word
        found = self.script.location(start)
        return Location(found.source, found.line, found.column, max(end - start, 0))

    @cached_property
    def _first_word(self) -> Location:
        word = re.match(r"\w+", self.text)
        return Location(self.location.source, self.location.line, self.location.column, len(word[0]) if word else 1)

    def at(self, node: Node) -> Location:
        """Return the place of a node."""
        return self.place(node.start, node.end)

    def written(self, node: Node) -> str:
        """Return a node as it is written."""
        return self.script.text[node.start : node.end] if node.start >= 0 else node.text


def parse_queries(text: str, source: str = "<text>", dialect: str = "postgres") -> tuple[QueryStatement, ...]:
    """Return the statements of a script that read or write rows, and its PL/pgSQL routines, in order.

    Other statements (DDL, settings, lines for psql, rows of COPY) are left out; what should be a query and cannot be
    read is there with its problem.

    Args:
        text: The script.
        source: Its path or address, for places.
        dialect: As sqlglot or SQLAlchemy names it.
    """
    dialect = _NAMES.get(dialect, dialect)
    script = Script(text.removeprefix("\ufeff"), source)
    return tuple(found for part in _parts(script.text, dialect) if (found := _parsed(part, script, dialect)))


def _parts(text: str, dialect: str) -> Iterator[Part]:
    if dialect != "postgres":
        yield from split_script(text, dialect)
        return
    for piece in split(text):
        if piece.kind == "sql":
            yield Part(text[piece.start : piece.end].rstrip(), piece.start)


def _parsed(part: Part, script: Script, dialect: str) -> QueryStatement | None:
    if explained := _EXPLAIN.match(part.text):
        part = Part(part.text[explained.end() :], part.start + explained.end())
    location = script.location(part.start)
    if dialect == "postgres" and _ROUTINE.match(part.text):
        return _routine(part, location, script)
    is_query = _QUERIES.match(part.text)
    if not is_query and not (_CREATE_AS.match(part.text) and _AS_QUERY.search(part.text)):
        return None
    if dialect == "postgres":
        part = _filled(part)
    try:
        query = _query(part, dialect)
    except _NotReadError as error:
        problem, offset = str(error), error.offset
        refusal = _refusal(part.text) if dialect == "postgres" else (problem, offset)
        place = script.location(part.start + (refusal or (problem, offset))[1])
        return QueryStatement(part.text, place, part.start, None, (refusal or (problem,))[0], bool(refusal), script)
    return QueryStatement(part.text, location, part.start, query, script=script) if query is not None else None


def _filled(part: Part) -> Part:
    """Return a statement that is a template with what a tool may put in, where it can be read then."""
    if "sqlc." in part.text:
        from planroom.sqltext.templates import without_macros

        part = Part(without_macros(part.text), part.start)
    if not may_be_template(part.text) or _refusal(part.text) is None:
        return part
    from planroom.sqltext.templates import fillings

    filled = next((text for text in fillings(part.text) if _refusal(text) is None), part.text)
    kept = (was if was == "?" else now for was, now in zip(part.text, filled, strict=True))  # sqlglot knows it
    return Part("".join(kept), part.start)


class _NotReadError(Exception):
    def __init__(self, problem: str, offset: int = 0) -> None:
        super().__init__(problem)
        self.offset = offset


def _query(part: Part, dialect: str) -> Query | None:
    """Return what a statement says.

    Raises:
        _NotReadError: It cannot be read.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError, SqlglotError

    from planroom.sqltext.dialect_expressions import quiet
    from planroom.sqltext.query_statements import query_of

    try:
        with quiet():
            trees = [each for each in sqlglot.parse(part.text, read=dialect or None) if each is not None]
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        what = str(first.get("description") or "it does not parse").partition(" but got <Token")[0]
        raise _NotReadError(what, _offset(part.text, first)) from None
    except SqlglotError as error:
        raise _NotReadError(str(error).partition("\n")[0]) from None
    except _OTHERS:
        raise _NotReadError("it does not parse") from None
    except RecursionError:
        raise _NotReadError("it is nested too deeply") from None
    if any(isinstance(each, exp.Command) for each in trees):
        raise _NotReadError("sqlglot does not know this form of it")
    try:
        return query_of(trees[0], part.text, part.start, dialect) if len(trees) == 1 else None
    except RecursionError:
        raise _NotReadError("it is nested too deeply") from None


def _offset(text: str, error: dict[str, object]) -> int:
    """Return where sqlglot stopped: it tells the line and the column after the token."""
    line, column = error.get("line"), error.get("col")
    if not isinstance(line, int) or not isinstance(column, int):
        return 0
    begin = 0
    for _ in range(line - 1):
        begin = text.find("\n", begin) + 1
    highlighted = str(error.get("highlight") or " ")
    return min(max(begin + column - len(highlighted), 0), len(text))


def _refusal(text: str) -> tuple[str, int] | None:
    """Return why and where PostgreSQL's own parser refuses a statement too; None where it does not."""
    try:
        parse_tree(text.encode())
    except ParserError as error:
        return error.message, len(text.encode()[: max(error.offset, 0)].decode(errors="ignore"))
    except RecursionError:
        return "it is nested too deeply", 0
    except UnicodeError:
        return "it is not valid UTF-8", 0
    return None


def _routine(part: Part, location: Location, script: Script) -> QueryStatement | None:
    from planroom.sqltext.plpgsql import executions

    found = executions(part.text, part.start)
    return (
        QueryStatement(part.text, location, part.start, Query("routine", executions=found), script=script)
        if found
        else None
    )


@dataclass(frozen=True)
class RoutineQuery:
    """A query in the body of a routine.

    Attributes:
        statement: The query, at its place in the script; its text is what the server is given.
        found: What the body says of it: where its rows go, and which names may mean variables.
        quoted: The body stands in single quotes.
        in_the_making: The body is a block of code that defines things itself, so that what is there is not known.
    """

    statement: QueryStatement
    found: Embedded
    quoted: bool = False
    in_the_making: bool = False


def parse_routine_queries(text: str, source: str = "<text>") -> tuple[RoutineQuery, ...]:
    """Return the static SQL in the bodies of a PostgreSQL script's routines and DO blocks, in order.

    What cannot be read is there with its problem; it costs itself alone.
    """
    from planroom.sqltext.routine_bodies import body_of

    script = Script(text.removeprefix("\ufeff"), source)
    found: list[RoutineQuery] = []
    for part in _parts(script.text, "postgres"):
        body = body_of(part.text) if _ROUTINE.match(part.text) else None
        if body is not None:
            found += _queries_of(body, part, script)
    return tuple(found)


def _queries_of(body: Body, part: Part, script: Script) -> Iterator[RoutineQuery]:
    from planroom.sqltext.routine_bodies import embedded

    statements = embedded(body)
    making = not body.name and any(each.kind in {"utility", "code"} for each in statements)
    for each in statements:
        if each.kind in {"query", "expression"}:
            place = Part(each.text, part.start + body.start + each.start)
            yield RoutineQuery(_embedded(place, script), each, body.quoted, making)


def _embedded(part: Part, script: Script) -> QueryStatement:
    location = script.location(max(part.start, 0))
    try:
        return QueryStatement(part.text, location, part.start, _query(part, "postgres"), script=script)
    except _NotReadError as error:
        return QueryStatement(part.text, location, part.start, None, str(error), script=script)
