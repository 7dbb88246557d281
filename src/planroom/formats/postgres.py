"""PostgreSQL DDL: what pg_dump, migrations and people write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.model import Model, ObjectId

__all__ = ["PostgresFormat"]

_DDL = re.compile(r"^\s*(?:create|alter|comment\s+on)\s", re.IGNORECASE | re.MULTILINE)


class PostgresFormat(Format):
    """Scripts for PostgreSQL 18: read statement by statement, written in an order that loads."""

    summary: ClassVar[str] = "PostgreSQL DDL: a script that makes the database"
    suffixes: ClassVar[tuple[str, ...]] = (".sql", ".ddl")
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "annotations",
        "the types of views' columns (they follow from the query)",
        "the options of foreign tables",
        "ranges with a canonical function (they need a shell type first)",
    )

    def recognises(self, head: str) -> bool:
        """Whether a line begins as DDL does."""
        return bool(_DDL.search(head))

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the scripts, run in this order, would make; nothing is run."""
        from planroom.ddl import read_postgres

        return read_postgres((document.source, document.text) for document in documents)

    def by_table(self, model: Model) -> Mapping[ObjectId, str]:
        """Return the statements that make each table, its indexes, triggers and policies, by the table's id."""
        from planroom.formats._postgres import table_scripts

        return table_scripts(model) if model.dialect == self.name else {}

    def write(self, model: Model, *, unread: bool = True) -> str:
        """Return a script that makes the model in an empty database, whatever its ``search_path``.

        Args:
            model: A model in PostgreSQL's dialect.
            unread: Write what the model could not hold (structure, privileges) at the end, as it was written.

        Raises:
            FormatError: The model is written in another dialect.
        """
        from planroom.errors import FormatError
        from planroom.formats._postgres import script

        if model.dialect != "postgres":
            raise FormatError(
                f"This model cannot be written as PostgreSQL DDL: its dialect is {model.dialect}.",
                why="types and expressions are kept as their own dialect writes them.",
                fix=f"write it as {model.dialect}, or read it from PostgreSQL.",
            )
        return script(model, unread=unread)
