"""Pictures of whatever can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.workbench.sources import read

if TYPE_CHECKING:
    from planroom.diagrams import Diagram

__all__ = ["er"]


def er(source: Any, **options: Any) -> Diagram:
    """Return the entity-relationship picture of a source.

    Args:
        source: Anything that `read` takes.
        options: What `planroom.diagrams.er` takes: ``focus``, ``hops``, ``detail``, ``cluster``, ``include``,
            ``exclude``, ``relations``.

    Raises:
        UnknownNameError: No table is called what ``focus`` says; the message names the nearest.
    """
    from planroom.diagrams import er as draw

    return draw(read(source), **options)
