"""What every renderer is."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from planroom.drawing import Graph

__all__ = ["Renderer"]


class Renderer(abc.ABC):
    """Turns a Graph into a text in one language; its file's name is its name.

    Attributes:
        suffixes: The file name endings that mean this renderer, the usual one first.
    """

    suffixes: ClassVar[tuple[str, ...]] = ()

    @abc.abstractmethod
    def render(self, graph: Graph) -> str:
        """Return the whole document, ending in a newline; equal graphs give equal bytes."""

    def document(self, graph: Graph, suffix: str) -> str:  # noqa: ARG002  (a renderer may tell its suffixes apart)
        """Return what a file with this ending holds."""
        return self.render(graph)
