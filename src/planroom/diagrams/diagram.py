"""A diagram: one graph, shown as a picture and as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.diagrams.classic import SECONDS, ClassicPicture, classic_picture
from planroom.diagrams.detail import keys_only, names_only, without_enums
from planroom.diagrams.mermaid_py import mermaid_graph
from planroom.diagrams.overview import overview
from planroom.diagrams.poster import poster
from planroom.diagrams.renderers._mermaid_parts import Part, fits, parts_of
from planroom.diagrams.renderers.base import Renderer
from planroom.diagrams.renderers.svg import Picture, draw
from planroom.display import Displayable, details, figure, page, preformatted
from planroom.drawing.graph import Notation
from planroom.drawing.layout import WIDTH, Layout, lay_out
from planroom.drawing.measure import measure
from planroom.errors import UnknownNameError
from planroom.files import write_all_whole
from planroom.registry import Registry

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator, Mapping

    from mermaid.graph import Graph as MermaidGraph

    from planroom.drawing import Graph

__all__ = ["RENDERERS", "Diagram", "is_legible"]

RENDERERS: Registry[Renderer] = Registry("renderer", "planroom.diagrams.renderers", Renderer)  # type: ignore[type-abstract]

_HTML = ".html"
_WIDTH_OF_NAMES = WIDTH * 12 / 11  # px: where nothing but names of 12 px stands
_TALLEST = 3_600.0  # px: some four screens; a picture that is longer is not looked at
_MANY = 60  # elements of a system that can be told apart by their names, but not described
_MOST_NAMES = 120  # boxes without rows that can still be told apart
_TEXT_SHOWN = 60_000  # characters of text beside a picture in a notebook


@dataclass(frozen=True, repr=False)
class Diagram(Displayable):
    """A picture of a design, and the same as text.

    The text forms hold the whole graph. The picture holds what can be read: where 11 px text would fall below
    10 px on a page of 1,280 px, it shows less of each table, and at last an overview by groups; its caption says so.

    Attributes:
        graph: What it shows.
        may_reduce: The picture may leave out columns to stay legible.
        overview: True for an overview in any case, False for a poster of everything when a page is too small, None for
            an overview then.
        smaller: Graphs that say the same with less, the fullest first, in place of those that any graph has.
    """

    graph: Graph
    may_reduce: bool = True
    overview: bool | None = field(default=None)
    smaller: tuple[Graph, ...] = ()

    @cached_property
    def _drawn(self) -> tuple[Graph, Layout]:
        """The graph that the picture shows, and its layout."""
        if self.graph.notation is not Notation.TABLES:
            return self._fullest()
        if self.overview is not True:
            for graph in self._candidates():
                if _may_fit(graph):
                    layout = lay_out(graph)
                    if is_legible(graph, layout):
                        return graph, layout
                if self.overview is False:
                    return poster(self.graph, may_reduce=self.may_reduce)
        grouped = overview(self.graph, asked=self.overview is True)
        return grouped, lay_out(grouped)

    def _fullest(self) -> tuple[Graph, Layout]:
        """Return the fullest graph of a system that can be read, or else the one that says least."""
        tried = (self.graph, *self.smaller)
        many = len(self.graph.nodes) > _MANY or len(self.graph.edges) > 2 * _MANY
        for graph in tried[-1:] if many else tried:
            layout = lay_out(graph)
            if is_legible(graph, layout):
                break
        return graph, layout

    def _candidates(self) -> Iterator[Graph]:
        yield self.graph
        yield from self.smaller
        if self.may_reduce and not self.smaller:
            yield without_enums(self.graph)
            yield keys_only(self.graph)
            yield names_only(self.graph)

    @cached_property
    def _picture(self) -> Picture:
        return draw(*self._drawn)

    @property
    def shown(self) -> Graph:
        """The graph that the picture shows: the whole one, a reduced one, or an overview."""
        return self._drawn[0]

    @property
    def layout(self) -> Layout:
        """Where everything stands in the picture."""
        return self._drawn[1]

    @property
    def width(self) -> float:
        """The picture's natural width in pixels."""
        return self._picture.width

    @property
    def svg(self) -> str:
        """The picture as a stand-alone SVG document."""
        return self._picture.svg

    @cached_property
    def dot(self) -> str:
        """The whole graph as Graphviz DOT text."""
        return RENDERERS["dot"].render(self.graph)

    @cached_property
    def mermaid(self) -> str:
        """The whole graph as Mermaid text."""
        return RENDERERS["mermaid"].render(self.graph)

    @property
    def mermaid_fits(self) -> bool:
        """Whether GitHub and JupyterLab draw the Mermaid text as it is."""
        return fits(self.mermaid, len(self.graph.edges))

    @cached_property
    def mermaid_parts(self) -> tuple[Part, ...]:
        """The whole graph as Mermaid texts that GitHub and JupyterLab draw: one, or an overview and a part a cluster.

        Each is within Mermaid's 100,000 characters and 500 edges. Together they hold every table and relation once; a
        table that is referenced from another part is named there.

        Raises:
            FormatError: A single table is larger than that.
        """
        return parts_of(self.graph)

    def text(self, language: str) -> str:
        """Return the whole graph as text in ``d2``, ``dot``, ``er``, ``mermaid``, ``plantuml`` or ``structurizr``.

        Raises:
            UnknownNameError: There is no such language.
            FormatError: The language cannot hold the graph.
        """
        return RENDERERS[language].render(self.graph)

    def classic(self, *, seconds: float = SECONDS) -> ClassicPicture:
        """Return eralchemy2's own picture of the graph.

        Args:
            seconds: How long it may take, in seconds of wall time.

        Raises:
            MissingExtraError: eralchemy2 is not installed.
            LayoutError: The graph is too large for eralchemy2, or it could not draw it.
        """
        return classic_picture(self.graph, seconds=seconds)

    def mermaid_graph(self) -> MermaidGraph:
        """Return the whole graph as a ``mermaid.graph.Graph`` of mermaid-py; nothing is sent to its web service.

        Raises:
            MissingExtraError: mermaid-py is not installed.
        """
        return mermaid_graph(self.graph.title or "diagram", self.mermaid)

    def __str__(self) -> str:
        return self.mermaid

    def __repr__(self) -> str:
        return f"<Diagram: {self.graph.summary}>"

    def _svg(self) -> str:
        return self.svg

    def _html(self) -> str:
        picture = figure(self.svg, self.shown.summary, width=int(self.width))
        return picture + details("As text (Mermaid)", preformatted(_shortened(self.mermaid)))

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """Return the forms that a front end may choose from; the text of a large model is shortened."""
        bundle = super()._repr_mimebundle_(include, exclude)
        return {mime: _shortened(text) if mime == "text/plain" else text for mime, text in bundle.items()}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the diagram in the language that the file's name ends with; whole or not at all.

        ``.svg`` is the picture, ``.html`` a page with it; ``.puml``, ``.d2``, ``.dot``, ``.er``, ``.dsl``, ``.mmd`` and
        ``.md`` hold the whole graph as text. Where Mermaid would refuse it for its length, ``.md`` has it in parts, and
        ``shop.mmd`` is an overview beside which the parts are written as ``shop-2.mmd`` and so on.

        Returns:
            The path that was written.

        Raises:
            UnknownNameError: The ending is none of these; the message names the nearest.
            FormatError: The language cannot hold the graph.
            SourceError: The file cannot be written.
        """
        target = Path(path)
        write_all_whole(self._documents(target))
        return target

    def _documents(self, path: Path) -> Mapping[Path, str]:
        suffix = path.suffix.lower()
        if suffix == ".svg":
            return {path: self.svg}
        if suffix == _HTML:
            return {path: page(self.graph.title or "Diagram", self._html())}
        by_suffix = {ending: renderer for renderer in RENDERERS for ending in renderer.suffixes}
        if suffix not in by_suffix:
            raise UnknownNameError.of("picture format", suffix or "(no ending)", [*by_suffix, _HTML])
        return by_suffix[suffix].documents(self.graph, path)


def is_legible(graph: Graph, layout: Layout) -> bool:
    """Whether 11 px text stays at 10 px or more when fitted to a page of 1,280 px, and the picture is not endless."""
    widest = WIDTH if graph.notation is Notation.TABLES or _says_more_than_names(graph) else _WIDTH_OF_NAMES
    return layout.width <= widest and layout.height <= _TALLEST and _tells_apart(graph)


def _says_more_than_names(graph: Graph) -> bool:
    return any(node.subtitle or node.text for node in graph.nodes) or any(edge.label for edge in graph.edges)


def _tells_apart(graph: Graph) -> bool:
    return any(node.rows for node in graph.nodes) or len(graph.nodes) <= _MOST_NAMES


def _may_fit(graph: Graph) -> bool:
    """Whether the boxes alone, without ways and gaps, leave room on the paper; saves hopeless layouts."""
    shapes = [measure(node) for node in graph.nodes]
    area = sum(shape.width * shape.height for shape in shapes)
    return area <= WIDTH * _TALLEST * 0.8 and _tells_apart(graph) and all(shape.width <= WIDTH for shape in shapes)


def _shortened(text: str) -> str:
    if len(text) <= _TEXT_SHOWN:
        return text
    kept = text[: text.rindex("\n", 0, _TEXT_SHOWN)]
    return f"{kept}\n... {text.count(chr(10)) - kept.count(chr(10)):,} more lines: print(diagram) shows them all."
