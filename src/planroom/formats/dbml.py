"""DBML: the language of dbdiagram.io and dbdocs.io."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["DbmlFormat"]

_ELEMENT = re.compile(
    r"^[ \t]*(?:table|enum|tablegroup|tablepartial|project)\s[^\n;(]*\{", re.IGNORECASE | re.MULTILINE
)


class DbmlFormat(Format):
    """Texts in DBML, as @dbml/core 10 reads them; several files are read as one.

    - A TableGroup is the context of its tables; settings of one's own, and Metadata blocks, are annotations.
    - ``increment`` is an identity BY DEFAULT; the types ``serial``, ``bigserial`` and ``smallserial`` make a sequence.
    - Among ``indexes``, ``unique`` is a constraint, unless there is an expression or a ``type``: then it is an index.
    - What DBML gives no name, such as the key of an inline reference, bears PostgreSQL's default name.
    - ``-`` is a foreign key, and a finding where no key makes it one to one; ``<>`` is kept in ``unread``.
    - Notes in ``'''`` lose their indent and the lines of their quotes; other strings mean what stands in them.
    """

    summary: ClassVar[str] = "DBML, the language of dbdiagram.io"
    suffixes: ClassVar[tuple[str, ...]] = (".dbml",)
    reads: ClassVar[bool] = True
    folders: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "extensions, views, routines, triggers, policies, extended statistics, exclusion constraints",
        "domains, composite and range types (columns keep the type's name)",
        "sequences that no serial column has",
        "schemas without a table or enum, and the comments of schemas and enums",
        "partitions (rows stay in the parent) and inheritance (children are tables of their own)",
        "generated columns (plain ones stand for them), collations, storage, compression, statistics targets",
        "ALWAYS and the options of identity columns, and the names and validation of NOT NULL constraints",
        "partial indexes; INCLUDE, order, collations, operator classes, NULLS NOT DISTINCT, storage and tablespaces",
        "deferral, MATCH, validation, enforcement, inheritance and comments of foreign keys and checks",
        "PERIOD and WITHOUT OVERLAPS, and which columns SET NULL touches",
        "row-level security, storage parameters, tablespaces and other properties of tables",
    )

    def recognises(self, head: str) -> bool:
        """Whether a line opens an element."""
        return bool(_ELEMENT.search(head))

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the texts describe together.

        Raises:
            SyntaxProblem: Nothing in them parses.
        """
        from planroom.formats._dbml.building import model_of

        return model_of(documents)

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what of this model is written otherwise, or left out, and could have been held."""
        from planroom.formats._dbml.writing import Writer

        writer = Writer(model)
        writer.text()
        return tuple(writer.losses)

    def write(self, model: Model) -> str:
        """Return the model as DBML: enums, tables, references and contexts, in the model's order."""
        from planroom.formats._dbml.writing import Writer

        return Writer(model).text()
