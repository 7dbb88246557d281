"""Two sources compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.workbench.sources import read

if TYPE_CHECKING:
    from planroom.comparison import Difference

__all__ = ["diff"]


def diff(old: Any, new: Any, *, format: str = "", renames: bool = True) -> Difference:  # noqa: A002
    """Return what differs between two sources: the changes, what follows from each, and a picture.

    Args:
        old: Anything that `read` takes, before.
        new: Likewise, after.
        format: The format's name of both where suffix and content do not tell.
        renames: Look for renamed objects by what they are made of; else only those that ``renamed_from`` in the new
            model's annotations names, and the rest count as removed and added.

    Raises:
        SourceError: A source cannot be read.

    Example:
        >>> print(repr(diff("create table a (x int)", "create table a (x int, y text not null)")))
        <Difference: 1 column added; 1 breaking>
    """
    from planroom.comparison import compare

    return compare(read(old, format=format), read(new, format=format), renames=renames)
