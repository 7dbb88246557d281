"""SQLAlchemy: MetaData, declarative classes and SQLModel, read and made; their source code, written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.errors import FormatError
from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from planroom.model import Model

__all__ = ["SqlalchemyFormat", "to_metadata"]


class SqlalchemyFormat(Format):
    """Python objects that describe tables; ``info={"planroom": {...}}`` on them becomes annotations.

    What is written is the source of a module with a class a table; a table without a primary key is a plain ``Table``,
    for declarative classes need one.
    """

    summary: ClassVar[str] = "SQLAlchemy: Python objects, read; a module of declarative classes, written"
    suffixes: ClassVar[tuple[str, ...]] = (".py",)
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "extensions, routines, triggers, row-level security and policies",
        "composite and range types",
        "a domain's second and further checks, its NOT NULL's name, and the check's name where it has a NOT NULL",
        "partitions (their parent stays), inheritance and typed tables",
        "extended statistics, replica identity, clustering, statistics targets, compression, storage modes",
        "the names of NOT NULL constraints, and that one, or a check, is not validated",
        "NOT ENFORCED constraints, NO INHERIT checks, WITHOUT OVERLAPS and PERIOD keys",
        "storage parameters and tablespaces of keys",
        "views, and comments on indexes, primary keys, sequences, enums and domains",
        "who owns a sequence, unless its column is a SERIAL key",
    )

    def accepts(self, source: object) -> bool:
        """Whether the object is a MetaData, registry, declarative base, mapped class, Table, or a list of classes."""
        from planroom.formats._sqlalchemy.reading import accepts

        return accepts(source)

    def read(self, documents: Sequence[Document]) -> Model:
        """Refuse: a Python file would have to be run to be read.

        Raises:
            FormatError: Always.
        """
        raise FormatError(
            f"planroom does not read {documents[0].source!r}: it holds Python code."
            if documents
            else "There is no file.",
            why="only running it would tell which tables it describes, and planroom runs nobody's code.",
            fix="import it, and read its classes: `import models; pr.read(models.Base)`.",
        )

    def write(self, model: Model) -> str:
        """Return a module of declarative classes, whose ``Base.metadata`` is that of `to_metadata`.

        Raises:
            FormatError: The model is written in another dialect than PostgreSQL's.
        """
        from planroom.formats._sqlalchemy.source import module_of

        return module_of(model)

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
