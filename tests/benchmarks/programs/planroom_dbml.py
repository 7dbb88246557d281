"""planroom reads a DBML text into a model."""

from __future__ import annotations

from pathlib import Path

from planroom.formats import Document
from planroom.formats._dbml.building import model_of


def prepare(path):
    return [Document(path, Path(path).read_text(encoding="utf-8"))]


def work(documents):
    model = model_of(documents)
    return f"{len(model.tables):,} tables, {len(model.relations):,} references, {len(model.unread):,} unread"
