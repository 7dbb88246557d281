"""Mermaid: a model as the text of an ``erDiagram``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.formats.base import Format

if TYPE_CHECKING:
    from planroom.model import Model

__all__ = ["MermaidFormat"]


class MermaidFormat(Format):
    """The text that GitHub, GitLab and JupyterLab draw as an entity-relationship diagram."""

    summary: ClassVar[str] = "Mermaid erDiagram text"
    suffixes: ClassVar[tuple[str, ...]] = (".mmd", ".mermaid")
    writes: ClassVar[bool] = True
    loses: ClassVar[tuple[str, ...]] = (
        "everything but tables, columns, keys and relations",
        "defaults, checks, indexes, and whatever else has no place in an ER diagram",
    )

    def write(self, model: Model) -> str:
        """Return the whole model as an erDiagram."""
        from planroom.diagrams import er

        return er(model).mermaid.rstrip("\n") + "\n"
