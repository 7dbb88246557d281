"""Files and folders: which are read, in which order, and what is wrong with those that cannot be."""

from __future__ import annotations

import re
import shlex
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from planroom.errors import SourceError, nearest
from planroom.formats import FORMATS, Document, Format
from planroom.workbench.choosing import format_called
from planroom.workbench.directions import up_only
from planroom.workbench.secrets import HIDDEN, without_secrets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = [
    "SCRIPTS",
    "documents_in",
    "in_order",
    "is_database_file",
    "missing",
    "no_scripts",
    "read_text",
    "script_text",
    "text_of",
    "undoes",
]

_MOST_SHOWN = 200  # characters of a path in a message
SCRIPTS = frozenset({".sql", ".ddl", ".psql", ".pgsql"})
_DOWN = re.compile(r"(?:\.down|\.rollback|\.undo|(?:^|[._-])down)\.[a-z]+$|^U\d[\d._]*__", re.IGNORECASE)
"""Migrations that undo another: the ``.down.sql`` of golang-migrate and node-pg-migrate, Diesel's ``down.sql``, and
Flyway's ``U1__``."""
_VENDOR = re.compile(
    r"\.(?P<vendor>postgres(?:ql)?|pg|mysql|mariadb|sqlite3?|cockroach(?:db)?|mssql|sqlserver|oracle|db2|h2|hsqldb|duckdb"
    r"|clickhouse)(?P<rest>(?:\.\w+)?(?:\.up)?\.[a-z]+)$",
    re.IGNORECASE,
)
_VENDORS = {
    "postgres": frozenset({"postgres", "postgresql", "pg"}),
    "mysql": frozenset({"mysql", "mariadb"}),
    "sqlite": frozenset({"sqlite", "sqlite3"}),
    "duckdb": frozenset({"duckdb"}),
}


def documents_in(path: Path, format: str = "") -> list[Document]:  # noqa: A002
    """Return a file, or the files of a folder and below that make one model, in natural order, as documents.

    A folder with SQL files is read as scripts, without those that undo a migration; one that holds the project file of
    a format (``dbt_project.yml``), or files of one format alone, as that format.

    Args:
        path: A file or folder.
        format: The format's name, where the folder does not tell.

    Raises:
        SourceError: A file is missing, unreadable, not text, or the folder holds nothing that can be read.
    """
    if not path.is_dir():  # a pipe is as good as a file
        return [Document(str(path), script_text(path))]
    try:
        next(path.iterdir(), None)
    except OSError as error:
        raise _unreadable(path, error) from None
    found = in_order((str(each) for each in path.rglob("*") if each.is_file()), str(path), format)
    if not found:
        raise no_scripts(str(path), format)
    return [Document(each, script_text(Path(each))) for each in found]


def script_text(path: Path) -> str:
    """Return a file's text; of a script that holds both ways of a migration, the way up.

    Raises:
        SourceError: It is missing, may not be read, is not text, or is not UTF-8.
    """
    text = read_text(path)
    return up_only(text) if path.suffix.lower() in SCRIPTS else text


def in_order(paths: Iterable[str], root: str, format: str = "") -> list[str]:  # noqa: A002
    """Return those of the files below a folder that make one model, in natural order.

    Args:
        paths: Files, each below ``root``.
        root: The folder.
        format: The format's name, where the files do not tell.

    Raises:
        SourceError: They are of several formats.
    """
    inside = {path: PurePath(path).relative_to(root) for path in paths}
    chosen = format_called(format) if format else _format_of(root, inside.values())
    belongs = _is_script if _is_sql(chosen) else chosen.belongs
    found = [path for path, inner in inside.items() if belongs(inner)]
    if _is_sql(chosen):
        found = _for_one_database(found, chosen.name)
    return sorted(found, key=lambda path: _natural(inside[path]))


def _for_one_database(paths: Sequence[str], format: str) -> list[str]:  # noqa: A002
    """Return files without those that are named for another database, where some are named for this one.

    ``1_a.mysql.up.sql`` stands beside ``1_a.postgres.up.sql``, and each of them in the place of ``1_a.up.sql``.
    """
    own = _VENDORS.get(format, _VENDORS["postgres"])
    named = {path: found["vendor"].lower() for path in paths if (found := _VENDOR.search(path))}
    replaced = {_VENDOR.sub(r"\g<rest>", path) for path, vendor in named.items() if vendor in own}
    if not replaced:
        return list(paths)
    return [path for path in paths if (named[path] in own if path in named else path not in replaced)]


def no_scripts(folder: str, format: str = "") -> SourceError:  # noqa: A002
    """Return the error for a folder that holds nothing to read."""
    chosen = format_called(format or "postgres")
    endings = SCRIPTS if _is_sql(chosen) else chosen.suffixes
    return SourceError(
        f"The folder {folder!r} holds no {'SQL' if _is_sql(chosen) else format} file.",
        why=f"planroom reads the files below it that end in {', '.join(sorted(endings))}.",
        fix="name the file itself, or another folder.",
    )


def _format_of(root: str, files: Collection[PurePath]) -> Format:
    """Return the format that the files of a folder mean.

    Raises:
        SourceError: They mean more than one.
    """
    if all(each.suffix.lower() in SCRIPTS for each in files):
        return FORMATS["postgres"]
    names = {str(each) for each in files}
    projects = [each for each in FORMATS if each.project_file in names]
    if projects or any(_is_script(each) for each in files):
        return projects[0] if projects else FORMATS["postgres"]
    meant = [each for each in FORMATS if each.folders and any(each.belongs(own) for own in files)]
    if len(meant) > 1:
        raise SourceError(
            f"The folder {root!r} holds files of several formats.",
            why=f"they are {', '.join(each.name for each in meant)}.",
            fix="name the file itself, or say which format to read.",
        )
    return meant[0] if meant else FORMATS["postgres"]


def _is_sql(chosen: Format) -> bool:
    """Whether a format is read from SQL scripts: those of its own, or any where it has no suffix."""
    return set(chosen.suffixes) <= SCRIPTS


def _is_script(path: PurePath) -> bool:
    return path.suffix.lower() in SCRIPTS and not undoes(path)


def undoes(path: PurePath) -> bool:
    """Whether a file, by its name, takes a migration back."""
    return bool(_DOWN.search(path.name))


def _natural(path: PurePath) -> list[tuple[int, int | str]]:
    """Return the sort key in which ``V9__a.sql`` comes before ``V10__b.sql``."""
    pieces = re.split(r"(\d+)", str(path).lower())
    return [(0, int(piece)) if piece.isdigit() else (1, piece) for piece in pieces if piece]


def is_database_file(path: Path) -> bool:
    """Whether a file is a database of DuckDB's or SQLite's, by its magic bytes."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
            return head[8:12] == b"DUCK" or head == b"SQLite format 3\0"
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
    return text_of(path, data)


def text_of(path: Path, data: bytes) -> str:
    """Return the text that a file's bytes are.

    Args:
        path: What the file is called, for messages.
        data: What it holds.

    Raises:
        SourceError: It is not text, or not UTF-8.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _decoded(path, data, "utf-16")
    why, fix = _binary(path, data[:8192])
    if why:
        raise SourceError(f"{str(path)!r} is not a text file.", why=f"{why}.", fix=f"{fix}.")
    return _decoded(path, data, "utf-8-sig")


_KINDS = {
    b"PGDMP": ("it is a dump of pg_dump in its custom format", "pg_restore -s -f schema.sql {name}"),
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
