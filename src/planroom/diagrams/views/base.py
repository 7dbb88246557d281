"""What every view is."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.drawing import Graph
    from planroom.model import Model

__all__ = ["View"]


class View(abc.ABC):
    """Makes a Graph of a model; its file's name is its name."""

    @abc.abstractmethod
    def graph(self, model: Model) -> Graph:
        """Return the picture before it is drawn; equal models give equal graphs."""
