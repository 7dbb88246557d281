"""Pydantic v2: a module of classes, one for the rows of each table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Format

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["PydanticFormat"]


class PydanticFormat(Format):
    """Classes that check a row before the database does, as far as a single value tells.

    A column that the server fills (a default, an identity) may be left out and may not be None; ``model_dump`` with
    ``exclude_unset=True`` and ``by_alias=True`` gives the row to insert.
    """

    summary: ClassVar[str] = "Pydantic v2: a module with a class for the rows of each table and view"
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "keys, foreign keys, indexes and everything else that is about more than one row",
        "checks over several columns, and those that are more than bounds, lengths, lists and plain patterns",
        "what a default is, and what is generated",
        "numbers and texts that PostgreSQL would round or cut are refused",
        "the bounds of dates and times, and arrays of more than one dimension",
        "types that planroom does not look into, ranges among them: any value may stand there",
        "annotations, routines, triggers, policies, sequences, partitions",
    )

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what becomes otherwise on the way from another dialect."""
        from planroom.formats._translation import translated

        return translated(model, "postgres")[1]

    def write(self, model: Model) -> str:
        """Return the source of the module, laid out as ``ruff format`` does."""
        from planroom.formats._translation import translated
        from planroom.formats._values.pydantic_module import module_of

        return module_of(translated(model, "postgres")[0])
