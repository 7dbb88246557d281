"""One statement of any dialect as a row of tokens, and a cursor that reads its clauses.

sqlglot refuses or degrades too much of the DDL that dumps hold (see the decision record 0009), so that the clauses of
CREATE and ALTER are read here, one by one, and only expressions and queries go through sqlglot. What is read is always
a slice of the text as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from planroom.sqltext.lexis import BLOCK_COMMENT, line_comment, names_of, strings_of, unquoted, unquoted_string
from planroom.values import dataclass

__all__ = ["Cursor", "Token", "UnexpectedToken", "without_qualifier"]


class UnexpectedToken(Exception):  # noqa: N818  (it is no error until a statement is given up for it)
    """The text does not go on as its grammar wants.

    Attributes:
        offset: Where, in characters from the start of the statement.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        kind: ``word`` (a keyword or bare name), ``name`` (quoted), ``string``, ``number``, ``mark``, or ``end``.
        text: A word in upper case; a name or string without its quotes; anything else as written.
        start: Where it begins.
        end: Where it ends.
    """

    kind: str
    text: str
    start: int
    end: int


@cache
def _pattern(dialect: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<blank>\s+|{line_comment(dialect)}|{BLOCK_COMMENT})"
        rf"|(?P<string>(?:(?<![\w$])(?:[nNxXbBeE]|_\w+(?=')))?(?:{strings_of(dialect)}))"
        rf"|(?P<name>{names_of(dialect)})"
        r"|(?P<word>[^\W\d][\w$#]*|[@:][\w$@]+)"
        r"|(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
        r"|(?P<mark>::|\|\||<>|!=|<=|>=|->>|->|.)",
        re.DOTALL,
    )


_DEPTHS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class Cursor:
    """A place in a statement; each method reads what it names and moves on.

    Args:
        text: The statement.
        dialect: Its dialect, as sqlglot names it.
    """

    def __init__(self, text: str, dialect: str) -> None:
        self.text = text
        self.dialect = dialect
        self._tokens = [_token(match, dialect) for match in _pattern(dialect).finditer(text) if match["blank"] is None]
        self._tokens.append(Token("end", "", len(text), len(text)))
        self._place = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._place]

    @property
    def last_end(self) -> int:
        """Where the token before the next one ends."""
        return self._tokens[self._place - 1].end if self._place else 0

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.token.kind == "end"

    def ahead(self, steps: int = 1) -> Token:
        """Return the token that many places after the next one."""
        return self._tokens[min(self._place + steps, len(self._tokens) - 1)]

    def token_at(self, number: int) -> Token:
        """Return one of the statement's tokens, counted from its beginning."""
        return self._tokens[min(number, len(self._tokens) - 1)]

    def at(self, *words: str) -> bool:
        """Whether these keywords or marks come next, in this order."""
        return all(
            self.ahead(step).text == word and self.ahead(step).kind in {"word", "mark"}
            for step, word in enumerate(words)
        )

    def at_any(self, words: Collection[str]) -> bool:
        """Whether one of these keywords or marks comes next."""
        return self.token.kind in {"word", "mark"} and self.token.text in words

    def skip(self) -> Token:
        """Return the next token and move past it."""
        token = self.token
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def take(self, *words: str) -> bool:
        """Move past these keywords or marks if they come next; whether they did."""
        if not self.at(*words):
            return False
        self._place += len(words)
        return True

    def take_any(self, words: Collection[str]) -> str:
        """Move past one of these keywords if it comes next; return it, or an empty string."""
        return self.skip().text if self.at_any(words) else ""

    def expect(self, *words: str) -> None:
        """Move past these keywords or marks.

        Raises:
            UnexpectedToken: Something else comes next.
        """
        if not self.take(*words):
            raise self.unexpected(" ".join(words))

    def unexpected(self, wanted: str) -> UnexpectedToken:
        """Return the error that something else was wanted here."""
        found = repr(self.text[self.token.start : self.token.end]) if not self.done else "the end"
        return UnexpectedToken(f"{wanted} was expected, not {found}", self.token.start)

    def name(self) -> str:
        """Return a name, quoted or bare; a bare one as it is written."""
        token = self.token
        if token.kind not in {"name", "word", "string"} or not token.text:  # a string may stand where a name must
            raise self.unexpected("a name")
        self.skip()
        return self.text[token.start : token.end] if token.kind == "word" else token.text

    def dotted(self) -> tuple[str, ...]:
        """Return the parts of a name such as ``shop.orders``."""
        parts = [self.name()]
        while self.take("."):
            parts.append(self.name())
        return tuple(parts)

    def names(self) -> tuple[str, ...]:
        """Return the names in a list in parentheses."""
        self.expect("(")
        found = [self.name()]
        while self.take(","):
            found.append(self.name())
        self.expect(")")
        return tuple(found)

    def string(self) -> str:
        """Return a string constant."""
        if self.token.kind not in {"string", "name"}:
            raise self.unexpected("a string")
        return self.skip().text

    def group(self) -> str:
        """Return what stands between this opening parenthesis and its closing one, as written."""
        self.expect("(")
        start = self.token.start
        self._to_closing()
        end = self.token.start
        self.expect(")")
        return self.text[start:end].strip()

    def _to_closing(self) -> None:
        depth = 0
        while not self.done and not (depth == 0 and self.at(")")):
            depth += _DEPTHS.get(self.token.text, 0) if self.token.kind == "mark" else 0
            self.skip()

    def until(self, words: Collection[str] = (), *, least: int = 0) -> str:
        """Return the text up to a comma, a closing parenthesis, or one of the keywords, outside parentheses.

        Args:
            words: The keywords that end it.
            least: How many tokens belong to it whatever they are.
        """
        start, end, count, depth = self.token.start, self.token.start, 0, 0
        while not self.done:
            token = self.token
            if depth == 0 and count >= least and (self.at(",") or self.at(")") or self.at_any(words)):
                break
            depth += _DEPTHS.get(token.text, 0) if token.kind == "mark" else 0
            end, count = token.end, count + 1
            self.skip()
        return self.text[start:end]

    def rest(self) -> str:
        """Return all that is left."""
        start = self.token.start
        self._place = len(self._tokens) - 1
        return self.text[start:].strip()


def _token(match: re.Match[str], dialect: str) -> Token:
    kind = match.lastgroup or "mark"
    text = match[0]
    if kind == "word":
        text = text.upper()
    elif kind == "name":
        text = unquoted(text)
    elif kind == "string":
        text = unquoted_string(text, dialect)
    return Token(kind, text, match.start(), match.end())


def without_qualifier(text: str, database: str) -> str:
    """Return a MySQL query without the name of the database that it stands in before the names of its tables.

    Example:
        >>> without_qualifier("select film.id from sakila.film", "sakila")
        'select film.id from film'
    """
    cursor = Cursor(text, "mysql")
    pieces, seen = [], 0
    while not cursor.done:
        token = cursor.token
        named = text[token.start : token.end].strip("`").casefold() == database.casefold()
        if database and named and token.kind in {"word", "name"} and cursor.ahead().text == ".":
            pieces.append(text[seen : token.start])
            cursor.skip()
            seen = cursor.token.end
        cursor.skip()
    return "".join([*pieces, text[seen:]])
