"""A Graph as PlantUML text: an entity diagram with crow's feet (IE notation).

PlantUML reads every line three times: as a preprocessor's (``!include``, ``%date()``, ``$name``), as a statement, and
as Creole (``**bold**``, ``<b>``, ``[[link]]``). So of a user's text only letters, digits and a few signs stay as they
are; everything else is written as ``<U+002A>``, which none of the three reads, and which is drawn as the sign it means.

Source: the PlantUML language reference guide, "Class Diagram", "Creole"; tried with 1.2020.2 and 1.2026.2.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._plantuml_boxes import whole_text
from planroom.diagrams.renderers._plantuml_words import aliases_of
from planroom.diagrams.renderers._plantuml_words import text as _text
from planroom.diagrams.renderers._wording import (
    field_of,
    is_inferred,
    label_of,
    marked,
    remark_of,
    subheading,
    words_of,
)
from planroom.diagrams.renderers.base import Renderer
from planroom.drawing.graph import Edge, End, Graph, LineStyle, Node, Notation, Row, State
from planroom.drawing.palette import FRAME, LINE, NO_HUE, SECONDARY_INK, STATE_INK, assign_hues, dark_edge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["PlantUmlRenderer"]

_STYLE = f"""\
left to right direction
hide circle
hide empty members
skinparam shadowing false
skinparam packageStyle rectangle
skinparam packageBorderColor {FRAME}
skinparam classBackgroundColor #ffffff"""
_LEFT = {
    End.EXACTLY_ONE: "||", End.ZERO_OR_ONE: "|o", End.ZERO_OR_MORE: "}o", End.ONE_OR_MORE: "}|", End.ARROW: "<",
    End.GENERAL: "<|",
}  # fmt: skip
_RIGHT = {
    End.EXACTLY_ONE: "||", End.ZERO_OR_ONE: "o|", End.ZERO_OR_MORE: "o{", End.ONE_OR_MORE: "|{", End.ARROW: ">",
    End.GENERAL: "|>",
}  # fmt: skip
_LINES = {LineStyle.SOLID: "", LineStyle.DASHED: ",dashed", LineStyle.DOTTED: ",dotted"}
_BOLD = 1.5  # px: an edge that is wider is drawn bold
_REMARK = 44  # characters a line


class PlantUmlRenderer(Renderer):
    """PlantUML entities, in packages where the graph has clusters."""

    suffixes = (".puml", ".plantuml")

    def render(self, graph: Graph) -> str:
        """Return the diagram in the graph's order; the comment of a table stands below its columns."""
        if graph.notation is not Notation.TABLES:
            return whole_text(graph)
        return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    hues = assign_hues([*graph.hues, *(node.hue for node in graph.nodes if node.hue)])
    aliases = aliases_of(graph)
    yield "@startuml"
    yield _STYLE
    if graph.title:
        yield f"title {_text(graph.title)}"
    inside = {node for cluster in graph.clusters for node in cluster.nodes}
    for at, cluster in enumerate(graph.clusters):
        yield f'package "{_text(cluster.label)}" as c_{at} {{'
        for member in cluster.nodes:
            yield from _entity(graph.by_id[member], aliases, hues)
        yield "}"
    for node in graph.nodes:
        if node.id not in inside:
            yield from _entity(node, aliases, hues)
    for edge in graph.edges:
        yield f"{aliases[edge.tail]} {_line(edge)} {aliases[edge.head]} : {_text(marked(label_of(edge), edge.state))}"
    if graph.summary or graph.caption:
        yield f"caption {_text(f'{graph.summary}. {graph.caption}'.strip())}"
    yield "@enduml"


def _entity(node: Node, aliases: Mapping[str, str], hues: Mapping[str, str]) -> Iterator[str]:
    word = "enum" if node.kind == "enum" else "entity"
    fill = hues.get(node.hue, NO_HUE)
    line = f"line:{_hex(STATE_INK.get(node.state, dark_edge(fill)))}"
    line += ";line.bold" if node.strong or node.state in {State.ADDED, State.REMOVED, State.CHANGED} else ""
    line += f";line.{node.outline}" if node.outline is not LineStyle.SOLID else ""
    yield f'{word} "{_title(node)}" as {aliases[node.id]} #ffffff;header:{_hex(fill)};{line} {{'
    for row in node.rows:
        yield f"  {_row(row)}"
    remark = textwrap.wrap(remark_of(node), _REMARK)
    if remark:
        yield "  .."
    yield from (f"  {{field}} {_small(line)}" for line in remark)
    yield "}"


def _hex(colour: str) -> str:
    """Return a colour as it stands after a colon: without the sign that begins a list of them."""
    return colour.removeprefix("#")


def _title(node: Node) -> str:
    beside = subheading(node)
    return f"{_inked(node.title, node.state)} {_small(beside)}" if beside else _inked(node.title, node.state)


def _small(text: str) -> str:
    return f"<size:10><color:{SECONDARY_INK}>{_text(text)}</color></size>"


def _row(row: Row) -> str:
    """Return a line of an entity; ``{field}`` keeps a type with brackets from being taken for a method."""
    field = field_of(row)
    if field is None:
        return f"{{field}} {_inked(words_of(row), row.state)}"
    words = f"{field.name}: {field.kind}" if field.kind else field.name
    keys = "".join(f" <<{key}>>" for key in field.keys)
    return f"{{field}} {'' if field.nullable else '* '}{_inked(words, row.state)}{keys}"


def _inked(text: str, state: State) -> str:
    """Return a text in the colour of its state, after its glyph; struck through when it was removed."""
    if state not in STATE_INK:
        return _text(text)
    struck = f"<s>{_text(text)}</s>" if state is State.REMOVED else _text(text)
    glyph = _text(marked("", state))
    return f"<color:{STATE_INK[state]}>{glyph}{struck}</color>"


def _line(edge: Edge) -> str:
    colour = STATE_INK.get(edge.state, LINE)
    bold = ",bold" if edge.weight > _BOLD and not is_inferred(edge) else ""
    return f"{_LEFT.get(edge.tail_end, '')}-[{colour}{_LINES[edge.style]}{bold}]-{_RIGHT.get(edge.head_end, '')}"
