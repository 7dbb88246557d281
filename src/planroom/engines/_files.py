"""What is the matter with a path that should be a database file, said before the engine says it in its own terms."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from planroom.errors import SourceError, nearest

__all__ = ["refuse_what_is_no_database"]


def refuse_what_is_no_database(path: Path, product: str, is_one: Callable[[Path], bool]) -> None:
    """Return when a path is a readable file that looks like a database of a product.

    Raises:
        SourceError: It is not.
    """
    if path.is_dir():
        raise SourceError(f"{path} is a folder, not a {product} file.", fix="name the file in it.")
    if not path.exists():
        siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        close = nearest(path.name, siblings)
        hint = f"did you mean {(path.parent / close).as_posix()!r}?" if close else ""
        raise SourceError(f"There is no file {path}.", fix=hint)
    if not os.access(path, os.R_OK):
        raise SourceError(f"The file {path} cannot be read.", why="you have no permission.")
    if not is_one(path):
        raise SourceError(f"{path} is not a {product} database.", why="its first bytes are not those of one.")
