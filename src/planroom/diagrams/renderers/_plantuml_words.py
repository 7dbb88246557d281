"""What PlantUML reads as it stands: inert texts, and names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._wording import distinct
from planroom.drawing.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.drawing.graph import Graph

__all__ = ["aliases_of", "text"]

_UNSAFE = re.compile(r"[^\w ,().:·\-\U00010000-\U0010ffff]|_(?=_)|\.(?=\.)|:(?! )|(?<!\w)-|-(?!\w)|^ | $")
_NOT_IN_ALIAS = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_ALIAS = 100


def aliases_of(graph: Graph) -> Mapping[str, str]:
    """Return a name for each node that PlantUML takes for one, by id."""
    return distinct((node.id, f"e_{_NOT_IN_ALIAS.sub('_', node.id)}"[:_LONGEST_ALIAS]) for node in graph.nodes)


@lru_cache(maxsize=4096)
def text(text: str) -> str:
    """Return a text that PlantUML draws as it is, whatever is in it: one line of inert signs."""
    return _UNSAFE.sub(lambda found: f"<U+{ord(found[0]):04X}>", printable(text)) or "<U+0020>"
