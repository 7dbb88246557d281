"""Markdown: a data dictionary that reviewers read on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Format

if TYPE_CHECKING:
    from planroom.model import Model

__all__ = ["MarkdownFormat"]


class MarkdownFormat(Format):
    """A document in GitHub's Markdown: contents, then every table with its columns, keys, relations and indexes."""

    summary: ClassVar[str] = "data dictionary in GitHub's Markdown, with links and Mermaid diagrams"
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "bodies of routines, extensions, sequences and extended statistics",
        "storage, collations, operator classes, and the columns and indexes of partitions",
        "names of primary and unique keys of one column, of foreign keys and of NOT NULLs",
        "annotations about values (distinct, null_fraction, skew, domain ...), and those that planroom does not know",
    )

    def write(self, model: Model, *, diagrams: bool = True) -> str:
        """Return the data dictionary; with ``diagrams``, each area of at most 15 tables is drawn in Mermaid."""
        from planroom.formats._markdown.document import document

        return document(model, diagrams=diagrams)
