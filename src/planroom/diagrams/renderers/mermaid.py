"""A Graph as Mermaid ``erDiagram`` text, for README files and pull requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.diagrams.renderers import _mermaid_boxes
from planroom.diagrams.renderers._mermaid_parts import Part, parts_of
from planroom.diagrams.renderers._mermaid_script import whole_text
from planroom.diagrams.renderers.base import Renderer
from planroom.drawing.graph import Notation
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from planroom.drawing import Graph

__all__ = ["MermaidRenderer"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class MermaidRenderer(Renderer):
    """Mermaid 11 ``erDiagram`` text, in the graph's order."""

    suffixes = (".mmd", ".md", ".mermaid")

    def render(self, graph: Graph) -> str:
        """Return the whole diagram; enums are told in the comments of the columns that have them."""
        return whole_text(graph) if graph.notation is Notation.TABLES else _mermaid_boxes.whole_text(graph)

    def documents(self, graph: Graph, path: Path) -> Mapping[Path, str]:
        """Return the diagram in its parts: under headings of one Markdown file, or in a file each.

        A file of Mermaid holds one diagram. So where there are parts, ``shop.mmd`` is the overview, and
        ``shop-2.mmd`` and so on stand beside it; each says which part of how many it is.
        """
        parts = parts_of(graph)
        if path.suffix.lower() == ".md":
            return {path: _markdown(graph.title or "Diagram", parts) if len(parts) > 1 else _fenced(parts[0].text)}
        paths = [path, *(path.with_name(f"{path.stem}-{at}{path.suffix}") for at in range(2, len(parts) + 1))]
        return dict(zip(paths, _numbered(parts), strict=True))


def _numbered(parts: Sequence[Part]) -> Iterator[str]:
    for at, part in enumerate(parts, 1):
        first, rest = part.text.split("\n", 1)
        yield f"{first}\n    %% part {at} of {len(parts)}\n{rest}" if len(parts) > 1 else part.text


def _markdown(title: str, parts: Sequence[Part]) -> str:
    """Return a document with a heading a part; links lead to headings that are the same in every Markdown dialect."""
    contents = [f"- [Part {at}](#part-{at}): {_plain(part.name)}" for at, part in enumerate(parts, 1)]
    bodies = (f"## Part {at}\n\n{_plain(part.name)}\n\n{_fenced(part.text)}" for at, part in enumerate(parts, 1))
    return "\n".join([f"# {_plain(title)}\n", *contents, "", *bodies])


def _fenced(text: str) -> str:
    return f"```mermaid\n{text}```\n"


def _plain(text: str) -> str:
    """Return a text of one line in which Markdown finds no markup."""
    return _PUNCTUATION.sub(r"\\\1", printable(text))
