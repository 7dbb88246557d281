"""sqlglot parses a script in one call: syntax trees, no model."""

from __future__ import annotations

from pathlib import Path

import sqlglot
from sqlglot import exp


def prepare(path):
    return Path(path).read_text(encoding="utf-8")


def work(text):
    trees = [tree for tree in sqlglot.parse(text, dialect="postgres") if tree is not None]
    opaque = sum(isinstance(tree, exp.Command) for tree in trees)
    return f"{len(trees):,} syntax trees, {opaque:,} opaque"
