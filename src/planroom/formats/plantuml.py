"""PlantUML: a model as the text of an entity diagram."""

from __future__ import annotations

from typing import ClassVar

from planroom.formats._drawn import DrawnFormat

__all__ = ["PlantUmlFormat"]


class PlantUmlFormat(DrawnFormat):
    """An entity diagram with crow's feet, as wikis and IDEs draw it."""

    summary: ClassVar[str] = "PlantUML entity diagram"
    suffixes: ClassVar[tuple[str, ...]] = (".puml", ".plantuml")
    loses: ClassVar[tuple[str, ...]] = (*DrawnFormat.loses, "comments of columns")
