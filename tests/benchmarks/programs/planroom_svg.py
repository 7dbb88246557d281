"""planroom draws its model as SVG: what ``er`` shows by default, the overview, or a poster of all tables."""

from __future__ import annotations

from planroom.diagrams import er
from planroom.drawing import graphviz
from planroom.workbench import read

OPTIONS = {
    "default": {},
    "overview": {"overview": True},
    "poster": {"overview": False},
    "full": {"overview": False, "detail": "columns"},
}


def prepare(kind, path):
    return kind, read(path)


def work(prepared):
    kind, model = prepared
    picture = er(model, **OPTIONS[kind])
    size = len(picture.svg.encode())
    graphviz.stop()  # its process ends here, so that its time counts
    return f"{size / 1e3:.0f} kB, {len(picture.shown.nodes):,} boxes"
