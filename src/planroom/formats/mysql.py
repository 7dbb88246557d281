"""MySQL and MariaDB DDL: what mysqldump, migrations and people write."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["MysqlFormat"]


class MysqlFormat(Format):
    """Scripts for MySQL 8 and MariaDB: read statement by statement, written in an order that loads."""

    summary: ClassVar[str] = "MySQL and MariaDB DDL: a script that makes the database"
    suffixes: ClassVar[tuple[str, ...]] = (".sql",)
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "annotations",
        "the types of views' columns (they follow from the query)",
        "the definitions of partitions",
        "names with characters beyond U+FFFF, or with a blank at their end: MySQL has none such",
        "the names of primary keys (they are all called PRIMARY), their comments, and comments on views and checks",
    )

    def recognises(self, head: str) -> bool:
        """Whether the text shows what MySQL alone has."""
        from planroom.sqltext.dialects import guess_dialect

        return guess_dialect(head) == "mysql"

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the scripts, run in this order, would make; nothing is run.

        The indexes that InnoDB makes for foreign keys by itself are not in it.
        """
        from planroom.formats._sql.reading import read_script

        return read_script(((each.source, each.text) for each in documents), "mysql")

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return what becomes otherwise in MySQL."""
        from planroom.formats._translation import translated

        return translated(model, "mysql")[1]

    def write(self, model: Model) -> str:
        """Return a script that makes the model in an empty database; a model of another dialect is translated."""
        from planroom.formats._sql.mysql_writing import script
        from planroom.formats._translation import translated

        return script(translated(model, "mysql")[0])
