"""planroom writes Mermaid text: of a model that it has read from a script, or of MetaData from the start."""

from __future__ import annotations

from planroom.diagrams import er
from planroom.workbench import read


def prepare(source):
    if source.endswith(".sql"):
        return read(source)
    from _metadata import metadata

    return metadata(int(source))


def work(source):
    text = er(read(source), overview=False).mermaid
    return f"{len(text.encode()) / 1e3:.0f} kB"
