"""Expressions and queries of one dialect in another, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Collection

from planroom.sqltext import Expression
from planroom.sqltext.canonical import parse_expression, parse_query
from planroom.sqltext.dialect_expressions import dialect_expression, dialect_query, query_tables
from planroom.sqltext.transpiling import transpile

__all__ = ["in_dialect", "made", "made_query", "query_in_dialect"]

_ON_UPDATE = re.compile(r"\s*\bON UPDATE .*", re.IGNORECASE | re.DOTALL)


def in_dialect(
    expression: Expression,
    source: str,
    to: str,
    *,
    own_types: Collection[str] = (),
    booleans: Collection[str] = (),
    texts: Collection[str] = (),
) -> tuple[Expression | None, str]:
    """Return an expression in another dialect, or None and why not.

    Args:
        expression: In the dialect ``source``.
        source: As sqlglot names it.
        to: Likewise.
        own_types: The types that the model itself defines: a cast to one of them is left out.
        booleans: The columns that were numbers and are booleans: 1 and 0 beside them are true and false.
        texts: The columns that are texts: to compare them with numbers is an error in strict dialects.
    """
    text, doubts = transpile(expression.text, source, to, own_types=own_types, booleans=booleans, texts=texts)
    if doubts or not text:
        return None, doubts[0] if doubts else "it cannot be read"
    if re.search(r"\bselect\b", text, re.IGNORECASE) and query_tables(text, to):
        return None, "it asks a query"
    return made(text, to), ""


def query_in_dialect(
    query: Expression,
    source: str,
    to: str,
    *,
    own_types: Collection[str] = (),
    booleans: Collection[str] = (),
    texts: Collection[str] = (),
) -> tuple[Expression | None, str]:
    """Return a query in another dialect, or None and why not."""
    text, doubts = transpile(query.text, source, to, own_types=own_types, booleans=booleans, texts=texts)
    if doubts or not text:
        return None, doubts[0] if doubts else "it cannot be read"
    return made_query(text, to), ""


def made_query(text: str, dialect: str) -> Expression:
    """Return a query from its text in a dialect."""
    return _postgres(text, query=True) if dialect == "postgres" else dialect_query(text, dialect)


def made(text: str, dialect: str) -> Expression:
    """Return an expression from its text in a dialect."""
    return _postgres(text, query=False) if dialect == "postgres" else dialect_expression(text, dialect)


def _postgres(text: str, *, query: bool) -> Expression:
    from planroom.errors import PlanroomError

    try:
        return parse_query(text) if query else parse_expression(text, {})
    except PlanroomError:
        return Expression(text, text)
