""".er: a model as the text of eralchemy2."""

from __future__ import annotations

from typing import ClassVar

from planroom.formats._drawn import DrawnFormat

__all__ = ["ErFormat"]


class ErFormat(DrawnFormat):
    """The language of eralchemy and eralchemy2; what it cannot say is in comments."""

    summary: ClassVar[str] = ".er text of eralchemy2"
    suffixes: ClassVar[tuple[str, ...]] = (".er",)
    loses: ClassVar[tuple[str, ...]] = (
        *DrawnFormat.loses,
        "which columns a relation joins, and enums, but for comments",
        "signs other than letters, digits and _ in names",
    )
