"""D2: a model as the text of a diagram of SQL tables."""

from __future__ import annotations

from typing import ClassVar

from planroom.formats._drawn import DrawnFormat

__all__ = ["D2Format"]


class D2Format(DrawnFormat):
    """Tables whose columns are joined, as D2 draws them."""

    summary: ClassVar[str] = "D2 tables and connections"
    suffixes: ClassVar[tuple[str, ...]] = (".d2",)
    loses: ClassVar[tuple[str, ...]] = (*DrawnFormat.loses, "comments of columns")
