"""What every renderer is."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

from planroom.drawing.graph import Notation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planroom.drawing import Graph

__all__ = ["Renderer"]


class Renderer(abc.ABC):
    """Turns a Graph into a text in one language; its file's name is its name.

    Attributes:
        suffixes: The file name endings that mean this renderer, the usual one first.
        notations: What it has words for; of another graph it says so.
    """

    suffixes: ClassVar[tuple[str, ...]] = ()
    notations: ClassVar[frozenset[Notation]] = frozenset(Notation)

    @abc.abstractmethod
    def render(self, graph: Graph) -> str:
        """Return the whole document, ending in a newline; equal graphs give equal bytes."""

    def documents(self, graph: Graph, path: Path) -> Mapping[Path, str]:
        """Return the files that a graph is saved as under a path, and what each holds; nearly always one."""
        return {path: self.render(graph)}
