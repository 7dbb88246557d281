"""PostgreSQL DDL: what pg_dump, migrations and people write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.findings import Finding
    from planroom.model import Model, ObjectId

__all__ = ["PostgresFormat"]

_DDL = re.compile(r"^\s*(?:create|alter|comment\s+on)\s", re.IGNORECASE | re.MULTILINE)


class PostgresFormat(Format):
    """Scripts for PostgreSQL 18: read statement by statement, written in an order that loads."""

    summary: ClassVar[str] = "PostgreSQL DDL: a script that makes the database"
    suffixes: ClassVar[tuple[str, ...]] = (".sql", ".ddl")
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    preferred: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "annotations",
        "the types of views' columns (they follow from the query)",
        "the options of foreign tables",
        "ranges with a canonical function (they need a shell type first)",
    )

    def recognises(self, head: str) -> bool:
        """Whether a line begins as DDL does, and nothing is in another dialect."""
        from planroom.sqltext.dialects import guess_dialect

        return bool(_DDL.search(head)) and not guess_dialect(head)

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the scripts, run in this order, would make; nothing is run."""
        from planroom.ddl import read_postgres

        return read_postgres((document.source, document.text) for document in documents)

    def by_table(self, model: Model) -> Mapping[ObjectId, str]:
        """Return the statements that make each table, its indexes, triggers and policies, by the table's id."""
        from planroom.formats._postgres import table_scripts

        return table_scripts(model) if model.dialect == self.name else {}

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what becomes otherwise in PostgreSQL; nothing for a model of its own dialect."""
        from planroom.formats._translation import translated

        return translated(model, "postgres")[1]

    def write(self, model: Model, *, unread: bool = True) -> str:
        """Return a script that makes the model in an empty database, whatever its ``search_path``.

        Args:
            model: A model; one of another dialect is translated.
            unread: Write what the model could not hold (structure, privileges) at the end, as it was written; of
                another dialect's, nothing is.

        Raises:
            FormatError: planroom does not translate the model's dialect.
        """
        from planroom.formats._postgres import script
        from planroom.formats._translation import translated

        own = model.dialect == "postgres"
        return script(translated(model, "postgres")[0], unread=unread and own)
