"""pydbml parses a DBML text."""

from __future__ import annotations

from pathlib import Path

from pydbml import PyDBML


def prepare(path):
    return Path(path).read_text(encoding="utf-8")


def work(text):
    database = PyDBML(text)
    return f"{len(database.tables):,} tables, {len(database.refs):,} references"
