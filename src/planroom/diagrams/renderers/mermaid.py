"""A Graph as Mermaid ``erDiagram`` text, for README files and pull requests.

Source: the erDiagram grammar of Mermaid 11. Entity names are quoted strings without ``"``, ``%`` and backslash; types
and names of attributes are single words; what does not fit is replaced, and said as written in the attribute's comment.
Mermaid's entity codes (``#lt;``) keep a user's text from becoming HTML in any page that embeds the diagram.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.diagrams.renderers.base import Renderer
from planroom.drawing.graph import Edge, End, Graph, LineStyle, Role, Row, Sign
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["MermaidRenderer"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_\-\[\]()]*")
_NOT_IN_WORD = re.compile(r"[^A-Za-z0-9_\-\[\]()\u00c0-\u1fff\u2c00-\ud7ff]+")
_RESERVED = re.compile(r"(?i:pk|fk|uk)")  # the lexer reads these as key markers, in any case
_SAFE = re.compile(r"[A-Za-z0-9_ .,:;/()\[\]=+*?!'|~-]*")
_CODES = {
    '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "%": "#37;", "\\": "#92;", "#": "#35;", "`": "#96;",
    "{": "#123;", "}": "#125;",
}  # fmt: skip
_KEYS = {Sign.PRIMARY_KEY: "PK", Sign.FOREIGN_KEY: "FK", Sign.UNIQUE: "UK"}
_LEFT = {End.EXACTLY_ONE: "||", End.ZERO_OR_ONE: "|o", End.ZERO_OR_MORE: "}o", End.ONE_OR_MORE: "}|"}
_RIGHT = {End.EXACTLY_ONE: "||", End.ZERO_OR_ONE: "o|", End.ZERO_OR_MORE: "o{", End.ONE_OR_MORE: "|{"}
_ENUM_TEXT = 120


class MermaidRenderer(Renderer):
    """Mermaid 11 ``erDiagram`` text, in the graph's order."""

    suffixes = (".mmd", ".md", ".mermaid")

    def render(self, graph: Graph) -> str:
        """Return the diagram; enums are told in the comments of the columns that have them."""
        return "\n".join(_lines(graph)) + "\n"

    def document(self, graph: Graph, suffix: str) -> str:
        """Return the diagram; fenced, in Markdown."""
        text = self.render(graph)
        return f"```mermaid\n{text}```\n" if suffix == ".md" else text


def _lines(graph: Graph) -> Iterator[str]:
    yield "erDiagram"
    if graph.summary:
        yield f"    accTitle: {_text(graph.summary)}"
    values = _values_of_enums(graph)
    names = _names(graph)
    for node in graph.nodes:
        if node.kind == "enum":
            continue
        attributes = [
            line for row in node.rows if (line := _attribute(row, values.get((node.id, row.port), ""))) is not None
        ]
        yield f"    {names[node.id]} {{" if attributes else f"    {names[node.id]}"
        if attributes:
            yield from attributes
            yield "    }"
    for edge in graph.edges:
        if edge.tail in names and edge.head in names:
            yield f"    {names[edge.tail]} {_line(edge)} {names[edge.head]} : {_label(edge)}"


def _names(graph: Graph) -> dict[str, str]:
    """Return what each entity is called: its title, or its id where two share a title."""
    nodes = [node for node in graph.nodes if node.kind != "enum"]
    shared = Counter(_entity(node.title) for node in nodes)
    return {node.id: _entity(node.title if shared[_entity(node.title)] == 1 else node.id) for node in nodes}


def _values_of_enums(graph: Graph) -> Mapping[tuple[str, str], str]:
    """Return the values of the enum that each row has, by node and port."""
    enums = {node.id: node for node in graph.nodes if node.kind == "enum"}
    values: dict[tuple[str, str], str] = defaultdict(str)
    for edge in graph.edges if enums else ():
        if edge.tail in enums:
            labels = " | ".join(row.cells[0].text for row in enums[edge.tail].rows if row.cells)
            values[edge.head, edge.head_port] = labels[:_ENUM_TEXT]
    return values


def _attribute(row: Row, values: str) -> str | None:
    """Return one attribute line; rows that are no columns have no port and are left out."""
    if not row.port:
        return None
    kind, keys = "", ""
    for cell in row.cells:
        if cell.role is Role.TYPE:
            kind = cell.text
        elif cell.signs:
            keys += _keys(cell.signs)
    return f"        {_word(kind or 'unknown')} {_word(row.port)}{keys}{_comment(row, values)}"


@lru_cache(maxsize=64)
def _keys(signs: tuple[Sign, ...]) -> str:
    keys = ", ".join(_KEYS[sign] for sign in signs if sign in _KEYS)
    return f" {keys}" if keys else ""


def _comment(row: Row, values: str) -> str:
    written = row.port if _word(row.port) != row.port else ""
    remark = row.tip.partition(" — ")[2]
    if not (written or values or remark):
        return ""
    parts = [part for part in (written, values, remark) if part]
    return f' "{_text("; ".join(parts))}"'


def _line(edge: Edge) -> str:
    """Return the relation's ends and line: solid when identifying or inherited, else dashed."""
    left, right = _LEFT.get(edge.tail_end, "||"), _RIGHT.get(edge.head_end, "o|")
    if edge.tail_end is End.NONE and edge.head_end is End.NONE:
        left, right = "}o", "o{"
    solid = edge.meaning == "identifying" or edge.tail_end is End.GENERAL
    return f"{left}{'--' if solid and edge.style is LineStyle.SOLID else '..'}{right}"


def _label(edge: Edge) -> str:
    words = "inherits" if edge.tail_end is End.GENERAL else edge.head_port or edge.label or "references"
    if edge.meaning == "inferred":  # both lines may be dashed: the words tell it from a declared one
        words = f"{edge.head_port}: inferred, {edge.label}"
    return f'"{_text(words)}"'


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    """Return a word that the lexer takes as an attribute's type or name."""
    word = text if _WORD.fullmatch(text) else _NOT_IN_WORD.sub("_", text)
    if not word or not (word[0].isalpha() or word[0] == "_") or _RESERVED.fullmatch(word):
        word = f"_{word}"
    return word


def _entity(name: str) -> str:
    return f'"{_text(name)}"' if name.strip() else '"(no name)"'


def _text(text: str) -> str:
    """Return a text for a quoted string: one line, no quote, nothing that could become HTML."""
    if _SAFE.fullmatch(text):
        return text.strip()
    return "".join(_CODES.get(character, character) for character in printable(" ".join(text.split())))
