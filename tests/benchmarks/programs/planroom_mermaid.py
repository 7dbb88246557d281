"""planroom writes Mermaid text: of its model, or of SQLAlchemy's MetaData from the start."""

from __future__ import annotations

from _metadata import metadata

from planroom.diagrams import er
from planroom.workbench import read


def prepare(source, count):
    tables = metadata(int(count))
    return read(tables) if source == "model" else tables


def work(source):
    text = er(read(source), overview=False).mermaid
    return f"{len(text.encode()) / 1e3:.0f} kB"
