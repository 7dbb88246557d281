"""Diagrams: views make a Graph of a model, renderers draw a Graph. One file each; neither knows the other.

>>> from planroom.diagrams import er
>>> from planroom.model import Model
>>> print(er(Model()))
erDiagram
accTitle: ER diagram: nothing to draw
<BLANKLINE>
"""

from planroom.diagrams.architecture_pictures import arch, architecture_views, graphs_of, pictures_of
from planroom.diagrams.captured import Captured, capture
from planroom.diagrams.diagram import RENDERERS, Diagram
from planroom.diagrams.draw import VIEWS, er

__all__ = [
    "RENDERERS",
    "VIEWS",
    "Captured",
    "Diagram",
    "arch",
    "architecture_views",
    "capture",
    "er",
    "graphs_of",
    "pictures_of",
]
