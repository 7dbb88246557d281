"""What users call: a design as a page to explore."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.diagrams import er
from planroom.diagrams.poster import framed
from planroom.diagrams.views.er import er_graph
from planroom.display import Displayable, caption_line, card, figure
from planroom.drawing.sheet import lay_out_sheet
from planroom.exploring.content import Content, Decision
from planroom.exploring.page import page
from planroom.files import write_whole
from planroom.model.card import headline

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from planroom.findings import Finding
    from planroom.model import Model, ObjectId

__all__ = ["Explorer"]

_HOW = "save('explorer.html') writes a page to search, zoom and follow relations in; it needs no server."


@dataclass(frozen=True, repr=False)
class Explorer(Displayable):
    """A design as one HTML page: search, pan and zoom, follow relations. It needs no server and asks no host.

    In a notebook it shows the picture and how to save the page; it runs no script there.

    Attributes:
        model: The design.
        findings: Shown at the tables that are their subjects.
        decisions: Shown at the tables that they affect.
        ddl: The statements that make each table, by its id.
    """

    model: Model
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decision, ...] = ()
    ddl: Mapping[ObjectId, str] = field(default_factory=dict)

    @cached_property
    def html(self) -> str:
        """The page."""
        graph = framed(er_graph(self.model))
        content = Content(self.model, graph, lay_out_sheet(graph), self.findings, self.decisions, self.ddl)
        return page(content.data(), title=self.model.name or "Model")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page; whole or not at all.

        Returns:
            The path that was written.

        Raises:
            SourceError: The file cannot be written.
        """
        target = Path(path)
        write_whole(target, self.html)
        return target

    def __str__(self) -> str:
        return f"{self._title}\n{_HOW}"

    def __repr__(self) -> str:
        return f"<{self._title}>"

    @property
    def _title(self) -> str:
        return f"Explorer of {self.model.name or 'a model'}: {headline(self.model)}"

    def _html(self) -> str:
        picture = er(self.model, overview=True)
        return card(self._title, figure(picture.svg, picture.shown.summary), caption_line("div", _HOW))
