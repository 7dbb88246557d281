"""Expressions and queries of other dialects than PostgreSQL's: as written, and in a canonical form by sqlglot."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.sqltext.expressions import Expression

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = [
    "MOST_NESTED",
    "dialect_expression",
    "dialect_query",
    "expression_columns",
    "is_dialect",
    "known_dialects",
    "nesting",
    "query_columns",
    "query_tables",
    "quiet",
]

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?|'[^'\\]*'")
MOST_NESTED = 200  # parentheses in one another: sqlglot recurses, compiled, on the C stack
_MOST_CHARACTERS = 200_000


def known_dialects() -> tuple[str, ...]:
    """Return the dialects that sqlglot knows, sorted."""
    from sqlglot.dialects import Dialects

    return tuple(sorted(str(each.value) for each in Dialects if each.value))


def is_dialect(name: str) -> bool:
    """Whether sqlglot knows a dialect of this name."""
    return name in known_dialects()


def dialect_expression(text: str, dialect: str) -> Expression:
    """Return an expression; where sqlglot cannot read it, its canonical form is its text with single blanks."""
    bare = text.strip()
    return Expression(bare, bare if _PLAIN.fullmatch(bare) else _canonical(bare, dialect))


def dialect_query(text: str, dialect: str) -> Expression:
    """Return a query, likewise."""
    bare = text.strip().rstrip(";").rstrip()
    return Expression(bare, _canonical(bare, dialect))


def query_columns(text: str, dialect: str) -> tuple[str, ...]:
    """Return the names of a query's columns; none where sqlglot cannot read it, or where a star hides some."""
    tree = _tree(text, dialect)
    names = tuple(tree.named_selects) if tree is not None and hasattr(tree, "named_selects") else ()
    return () if "*" in names or not all(names) else names


def expression_columns(text: str, dialect: str) -> frozenset[str]:
    """Return the names of the columns that an expression names, without their tables; none where it cannot be read."""
    from sqlglot import exp

    tree = _tree(text, dialect)
    return frozenset(each.name for each in tree.find_all(exp.Column)) if tree is not None else frozenset()


def query_tables(text: str, dialect: str) -> tuple[tuple[str, str], ...]:
    """Return the schema and name of each table that a query names, in order; the first may be empty."""
    from sqlglot import exp

    tree = _tree(text, dialect)
    found = tree.find_all(exp.Table) if tree is not None else ()
    return tuple(dict.fromkeys((each.db, each.name) for each in found))


@lru_cache(maxsize=1 << 14)
def _canonical(text: str, dialect: str) -> str:
    tree = _tree(text, dialect)
    if tree is None:
        return " ".join(text.split())
    return _folded(tree).sql(dialect=dialect, comments=False, normalize_functions="upper")


def _tree(text: str, dialect: str) -> exp.Expr | None:
    if len(text) > _MOST_CHARACTERS or nesting(text) > MOST_NESTED:
        return None
    return _quietly(lambda: _parsed(text, dialect))


def _parsed(text: str, dialect: str) -> exp.Expr | None:
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(text, read=dialect)
    return None if isinstance(tree, exp.Command) else tree


def _quietly(work: Callable[[], exp.Expr | None]) -> exp.Expr | None:
    """Return what the work gives, without what sqlglot logs; None where it fails."""
    from sqlglot.errors import SqlglotError

    try:
        with quiet():
            return work()
    except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        return None  # whatever a parser stumbles over, the text itself is kept


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep sqlglot from logging that it falls back to an opaque command: its callers see that for themselves."""
    import logging

    logger = logging.getLogger("sqlglot")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def nesting(text: str) -> int:
    """Return how many parentheses stand open at most."""
    deepest = depth = 0
    for mark in re.findall(r"[(\[{)\]}]", text):
        depth += 1 if mark in "([{" else -1
        deepest = max(deepest, depth)
    return deepest


def _folded(tree: exp.Expr) -> exp.Expr:
    """Return a tree without what makes no difference: the case of names, and which parentheses an author wrote.

    Every operand that is an operation itself is in parentheses afterwards, so that no two meanings become one.
    """
    from sqlglot import exp

    root = exp.Paren(this=tree)
    for node in list(tree.find_all(exp.Paren)):
        node.replace(node.this)
    operations = (exp.Binary, exp.Unary, exp.Between, exp.In)
    for node in list(root.this.find_all(*operations)):
        if isinstance(node.parent, operations) and node.parent is not root and not isinstance(node, exp.Dot):
            paren = exp.Paren()
            node.replace(paren)
            paren.set("this", node)
    for name in list(root.this.find_all(exp.Identifier)):
        name.replace(exp.to_identifier(name.name.lower(), quoted=True))
    folded: exp.Expr = root.this
    return folded
