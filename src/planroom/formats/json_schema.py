"""JSON Schema 2020-12: what the rows of each table look like as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Format

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["JsonSchemaFormat"]


class JsonSchemaFormat(Format):
    """One document with a definition a table, for rows as ``to_jsonb`` gives them and as a writer sends them."""

    summary: ClassVar[str] = "JSON Schema 2020-12: a definition for the rows of each table and view, and each enum"
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "keys, foreign keys (named in x-planroom), indexes and everything else that is about more than one row",
        "checks over several columns, and those that are more than bounds, lengths, lists and plain patterns",
        "defaults other than that there is one, and what is generated",
        "the bounds of dates and times, and arrays of more than one dimension",
        "types that planroom does not look into: any value may stand there",
        "routines, triggers, policies, sequences, partitions",
    )

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what becomes otherwise on the way from another dialect."""
        from planroom.formats._translation import translated

        return translated(model, "postgres")[1]

    def write(self, model: Model) -> str:
        """Return the document, sorted, with two blanks of indentation."""
        from planroom.formats._translation import translated
        from planroom.formats._values.json_schema import document

        return document(translated(model, "postgres")[0])
