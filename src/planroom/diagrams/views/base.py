"""What every view is."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.architecture import Element, Flow, System
    from planroom.drawing import Graph

__all__ = ["ArchitectureView", "Scope", "View"]

T = TypeVar("T")


class View(abc.ABC, Generic[T]):
    """Makes a Graph of a model or a system; its file's name is its name."""

    @abc.abstractmethod
    def graph(self, source: T) -> Graph:
        """Return the picture before it is drawn; equal sources give equal graphs."""


@dataclass(frozen=True)
class Scope:
    """What a view of a system shows.

    Attributes:
        of: The element, scenario or environment that the view is about; empty for the first that there is.
        include: Which elements and flows it shows; None for all.
        sequence: Of a scenario, the order in time, from top to bottom, instead of who speaks to whom.
    """

    system: System
    of: str = ""
    include: Callable[[Element | Flow], bool] | None = None
    sequence: bool = False


class ArchitectureView(View[Scope]):
    """A view of a system.

    Attributes:
        summary: What it shows, in a few words, for lists of views.
    """

    summary: ClassVar[str] = ""

    def subjects(self, system: System) -> tuple[str, ...]:  # noqa: ARG002  (most views have one subject)
        """Return what `Scope.of` may name, the first being what an empty one means; one empty text for the whole."""
        return ("",)
