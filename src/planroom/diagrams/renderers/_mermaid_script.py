"""What a Mermaid ``erDiagram`` is put together from: entities and relations, each a piece of text.

Source: the erDiagram grammar of Mermaid 11. Entity names are quoted strings without ``"``, ``%`` and backslash; types
and names of attributes are single words; what does not fit is replaced, and said as written in the attribute's comment.
Mermaid's entity codes (``#lt;``) keep a user's text from becoming HTML in any page that embeds the diagram.

Relations that are declared are solid, those that were guessed dashed, as in every other picture of planroom's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._wording import (
    field_of,
    is_inferred,
    label_of,
    marked,
    names_of,
    state_words,
    subheading,
)
from planroom.drawing.graph import Edge, End, Graph, Node, Row, State
from planroom.drawing.palette import STATE_INK
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

__all__ = ["Script", "diagram_text", "script_of", "whole_text"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_\-\[\]()]*")
_NOT_IN_WORD = re.compile(r"[^A-Za-z0-9_\-\[\]()\u00c0-\u1fff\u2c00-\ud7ff]+")
_RESERVED = re.compile(r"(?i:pk|fk|uk)")  # the lexer reads these as key markers, in any case
_SAFE = re.compile(r"(?!.*(?i:direction) )[A-Za-z0-9_ .,:;/()\[\]=+*?!'|~-]*")
_TURN = re.compile(r"(?i:(direction) )")  # anywhere in a line, the lexer takes "direction LR" for a statement
_CODES = {
    '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "%": "#37;", "\\": "#92;", "#": "#35;", "`": "#96;",
    "{": "#123;", "}": "#125;",
}  # fmt: skip
_LEFT = {End.EXACTLY_ONE: "||", End.ZERO_OR_ONE: "|o", End.ZERO_OR_MORE: "}o", End.ONE_OR_MORE: "}|"}
_RIGHT = {End.EXACTLY_ONE: "||", End.ZERO_OR_ONE: "o|", End.ZERO_OR_MORE: "o{", End.ONE_OR_MORE: "|{"}
_ENUM_TEXT = 120


@dataclass(frozen=True)
class Script:
    """The pieces of a diagram, which the whole holds all of, and each of its parts some.

    Attributes:
        names: What each entity is called, quoted, by node.
        entities: Each entity with its attributes, by node.
        relations: Tail, head and line of each relation between entities.
        states: What happened to each entity, by node.
    """

    names: Mapping[str, str]
    entities: Mapping[str, str]
    relations: tuple[tuple[str, str, str], ...]
    states: Mapping[str, State]


def script_of(graph: Graph) -> Script:
    """Return the pieces of a graph's diagram."""
    values = _values_of_enums(graph)
    nodes = [node for node in graph.nodes if node.kind != "enum"]
    names = {node: f'"{name}"' for node, name in names_of(nodes, _entity).items()}
    relations = (
        (edge.tail, edge.head, f"    {names[edge.tail]} {_line(edge)} {names[edge.head]} : {_label(edge)}")
        for edge in graph.edges
        if edge.tail in names and edge.head in names
    )
    return Script(
        names,
        {node.id: "\n".join(_entity_lines(node, names[node.id], values)) for node in nodes},
        tuple(relations),
        {node.id: node.state for node in nodes},
    )


def whole_text(graph: Graph) -> str:
    """Return the diagram that holds everything in a graph."""
    script = script_of(graph)
    lines = (line for _, _, line in script.relations)
    return diagram_text(graph.summary, script.entities.values(), lines, set(script.states.values()))


def diagram_text(title: str, entities: Iterable[str], relations: Iterable[str], states: Collection[State]) -> str:
    """Return a whole diagram.

    Args:
        title: What it says, for those who cannot see it; may be empty.
        entities: Pieces of a script, or bare names of entities.
        relations: Lines of a script.
        states: The states of the entities.
    """
    head = ["erDiagram", *([f"    accTitle: {_text(title)}"] if title else [])]
    used = (state for state in STATE_INK if state in states)
    return "\n".join([*head, *entities, *relations, *map(_class, used)]) + "\n"


def _class(state: State) -> str:
    width = "" if state is State.FAINT else ",stroke-width:2px"
    return f"    classDef {state} color:{STATE_INK[state]},stroke:{STATE_INK[state]}{width}"


def _entity_lines(node: Node, name: str, values: Mapping[tuple[str, str], str]) -> Iterator[str]:
    attributes = [line for row in node.rows if (line := _attribute(row, values.get((node.id, row.port), "")))]
    if node.kind == "group":
        attributes = [line for row in node.rows if (line := _member(row))]
    yield f"    {name}{_alias(node)}{f':::{node.state}' if node.state else ''}{' {' if attributes else ''}"
    if attributes:
        yield from attributes
        yield "    }"


def _alias(node: Node) -> str:
    """Return what is drawn instead of the name: with the glyph of a state, with the size of a group."""
    title = node.title or "(no name)"
    shown = marked(f"{title} ({subheading(node)})" if node.kind == "group" else title, node.state)
    return f'["{_text(shown)}"]' if shown != title else ""


def _values_of_enums(graph: Graph) -> Mapping[tuple[str, str], str]:
    """Return the values of the enum that each row has, by node and port."""
    enums = {node.id: node for node in graph.nodes if node.kind == "enum"}
    values: dict[tuple[str, str], str] = defaultdict(str)
    for edge in graph.edges if enums else ():
        if edge.tail in enums:
            labels = " | ".join(row.cells[0].text for row in enums[edge.tail].rows if row.cells)
            values[edge.head, edge.head_port] = labels[:_ENUM_TEXT]
    return values


def _attribute(row: Row, values: str) -> str:
    """Return one attribute line; rows that are no columns are left out."""
    field = field_of(row)
    if field is None:
        return ""
    word = _word(field.name)
    keys = f" {', '.join(field.keys)}" if field.keys else ""
    parts = (state_words(field.state), field.name if word != field.name else "", values, field.remark)
    words = "; ".join(part for part in parts if part)
    comment = f' "{_text(words)}"' if words else ""
    return f"        {_word(field.kind or 'unknown')} {word}{keys}{comment}"


def _member(row: Row) -> str:
    """Return the line of a table in a group: its name, and how many relations it has."""
    if len(row.cells) != 2:  # noqa: PLR2004, RUF100  (the others say how many more there are)
        return ""
    name, degree = (cell.text for cell in row.cells)
    word = _word(name)
    comment = degree if word == name else f"{name}: {degree}"
    return f'        table {word} "{_text(comment)}"'


def _line(edge: Edge) -> str:
    left, right = _LEFT.get(edge.tail_end, "||"), _RIGHT.get(edge.head_end, "o|")
    if edge.tail_end is End.NONE and edge.head_end is End.NONE:
        left, right = "}o", "o{"
    return f"{left}{'..' if is_inferred(edge) else '--'}{right}"


def _label(edge: Edge) -> str:
    return f'"{_text(marked(label_of(edge), edge.state))}"'


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    """Return a word that the lexer takes as an attribute's type or name."""
    word = text if _WORD.fullmatch(text) else _NOT_IN_WORD.sub("_", text)
    if not word or not (word[0].isalpha() or word[0] == "_") or _RESERVED.fullmatch(word):
        word = f"_{word}"
    return word


def _entity(name: str) -> str:
    return _text(name) or "(no name)"


def _text(text: str) -> str:
    """Return a text for a quoted string: one line, no quote, nothing that could become HTML or a statement."""
    if _SAFE.fullmatch(text):
        return text.strip()
    coded = "".join(_CODES.get(character, character) for character in printable(" ".join(text.split())))
    return _TURN.sub(r"\1#32;", coded)
