"""Files and folders: which are read, in which order, and what is wrong with those that cannot be."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from planroom.errors import SourceError, nearest
from planroom.formats import FORMATS, Document
from planroom.workbench.secrets import HIDDEN, without_secrets

__all__ = ["documents_in", "is_database_file", "missing", "read_text"]

_MOST_SHOWN = 200  # characters of a path in a message
_SCRIPTS = {".sql", ".ddl", ".psql", ".pgsql"}
_DOWN = re.compile(r"(?:\.down|\.rollback|\.undo|[._-]down)\.[a-z]+$|^U\d[\d._]*__", re.IGNORECASE)
"""Migrations that undo another: golang-migrate's and node-pg-migrate's ``.down.sql``, Flyway's ``U1__``."""


def documents_in(path: Path) -> list[Document]:
    """Return a file, or the SQL files of a folder and below in natural order, as documents.

    Scripts that undo a migration are left out. A folder without SQL may hold files of one format that reads folders.

    Raises:
        SourceError: A file is missing, unreadable, not text, or the folder holds nothing to read.
    """
    if not path.is_dir():  # a pipe is as good as a file
        return [Document(str(path), read_text(path))]
    try:
        next(path.iterdir(), None)
    except OSError as error:
        raise _unreadable(path, error) from None
    files = sorted((each for each in path.rglob("*") if each.is_file()), key=lambda each: _natural(path, each))
    found = [each for each in files if _is_script(each)] or _of_one_format(files)
    if not found:
        raise SourceError(
            f"The folder {str(path)!r} holds no SQL file.",
            why=f"planroom reads the files below it that end in {', '.join(sorted(_SCRIPTS))}.",
            fix="name the file itself, or another folder.",
        )
    return [Document(str(each), read_text(each)) for each in found]


def _is_script(path: Path) -> bool:
    return path.suffix.lower() in _SCRIPTS and not _DOWN.search(path.name)


def _of_one_format(files: list[Path]) -> list[Path]:
    """Return the files of the first format that reads folders and finds any."""
    for each in FORMATS:
        found = [path for path in files if path.suffix.lower() in each.suffixes] if each.folders else []
        if found:
            return found
    return []


def _natural(root: Path, path: Path) -> list[tuple[int, int | str]]:
    """Return the sort key in which ``V9__a.sql`` comes before ``V10__b.sql``."""
    pieces = re.split(r"(\d+)", str(path.relative_to(root)).lower())
    return [(0, int(piece)) if piece.isdigit() else (1, piece) for piece in pieces if piece]


def is_database_file(path: Path) -> bool:
    """Whether a file is a DuckDB database, by its magic bytes."""
    try:
        with path.open("rb") as stream:
            return stream.read(12)[8:12] == b"DUCK"
    except OSError as error:
        raise _unreadable(path, error) from None


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises:
        SourceError: It is missing, may not be read, is not text, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _decoded(path, data, "utf-16")
    why, fix = _binary(path, data[:8192])
    if why:
        raise SourceError(f"{str(path)!r} is not a text file.", why=f"{why}.", fix=f"{fix}.")
    return _decoded(path, data, "utf-8-sig")


_KINDS = {
    b"PGDMP": ("it is a dump of pg_dump in its custom format", "pg_restore -s -f schema.sql {name}"),
    b"SQLite format 3": ("it is a SQLite database", "sqlite3 {name} .schema > schema.sql, and translate what differs"),
    b"\x1f\x8b": ("it is compressed", "gunzip -k {name}, then read what comes out"),
    b"PK\x03\x04": ("it is a zip archive", "unzip {name}, then read what comes out"),
    b"\x28\xb5\x2f\xfd": ("it is compressed", "unzstd {name}, then read what comes out"),
}


def _binary(path: Path, head: bytes) -> tuple[str, str]:
    """Return why a file that begins so is no text, and what to do; two empty strings when it may be one."""
    for magic, (why, fix) in _KINDS.items():
        if head.startswith(magic):
            return why, fix.format(name=shlex.quote(path.name))
    if b"\0" not in head:
        return "", ""
    for encoding, zeros, others in (("utf-16le", head[1::2], head[::2]), ("utf-16be", head[::2], head[1::2])):
        if zeros.count(0) > len(zeros) * 0.9 and others.count(0) < len(others) * 0.1:
            command = f"iconv -f {encoding} -t utf-8 {shlex.quote(path.name)} > utf8.sql"
            return "it seems to be UTF-16 without the mark at its beginning", command
    return "it holds NUL bytes", "give a text file"


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise SourceError(
            f"{str(path)!r} is not {encoding.removesuffix('-sig').upper()}.",
            where=f"{path}:{line}:{column}",
            why=f"the byte 0x{data[error.start]:02x} does not belong there.",
            fix=f"iconv -f windows-1252 -t utf-8 {shlex.quote(path.name)} > utf8.sql, if it is in that encoding.",
        ) from None


def _unreadable(path: Path, error: OSError) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return missing(path)
    return SourceError(f"{str(path)!r} cannot be read.", why=f"{error.strerror or error}.")


def missing(path: Path) -> SourceError:
    """Return the error for a path that leads nowhere, with the nearest one that leads somewhere."""
    shown = without_secrets(str(path))
    shown = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."
    folder, close = (None, None) if HIDDEN in shown else _nearest_path(path)  # a part of a secret is secret too
    return SourceError(
        f"There is no file or folder {shown!r}.",
        why=f"the folder {str(folder)!r} does not exist." if folder else "",
        fix=f"did you mean {str(close)!r}?" if close else "check the path; relative ones start where you are.",
    )


def _nearest_path(path: Path) -> tuple[Path | None, Path | None]:
    """Return the first folder on the way that is missing, if one is, and the existing path most like the whole."""
    there = Path(path.anchor)
    rest: list[str] = []
    for part in path.parts[1 if path.anchor else 0 :]:
        if rest or not _seen(there / part):
            rest.append(part)
        else:
            there /= part
    first = there / rest[0] if len(rest) > 1 else None
    for part in rest:
        close = nearest(part, _children(there))
        if not close:
            return first, None
        there /= close
    return first, there


def _seen(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _children(folder: Path) -> list[str]:
    try:
        return [each.name for each in folder.iterdir()]
    except OSError:
        return []
