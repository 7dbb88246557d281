"""Models written down, in any format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planroom.errors import UnknownNameError
from planroom.formats import FORMATS, Format
from planroom.workbench.files import write_text
from planroom.workbench.sources import read

__all__ = ["write"]


def write(source: Any, to: str | Path) -> str:
    """Return a source as text in another format; a path is also written, whole or not at all.

    Args:
        source: Anything that `read` takes.
        to: A format's name, such as ``json``, or a path whose suffix means one.

    Raises:
        UnknownNameError: There is no such format.
        FormatError: The format cannot hold the model.
        SourceError: The file cannot be written.
    """
    if isinstance(to, str) and to in FORMATS:
        return FORMATS[to].write(read(source))
    path = Path(to)
    text = _format_for(path).write(read(source))
    write_text(path, text)
    return text


def _format_for(path: Path) -> Format:
    writers = [each for each in FORMATS if each.writes]
    for each in sorted(writers, key=lambda each: each.name != "postgres"):
        if path.suffix.lower() in each.suffixes:
            return each
    raise UnknownNameError.of("format", str(path), [each.name for each in writers], listing="planroom formats")
