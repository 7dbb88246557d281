"""Canonical JSON: the form in which a model is kept in git."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.errors import FormatError
from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Model

__all__ = ["JsonFormat"]

_NAME = "planroom.model"
"""What every version of the form says of itself; see `planroom.model.codec.SCHEMA`."""


class JsonFormat(Format):
    """planroom's own text: everything the model holds, a column, constraint or index a line."""

    summary: ClassVar[str] = "planroom's canonical JSON: everything, sorted, one item a line"
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = ("origins, unless they are asked for", "findings of the reader")

    def recognises(self, head: str) -> bool:
        """Whether the text says that it is one."""
        return head.lstrip().startswith("{") and _NAME in head

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that one text holds.

        Raises:
            FormatError: There is not exactly one text, or it holds no model of this version.
        """
        if len(documents) != 1:
            raise FormatError(
                f"{len(documents)} JSON texts were given.",
                where=", ".join(document.source for document in documents),
                why="a model is kept in one.",
                fix="name one of them.",
            )
        from planroom.model.codec import from_text

        return from_text(documents[0].text, documents[0].source)

    def write(self, model: Model, *, origins: bool = False) -> str:
        """Return the model as canonical JSON; with ``origins``, each object says where it was read."""
        from planroom.model.codec import canonical_text

        return canonical_text(model, origins=origins)
