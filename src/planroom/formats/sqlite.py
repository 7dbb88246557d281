"""SQLite DDL: what `.schema` and `.dump` give, and what people write."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["SqliteFormat"]


class SqliteFormat(Format):
    """Scripts for SQLite 3.37 and later: read statement by statement, written in an order that loads."""

    summary: ClassVar[str] = "SQLite DDL: a script that makes the database"
    suffixes: ClassVar[tuple[str, ...]] = (".sql",)
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "annotations",
        "the types of views' columns (they follow from the query)",
        "comments (SQLite keeps none)",
        "lengths and types as a promise: only a STRICT table holds its values to them",
    )

    def recognises(self, head: str) -> bool:
        """Whether the text shows what SQLite alone has."""
        from planroom.sqltext.dialects import guess_dialect

        return guess_dialect(head) == "sqlite"

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the scripts, run in this order, would make; nothing is run.

        Constraints that nobody named have planroom's default names: SQLite gives them none.
        """
        from planroom.formats._sql.reading import read_script

        return read_script(((each.source, each.text) for each in documents), "sqlite")

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what becomes otherwise in SQLite."""
        from planroom.formats._translation import translated

        return translated(model, "sqlite")[1]

    def write(self, model: Model) -> str:
        """Return a script that makes the model in an empty database; a model of another dialect is translated."""
        from planroom.formats._sql.sqlite_writing import script
        from planroom.formats._translation import translated

        return script(translated(model, "sqlite")[0])
