"""How well a design is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.workbench.sources import read

if TYPE_CHECKING:
    from planroom.advice.documentation import Coverage

__all__ = ["coverage"]


def coverage(source: Any, *, keys: bool = True) -> Coverage:
    """Return how much of a source is documented: by area, by kind, and what lacks words.

    Args:
        source: Anything that `read` takes.
        keys: Count the columns of foreign keys and surrogate keys too.
    """
    from planroom.advice.documentation import documentation_of

    return documentation_of(read(source), keys=keys)
