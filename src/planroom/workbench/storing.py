"""Models written down, in any format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planroom.errors import FormatError, UnknownNameError
from planroom.files import write_whole
from planroom.formats import FORMATS, Format
from planroom.workbench.sources import read

__all__ = ["write", "writer"]


def write(source: Any, to: str | Path, *, format: str = "") -> str:  # noqa: A002
    """Return a source as text in another format; a path is also written, whole or not at all.

    Args:
        source: Anything that `read` takes.
        to: A format's name, such as ``json``, or a path.
        format: The format's name where the path's suffix does not tell.

    Raises:
        UnknownNameError: There is no such format.
        FormatError: The format cannot hold the model.
        SourceError: The file cannot be written.
    """
    if isinstance(to, str) and to in FORMATS and format in {"", to}:
        return writer(to).write(read(source))
    path, model = Path(to), read(source)
    text = writer(format, path, dialect=model.dialect).write(model)
    write_whole(path, text)
    return text


def writer(format: str = "", path: str | Path | None = None, *, dialect: str = "") -> Format:  # noqa: A002
    """Return the format called so or, without a name, the one that the path's suffix means.

    Args:
        format: A name; empty for the path to tell.
        path: Where to; of several formats with its suffix, that of the dialect is taken.
        dialect: The dialect of the model.

    Raises:
        UnknownNameError: There is no such format.
        FormatError: planroom reads it, but does not write it.
    """
    writers = [each for each in FORMATS if each.writes]
    if format:
        chosen = FORMATS[format]
        if not chosen.writes:
            names = ", ".join(each.name for each in writers)
            raise FormatError(f"planroom does not write {format}.", why=f"it writes {names}.")
        return chosen
    suffix = Path(path or "").suffix.lower()
    for each in sorted(writers, key=lambda each: (each.name != dialect, not each.preferred)):
        if suffix in each.suffixes:
            return each
    raise UnknownNameError.of(
        "format for files", f"*{suffix}" if suffix else str(path), [each.name for each in writers],
        listing="planroom formats",
    )  # fmt: skip
