"""What the formats that are pictures have in common: each is a renderer of the one graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Format

if TYPE_CHECKING:
    from planroom.model import Model

__all__ = ["DrawnFormat"]


class DrawnFormat(Format):
    """A model as the text of a diagram, in the language that the format is called after."""

    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "everything but tables, views, columns, keys, enums and relations",
        "defaults, checks, indexes, and whatever else has no place in a picture",
    )

    def write(self, model: Model) -> str:
        """Return the whole model as one diagram."""
        from planroom.diagrams import er

        return er(model).text(self.name)
