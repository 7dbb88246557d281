"""eralchemy2 draws SQLAlchemy's MetaData: ``mermaid_er`` text, or an SVG picture through pygraphviz."""

from __future__ import annotations

import tempfile
from pathlib import Path

from _metadata import metadata
from eralchemy2 import render_er


def prepare(mode, count):
    return mode, metadata(int(count))


def work(prepared):
    mode, tables = prepared
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("er.svg" if mode == "svg" else "er.md")
        render_er(tables, str(path), mode="auto" if mode == "svg" else mode)
        return f"{path.stat().st_size / 1e3:.0f} kB"
