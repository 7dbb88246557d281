"""The footers of real Parquet files: nothing else of them is read."""

from __future__ import annotations

import os
from pathlib import Path

from planroom.errors import SourceError, nearest
from planroom.scaling.parquet.footer import TAIL_BYTES, Footer, combined, footer_bytes, footer_of

__all__ = ["read_footer", "read_footers"]

SUFFIXES = (".parquet", ".parq", ".pq")


def read_footers(path: str | os.PathLike[str]) -> dict[str, Footer]:
    """Return the footers of a Parquet file, or of all in a folder, by the name of the table.

    A table is a file, named like it but for its ending, or a folder of files that hold its parts.

    Raises:
        SourceError: There is no such file, none in the folder, two of one name, or one is damaged; the message names
            it. Or parts of a table have other columns than the first.
    """
    place = Path(path)
    if not place.is_dir():
        return {place.stem: read_footer(place)}
    tables = [(each.stem, [each]) for each in _files(place)]
    tables += [(each.name, _files(each)) for each in sorted(place.iterdir()) if each.is_dir()]
    found: dict[str, Footer] = {}
    for name, files in tables:
        if name in found and files:
            raise SourceError(f"Two tables in {place} are called {name!r}.", fix="a table is one file, or one folder.")
        if files:
            found[name] = combined([read_footer(each) for each in files])
    if not found:
        raise SourceError(
            f"There is no Parquet file in {place}.",
            why=f"planroom looks for {', '.join(SUFFIXES)} in the folder itself, and in the folders in it.",
            fix="name the folder that holds a file, or a folder of files, for each table.",
        )
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.suffix.lower() in SUFFIXES and each.is_file())


def read_footer(path: Path) -> Footer:
    """Return the footer of a Parquet file.

    Raises:
        SourceError: The file cannot be read, or its footer is damaged.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            tail = file.read()
            file.seek(max(0, size - TAIL_BYTES - footer_bytes(tail, str(path))))
            return footer_of(file.read(), str(path))
    except FileNotFoundError:
        siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        close = nearest(path.name, siblings)
        raise SourceError(f"There is no file {path}.", fix=f"did you mean {close!r}?" if close else "") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read.", why=f"{error.strerror or error}.") from None
