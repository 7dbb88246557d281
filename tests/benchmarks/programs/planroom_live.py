"""planroom reads a live PostgreSQL database into a model."""

from __future__ import annotations

from _live import live

from planroom.workbench import read


def prepare(path):
    return live(path)


def work(database):
    model = read(database)
    keys = sum(len(table.foreign_keys) for table in model.tables)
    return f"{len(model.tables):,} tables, {keys:,} foreign keys, {len(model.unread):,} unread"
