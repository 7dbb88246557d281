"""sqlglot parses a script statement by statement, so that one it cannot parse does not lose the others.

Where the statements begin and end is found beforehand and not measured.
"""

from __future__ import annotations

import logging
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.tokens import TokenType


def prepare(path):
    logging.disable()
    text = Path(path).read_text(encoding="utf-8")
    ends = [each.start for each in sqlglot.tokenize(text, read="postgres") if each.token_type is TokenType.SEMICOLON]
    return [text[start:end] for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]


def work(statements):
    trees = [_parsed(statement) for statement in statements]
    opaque = sum(isinstance(tree, exp.Command) for tree in trees)
    return f"{len(trees):,} statements, {opaque:,} opaque, {trees.count(None):,} not parsed"


def _parsed(statement):
    try:
        return sqlglot.parse_one(statement, dialect="postgres")
    except sqlglot.errors.SqlglotError:
        return None
