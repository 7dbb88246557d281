"""Mermaid: a model as the text of an ``erDiagram``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Finding, Fix, Severity
from planroom.formats._drawn import DrawnFormat

if TYPE_CHECKING:
    from planroom.model import Model

__all__ = ["MermaidFormat"]


class MermaidFormat(DrawnFormat):
    """The text that GitHub, GitLab and JupyterLab draw as an entity-relationship diagram."""

    summary: ClassVar[str] = "Mermaid erDiagram text"
    suffixes: ClassVar[tuple[str, ...]] = (".mmd", ".mermaid")

    def losses(self, model: Model) -> tuple[Finding, ...]:
        """Return a note when the text is whole, but too long for those who draw it."""
        from planroom.diagrams import er

        diagram = er(model)
        if diagram.mermaid_fits:
            return ()
        return (
            Finding(
                code="MER001",
                slug="too-large-for-mermaid",
                severity=Severity.NOTE,
                message=f"The text has {len(diagram.mermaid):,} characters; GitHub and JupyterLab draw 100,000 at most",
                why="Mermaid's maxTextSize is set by who draws, not by the text.",
                fix=Fix("planroom er SOURCE -o FILE.md writes it in parts that are drawn."),
            ),
        )
