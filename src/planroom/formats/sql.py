"""SQL of any dialect that sqlglot knows and planroom has no format for: best effort, and labelled so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from planroom.errors import FormatError, UnknownNameError
from planroom.findings import Finding, Fix, Location, Severity
from planroom.formats.base import Document, Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Model

__all__ = ["SqlFormat"]


class SqlFormat(Format):
    """Scripts of SQL Server, Oracle, Snowflake, BigQuery and others: what their CREATE and ALTER TABLE have in common.

    Attributes:
        dialect: The dialect, as sqlglot names it; empty for what the text looks like.
    """

    summary: ClassVar[str] = "SQL of another dialect (tsql, oracle, snowflake ...): its tables, as best effort"
    suffixes: ClassVar[tuple[str, ...]] = (".sql",)
    reads: ClassVar[bool] = True
    dialect: str = ""

    def of(self, dialect: str) -> SqlFormat:
        """Return the format for one dialect.

        Raises:
            UnknownNameError: sqlglot knows no such dialect.
        """
        from planroom.sqltext.dialect_expressions import is_dialect, known_dialects

        if not is_dialect(dialect):
            raise UnknownNameError.of("dialect", dialect, known_dialects())
        bound = SqlFormat()
        bound.dialect = dialect
        return bound

    def recognises(self, head: str) -> bool:
        """Whether the text shows a dialect for which there is no format."""
        from planroom.sqltext.dialects import guess_dialect

        return guess_dialect(head) not in {"", "mysql", "sqlite", "duckdb"}

    def read(self, documents: Sequence[Document]) -> Model:
        """Return the model that the scripts, run in this order, would make, as far as it can be told.

        Raises:
            FormatError: The text does not show its dialect, and nobody named it.
        """
        from planroom.formats._sql.reading import read_script
        from planroom.sqltext.dialects import guess_dialect

        dialect = self.dialect or next(filter(None, (guess_dialect(each.text) for each in documents)), "")
        if not dialect:
            raise FormatError(
                "The text does not show in which dialect of SQL it is.",
                fix="name the dialect: --from tsql, --from oracle.",
            )
        model = read_script(((each.source, each.text) for each in documents), dialect)
        return replace(model, findings=(*model.findings, _best_effort(model, documents)))


def _best_effort(model: Model, documents: Sequence[Document]) -> Finding:
    counted = Counter(each.kind for each in model.unread if each.kind in {"broken", "structure"})
    said = ", ".join(f"{number} × {kind}" for kind, number in sorted(counted.items())) or "none"
    return Finding(
        code="READ003",
        slug="dialect-read-as-best-effort",
        severity=Severity.NOTE,
        message=f"read as {model.dialect} with best effort; statements and clauses that are not in the model: {said}",
        location=Location(documents[0].source if documents else ""),
        why="planroom has no reader of its own for this dialect, and no engine to compare with.",
        fix=Fix("look through what was not read, and through the types."),
        facts=dict(counted),
    )
