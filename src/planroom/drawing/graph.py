"""What every picture is before it is drawn: nodes with rows, edges between rows, clusters around nodes.

A view makes a Graph from a model or a system; a renderer draws it. Neither knows the other.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Cell",
    "Cluster",
    "Edge",
    "End",
    "Form",
    "Graph",
    "LineStyle",
    "Node",
    "Notation",
    "Role",
    "Row",
    "Sign",
    "State",
]


class Notation(enum.StrEnum):
    """What a picture is made of, which decides how it is laid out and in which diagrams languages write it."""

    TABLES = "tables"  # tables and their relations
    BOXES = "boxes"  # elements of a system and what is said between them
    SEQUENCE = "sequence"  # elements side by side, messages from top to bottom in the order of the edges


class Form(enum.StrEnum):
    """How a node is drawn."""

    TABLE = "table"  # a header, and rows
    BOX = "box"
    PERSON = "person"
    CYLINDER = "cylinder"  # what stores
    PIPE = "pipe"  # what passes on


class Role(enum.StrEnum):
    """What a text is, which decides how it looks."""

    TITLE = "title"  # 12 px sans, semibold
    NAME = "name"  # 12 px sans
    FAINT = "faint"  # 12 px sans, secondary ink
    TYPE = "type"  # 11 px monospace, secondary ink
    NOTE = "note"  # 11 px sans, secondary ink


class Sign(enum.StrEnum):
    """A small glyph in a row; its value is what the legend calls it."""

    PRIMARY_KEY = "primary key"
    FOREIGN_KEY = "foreign key"
    UNIQUE = "unique"
    INDEXED = "indexed"
    NULLABLE = "nullable"
    PERSONAL = "personal data"
    OPEN = "not encrypted"


class End(enum.StrEnum):
    """How an edge ends at a node; its value is what the legend calls it."""

    NONE = ""
    EXACTLY_ONE = "exactly one"
    ZERO_OR_ONE = "zero or one"
    ZERO_OR_MORE = "zero or more"
    ONE_OR_MORE = "one or more"
    ARROW = "leads to"
    GENERAL = "inherits from"


class LineStyle(enum.StrEnum):
    """How an edge's line is drawn."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


class State(enum.StrEnum):
    """What happened to a thing between two versions, or that it stands back."""

    PLAIN = ""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    FAINT = "faint"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row: a text, or signs.

    Attributes:
        text: What it says; it is cut with an ellipsis where the renderer must.
        role: How it looks.
        signs: Glyphs instead of a text.
        right: Aligned right.
    """

    text: str = ""
    role: Role = Role.NAME
    signs: tuple[Sign, ...] = ()
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a node; the cells of a node's rows stand in columns.

    Attributes:
        cells: The fields, from left to right.
        port: The name by which edges end at this row; unique within its node; empty for none.
        tip: The full facts, shown by a saved SVG file when pointed at.
    """

    cells: tuple[Cell, ...]
    port: str = ""
    state: State = State.PLAIN
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A box: a header with a title, then rows.

    Attributes:
        id: Unique in the graph, stable from run to run.
        title: The header's text.
        subtitle: Beside the title in secondary ink, such as the schema.
        note: At the header's right end, such as a row count.
        hue: The context or schema that colours the header; empty for none.
        kind: What it is, for renderers that tell kinds apart: ``table``, ``view``, ``enum``, ``group``.
        outline: The border's style.
        stacked: How many more of its kind it stands for (partitions); 0 for none.
        tip: The full facts, as for a row.
        size: A fixed width and height in pixels, for nodes that are drawn in another way; None to measure.
        strong: Drawn in full ink, because the picture is about it.
        form: How it is drawn; forms other than a table have a text instead of rows.
        text: A sentence below title and subtitle, which is wrapped.
        icon: The name of an icon, which the renderer looks up; empty for none.
        external: It belongs to somebody else, and is grey.
    """

    id: str
    title: str
    rows: tuple[Row, ...] = ()
    subtitle: str = ""
    note: str = ""
    hue: str = ""
    kind: str = "table"
    outline: LineStyle = LineStyle.SOLID
    stacked: int = 0
    state: State = State.PLAIN
    tip: str = ""
    size: tuple[float, float] | None = None
    strong: bool = False
    form: Form = Form.TABLE
    text: str = ""
    icon: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from one node to another; in an ER picture from the referenced to the referencing table.

    Attributes:
        tail, head: Node ids.
        tail_port, head_port: Row ports; empty to end at the box.
        tail_end, head_end: What stands at each end.
        label: A text beside the middle of the line.
        style: The line's style.
        weight: The line's width in pixels.
        meaning: What the style or weight says, for the legend; empty to leave it out.
        tip: The full facts, as for a row.
        note: How, below the label in brackets, such as a protocol.
        signs: Glyphs before the label.
    """

    tail: str
    head: str
    tail_port: str = ""
    head_port: str = ""
    tail_end: End = End.NONE
    head_end: End = End.NONE
    label: str = ""
    style: LineStyle = LineStyle.SOLID
    weight: float = 1.2
    state: State = State.PLAIN
    meaning: str = ""
    tip: str = ""
    note: str = ""
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A frame around nodes, with its label top left.

    Attributes:
        nodes: All nodes within, those of inner frames too.
        parent: The id of the frame that it lies in, which stands before it in the graph; empty for none.
        note: Beside the label in secondary ink, such as what kind of frame it is.
        kind: What it is, for renderers that tell kinds apart: ``system``, ``container``, ``boundary``, ``node``.
    """

    id: str
    label: str
    nodes: tuple[str, ...]
    hue: str = ""
    parent: str = ""
    note: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Graph:
    """A picture before it is drawn: plain values, hashable, in a stable order.

    Attributes:
        title: The heading above the picture; empty for none.
        subtitle: Beside the heading, such as counts.
        summary: What the picture says, in a line; its accessible name.
        caption: A line below the picture, such as what was left out and how to see it.
        hue_meaning: What the header colours tell apart, such as ``schema``; empty when they tell nothing.
        hues: All names that have a colour, also those not in this picture, so that pictures of one design agree.
        notation: What it is made of.
    """

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    title: str = ""
    subtitle: str = ""
    summary: str = ""
    caption: str = ""
    hue_meaning: str = ""
    hues: tuple[str, ...] = ()
    notation: Notation = Notation.TABLES

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """The nodes, by id."""
        return {node.id: node for node in self.nodes}
