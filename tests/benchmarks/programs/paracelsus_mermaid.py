"""paracelsus writes Mermaid text of SQLAlchemy's MetaData."""

from __future__ import annotations

from _metadata import metadata
from paracelsus.transformers.mermaid import Mermaid


def prepare(count):
    return metadata(int(count))


def work(tables):
    text = str(Mermaid(tables, "key-based"))
    return f"{len(text.encode()) / 1e3:.0f} kB"
