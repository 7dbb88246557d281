"""DOT: a model as text for Graphviz."""

from __future__ import annotations

from typing import ClassVar

from planroom.formats._drawn import DrawnFormat

__all__ = ["DotFormat"]


class DotFormat(DrawnFormat):
    """The text that Graphviz lays out."""

    summary: ClassVar[str] = "Graphviz DOT text"
    suffixes: ClassVar[tuple[str, ...]] = (".dot", ".gv")
    loses: ClassVar[tuple[str, ...]] = (*DrawnFormat.loses, "comments of columns")
