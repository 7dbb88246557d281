"""Prisma schemas: what Prisma's migrations would make of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Model

__all__ = ["PrismaFormat"]

_BLOCK = re.compile(r"^(?:datasource|generator|model|enum)\s+\w+\s*\{\s*$", re.MULTILINE)


class PrismaFormat(Format):
    """Schemas of Prisma, one file or several: columns, keys and indexes as its migrations write and name them.

    For PostgreSQL the model is that of the script of ``prisma migrate diff --from-empty``; comments come in addition.
    Under ``relationMode = "prisma"``, and for MongoDB, foreign keys are there and not enforced.
    """

    summary: ClassVar[str] = "Prisma schemas: the tables that Prisma's migrations make"
    suffixes: ClassVar[tuple[str, ...]] = (".prisma",)
    reads: ClassVar[bool] = True
    folders: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "checks, partial and expression indexes, triggers and all else that only SQL says",
        "the queries of views",
        "what Prisma's client alone does: @updatedAt, cuid(), uuid(), @ignore, names of fields and relations",
    )

    def recognises(self, head: str) -> bool:
        """Whether a line opens a block."""
        return bool(_BLOCK.search(head))

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the schemas describe together.

        Raises:
            SyntaxProblem: Nothing in them parses.
        """
        from planroom.formats._prisma.building import model_of

        return model_of(documents)
