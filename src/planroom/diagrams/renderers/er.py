"""A Graph as ``.er`` text, the language of eralchemy and eralchemy2.

A line is a table, ``[orders]``; a column, ``*id {label:"bigint"}`` with a star for the primary key; or a relation,
``customers 1--* orders``. The language has no escapes: ``#`` begins a comment even within quotes, names are words, and
what stands in a label is put into a Graphviz label as it is. So names keep their letters, digits, ``_`` and ``.``; what
cannot stay stands in the label as written, and labels are escaped as the HTML that they become.

Source: the expressions of eralchemy2 1.4's ``models.py``, and its ``parser.py``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._wording import (
    Field,
    distinct,
    field_of,
    is_inferred,
    label_of,
    marked,
    names_of,
    remark_of,
    state_words,
    subheading,
    words_of,
)
from planroom.diagrams.renderers.base import Renderer
from planroom.drawing.graph import Edge, End, Graph, Node, Notation
from planroom.drawing.text import printable
from planroom.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ErRenderer"]

_ENDS = {End.EXACTLY_ONE: "1", End.ZERO_OR_ONE: "?", End.ZERO_OR_MORE: "*", End.ONE_OR_MORE: "+"}
_NOT_IN_NAME = re.compile(r"[^\w.]+")
_NOT_IN_LABEL = re.compile(r'-(?=-)|[#"{}]')
_STANDING = {"-": "\u2010", "#": "\uff03", '"': "'", "{": "(", "}": ")"}  # what looks most like it
_LONGEST_NAME = 200


class ErRenderer(Renderer):
    """Tables, columns and declared relations; everything that the language cannot say is in comments."""

    suffixes = (".er",)
    notations = frozenset({Notation.TABLES})

    def render(self, graph: Graph) -> str:
        """Return the diagram in the graph's order.

        Raises:
            FormatError: It is a picture of a system, which the language has no words for.
        """
        if graph.notation is not Notation.TABLES:
            raise FormatError("A picture of a system cannot be written as .er.", why="the language knows tables only.",
                              fix="choose mermaid, plantuml, d2, dot or structurizr.")  # fmt: skip
        return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    names = names_of(graph.nodes, _name)
    yield from (f"# {_comment(text)}" for text in (graph.title, graph.summary, graph.caption) if text)
    for node in graph.nodes:
        yield from _table(node, names)
    for edge in graph.edges:
        yield _relation(edge, names)


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    return _NOT_IN_NAME.sub("_", printable(text))[:_LONGEST_NAME] or "_"


def _table(node: Node, names: Mapping[str, str]) -> Iterator[str]:
    name = names[node.id]
    facts = [
        node.title if name != node.title else "",
        subheading(node),
        state_words(node.state),
        remark_of(node),
        ", ".join(map(words_of, node.rows)) if node.kind == "enum" else "",
    ]
    about = _after("; ".join(fact for fact in facts if fact))
    if node.kind == "enum":  # it has no columns: the language would draw it as an empty table
        yield f"# [{name}]{about}"
        return
    yield f"[{name}]{about}"
    columns = distinct((row.port, _column(row.port)) for row in node.rows if row.port)
    for row in node.rows:
        field = field_of(row)
        yield f"    {_field(field, columns[field.name]) if field else f'# {_comment(words_of(row))}'}"


def _field(field: Field, name: str) -> str:
    star = "*" if "PK" in field.keys else ""
    parts = [
        field.kind,
        "" if field.nullable or star else "not null",
        ", ".join(key for key in field.keys if key != "PK"),
        f"({field.name})" if name != field.name else "",
        state_words(field.state),
    ]
    label = _label(" ".join(part for part in parts if part))
    return f'{star}{name} {{label:"{label or "unknown"}"}}{_after(field.remark)}'


@lru_cache(maxsize=4096)
def _column(text: str) -> str:
    return _name(text).replace(".", "_")


def _relation(edge: Edge, names: Mapping[str, str]) -> str:
    """Return a relation; one that the language would draw as if it were declared stands in a comment."""
    tail, head = names[edge.tail], names[edge.head]
    words = marked(label_of(edge), edge.state)
    ends = edge.tail_end, edge.head_end
    if is_inferred(edge) or not all(end in _ENDS for end in ends):
        return f"# {tail} -> {head}: {_comment(words)}"
    return f"{tail} {_ENDS[edge.tail_end]}--{_ENDS[edge.head_end]} {head}{_after(words)}"


def _after(text: str) -> str:
    return f"  # {_comment(text)}" if text else ""


def _comment(text: str) -> str:
    return printable(" ".join(text.split()))


def _label(text: str) -> str:
    """Return a text for a label: nothing ends it, begins a comment, looks like a relation or becomes markup."""
    inert = _NOT_IN_LABEL.sub(lambda found: _STANDING[found[0]], printable(" ".join(text.split())))
    return escape(inert, quote=False)
