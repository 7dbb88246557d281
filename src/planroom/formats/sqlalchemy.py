"""SQLAlchemy: MetaData, declarative classes and SQLModel, read and made."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Format

if TYPE_CHECKING:
    import sqlalchemy as sa

    from planroom.model import Model

__all__ = ["SqlalchemyFormat", "to_metadata"]


class SqlalchemyFormat(Format):
    """Python objects that describe tables; ``info={"planroom": {...}}`` on them becomes annotations."""

    summary: ClassVar[str] = "SQLAlchemy MetaData, declarative classes and SQLModel (Python objects)"
    reads: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "extensions, routines, triggers and policies",
        "composite and range types",
        "a domain's second and further checks, its NOT NULL's name, and the check's name where it has a NOT NULL",
        "partitions, inheritance and typed tables",
        "extended statistics, replica identity, clustering, statistics targets, compression, storage modes",
        "the names of NOT NULL constraints, and that one, or a check, is not validated",
        "NOT ENFORCED constraints, NO INHERIT checks, WITHOUT OVERLAPS and PERIOD keys",
        "storage parameters and tablespaces of keys",
        "views, and comments on views and indexes",
        "who owns a sequence",
    )

    def accepts(self, source: object) -> bool:
        """Whether the object is a MetaData, registry, declarative base, mapped class, Table, or a list of classes."""
        from planroom.formats._sqlalchemy.reading import accepts

        return accepts(source)

    def read_object(self, source: object) -> Model:
        """Return the model of what SQLAlchemy would create on PostgreSQL 18.

        Raises:
            FormatError: SQLAlchemy cannot write it for PostgreSQL, or an annotation makes no sense.
        """
        from planroom.formats._sqlalchemy.reading import model_of

        return model_of(source)


def to_metadata(model: Model) -> sa.MetaData:
    """Return a MetaData that creates the model's tables, types and sequences on PostgreSQL.

    Annotations are in ``info["planroom"]`` of tables and columns. What MetaData cannot hold is named in
    ``SqlalchemyFormat.loses``.

    Raises:
        FormatError: The model is written in another dialect than PostgreSQL's.
    """
    from planroom.formats._sqlalchemy.making import metadata_of

    return metadata_of(model)
