"""planroom reads a script of PostgreSQL DDL into a model."""

from __future__ import annotations

from pathlib import Path

from planroom.ddl import read_postgres


def prepare(path):
    return [(path, Path(path).read_text(encoding="utf-8"))]


def work(scripts):
    model = read_postgres(scripts)
    keys = sum(len(table.foreign_keys) for table in model.tables)
    return f"{len(model.tables):,} tables, {keys:,} foreign keys, {len(model.unread):,} unread"
