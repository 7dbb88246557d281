"""A Graph as Graphviz DOT text, for those who lay out with their own Graphviz."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._dot_boxes import box_lines_of
from planroom.diagrams.renderers._wording import is_inferred, label_of, marked
from planroom.diagrams.renderers.base import Renderer
from planroom.drawing.graph import Cell, Edge, End, Graph, LineStyle, Node, Notation, Role, Row, Sign, State
from planroom.drawing.palette import LINE, NO_HUE, SECONDARY_INK, STATE_GLYPHS, STATE_INK, assign_hues, dark_edge
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["DotRenderer"]

_ARROWS = {
    End.NONE: "none",
    End.EXACTLY_ONE: "teetee",
    End.ZERO_OR_ONE: "teeodot",
    End.ZERO_OR_MORE: "crowodot",
    End.ONE_OR_MORE: "crowtee",
    End.ARROW: "normal",
    End.GENERAL: "onormal",
}
_SIGNS = {
    Sign.PRIMARY_KEY: "PK",
    Sign.FOREIGN_KEY: "FK",
    Sign.UNIQUE: "UK",
    Sign.INDEXED: "ix",
    Sign.NULLABLE: "null",
    Sign.PERSONAL: "pii",
}


class DotRenderer(Renderer):
    """DOT with HTML-like labels, a port a row, and crow's feet."""

    suffixes = (".dot", ".gv")

    def render(self, graph: Graph) -> str:
        """Return the graph in the order of its nodes and edges."""
        lines = _lines(graph) if graph.notation is Notation.TABLES else box_lines_of(graph)
        return "\n".join(lines) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    hues = assign_hues([*graph.hues, *(node.hue for node in graph.nodes if node.hue)])
    yield f"digraph {_quoted(graph.title or 'diagram')} {{"
    yield f"  graph [rankdir=LR, ranksep=1, nodesep=0.4, label={_quoted(graph.summary)}, labelloc=b]"
    yield '  node [shape=plain, fontname="Helvetica,Arial,sans-serif", fontsize=12]'
    yield f'  edge [dir=both, color="{LINE}", fontname="Helvetica,Arial,sans-serif", fontsize=11]'
    ports = {node.id: {row.port: f"p{at}" for at, row in enumerate(node.rows) if row.port} for node in graph.nodes}
    for node in graph.nodes:
        yield f"  {_quoted(node.id)} [label=<{_table(node, hues, ports[node.id])}>, tooltip={_quoted(node.tip)}]"
    for at, cluster in enumerate(graph.clusters):
        inside = "; ".join(_quoted(node) for node in cluster.nodes)
        yield f"  subgraph cluster_{at} {{ label={_quoted(cluster.label)}; style=dashed; {inside} }}"
    for edge in graph.edges:
        yield f"  {_edge(edge, ports)}"
    yield "}"


def _quoted(text: str) -> str:
    """Return a DOT string; backslashes are doubled, because DOT reads escapes in them."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _markup(text: str) -> str:
    return escape(printable(text), quote=True)


def _table(node: Node, hues: Mapping[str, str], ports: Mapping[str, str]) -> str:
    fill = hues.get(node.hue, NO_HUE)
    border = f' STYLE="{node.outline}"' if node.outline is not LineStyle.SOLID else ""
    span = max((len(row.cells) for row in node.rows), default=1)
    extra = " ".join(part for part in (node.subtitle, node.note) if part)
    faint = f' <FONT COLOR="{SECONDARY_INK}" POINT-SIZE="11">{_markup(extra)}</FONT>' if extra else ""
    title = _inked(f"<B>{_struck(node.title, node.state) or ' '}</B>", node.state, first=True)
    head = f'<TR><TD COLSPAN="{span}" BGCOLOR="{fill}" ALIGN="LEFT">{title}{faint}</TD></TR>'
    rows = "".join(_row(row, span, ports) for row in node.rows)
    ink, width = STATE_INK.get(node.state, dark_edge(fill)), 2 if node.state in STATE_GLYPHS else 1
    return (
        f'<TABLE BORDER="{width}" COLOR="{ink}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3"{border}>'
        f"{head}{rows}</TABLE>"
    )


def _row(row: Row, span: int, ports: Mapping[str, str]) -> str:
    cells = list(row.cells)
    last = len(cells) - 1
    parts = []
    for at, cell in enumerate(cells):
        port = f' PORT="{ports[row.port]}"' if at == 0 and row.port in ports else ""
        wide = f' COLSPAN="{span - last}"' if at == last and span - last > 1 else ""
        words = _inked(_cell(cell, row.state), row.state, first=at == 0)
        parts.append(f'<TD ALIGN="{"RIGHT" if cell.right else "LEFT"}"{port}{wide}>{words}</TD>')
    return f"<TR>{''.join(parts)}</TR>"


def _cell(cell: Cell, state: State) -> str:
    ink = STATE_INK.get(state, SECONDARY_INK)
    if cell.signs:
        words = " ".join(_SIGNS[sign] for sign in cell.signs)
        return f'<FONT COLOR="{ink}" POINT-SIZE="10">{words}</FONT>'
    if not cell.text:
        return " "
    words = _struck(cell.text, state)
    return f'<FONT FACE="monospace" COLOR="{ink}" POINT-SIZE="11">{words}</FONT>' if cell.role is Role.TYPE else words


def _struck(text: str, state: State) -> str:
    return f"<S>{_markup(text)}</S>" if state is State.REMOVED and text else _markup(text)


def _inked(markup: str, state: State, *, first: bool) -> str:
    """Return markup in the colour of its state; the first of a line after its glyph."""
    if state not in STATE_INK:
        return markup
    glyph = marked("", state) if first else ""
    return f'<FONT COLOR="{STATE_INK[state]}">{glyph}{markup}</FONT>'


def _edge(edge: Edge, ports: Mapping[str, Mapping[str, str]]) -> str:
    tail = _end(edge.tail, ports.get(edge.tail, {}).get(edge.tail_port, ""))
    head = _end(edge.head, ports.get(edge.head, {}).get(edge.head_port, ""))
    label = marked(label_of(edge) if is_inferred(edge) else edge.label, edge.state).strip()
    attributes = [
        f"arrowtail={_ARROWS[edge.tail_end]}",
        f"arrowhead={_ARROWS[edge.head_end]}",
        *([f"style={edge.style}"] if edge.style is not LineStyle.SOLID else []),
        *([f"penwidth={edge.weight:g}"] if edge.weight != 1 else []),
        *([f'color="{STATE_INK[edge.state]}"'] if edge.state in STATE_INK else []),
        *([f"label={_quoted(label)}"] if label else []),
        *([f"tooltip={_quoted(edge.tip)}"] if edge.tip else []),
    ]
    return f"{tail} -> {head} [{', '.join(attributes)}]"


def _end(node: str, port: str) -> str:
    return f"{_quoted(node)}:{port}" if port else _quoted(node)
