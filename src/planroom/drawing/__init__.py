"""Drawings: a Graph, where its parts stand, and the marks on paper. Knows no model.

`Graph` is the picture before it is drawn; `lay_out` finds places for its nodes and ways for its edges.
Texts are measured with planroom's own table, never with a font, so a picture is the same everywhere.
"""

from planroom.drawing.geometry import Box, Point
from planroom.drawing.graph import (
    Cell,
    Cluster,
    Edge,
    End,
    Form,
    Graph,
    LineStyle,
    Node,
    Notation,
    Role,
    Row,
    Sign,
    State,
)
from planroom.drawing.layout import Effort, Layout, Route, lay_out

__all__ = [
    "Box",
    "Cell",
    "Cluster",
    "Edge",
    "Effort",
    "End",
    "Form",
    "Graph",
    "Layout",
    "LineStyle",
    "Node",
    "Notation",
    "Point",
    "Role",
    "Route",
    "Row",
    "Sign",
    "State",
    "lay_out",
]
