"""planroom makes the explorer page of its model."""

from __future__ import annotations

from planroom.workbench import explorer, read


def prepare(path):
    return read(path)


def work(model):
    page = explorer(model).html
    return f"{len(page.encode()) / 1e3:.0f} kB, {len(model.tables):,} tables"
