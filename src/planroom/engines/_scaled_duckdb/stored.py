"""A scaled DuckDB as a folder that can be committed: its footers, and a list of what is in it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.engines._scaled_duckdb.engine import ScaledDuckDB
from planroom.engines._scaled_duckdb.forged_table import ForgedDatabase, ForgedEnum, ForgedTable, ForgedView
from planroom.engines._scaled_duckdb.parquet_files import read_footer
from planroom.errors import SourceError
from planroom.files import write_all_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from planroom.model import Model

__all__ = ["LISTING", "load", "save"]

LISTING = "planroom.json"
"""The file that lists what is in the folder."""

_SCHEMA = "planroom.parquet_at_scale/1"


def save(database: ForgedDatabase, path: str | os.PathLike[str]) -> Path:
    """Write the footers and their list into a folder; what an earlier save left there goes.

    Raises:
        SourceError: The folder holds something else, or cannot be written.
    """
    folder = Path(path)
    before = _own_files(folder)
    names = _file_names(database)
    listing = {
        "schema": _SCHEMA,
        "tables": [_listed(table, name) for table, name in zip(database.tables, names, strict=True)],
        "enums": [asdict(each) for each in database.enums],
        "views": [asdict(each) for each in database.views],
        "notes": list(database.notes),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table, name in zip(database.tables, names, strict=True):
            (folder / name).write_bytes(table.file)
        write_all_whole({folder / LISTING: json.dumps(listing, indent=1, ensure_ascii=False) + "\n"})
        for name in before - set(names):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise SourceError(f"{folder} cannot be written.", why=f"{error.strerror or error}.") from None
    return folder


def _listed(table: ForgedTable, file: str) -> dict[str, Any]:
    return {
        "schema": table.schema,
        "name": table.name,
        "file": file,
        "rows": table.rows,
        "columns": list(table.columns),
        "distinct": dict(table.distinct),
        "widths": dict(table.widths),
    }


def _own_files(folder: Path) -> set[str]:
    """Return the files that an earlier save wrote.

    Raises:
        SourceError: The folder holds something else.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    if not folder.is_dir() or not (folder / LISTING).is_file():
        raise SourceError(
            f"{folder} holds something else.",
            why="planroom writes footers into a new folder, or into one that it wrote before.",
            fix="name another folder.",
        )
    return {each["file"] for each in _parts(_read(folder), folder, "tables") if _is_file_name(each.get("file"))}


def _file_names(database: ForgedDatabase) -> list[str]:
    """Return a name for each file: that of the table where a file may bear it."""
    taken: set[str] = set()
    names = []
    for table in database.tables:
        own = "" if table.schema == "main" else f"{table.schema}."
        stem = re.sub(r"[^a-z0-9_.-]+", "_", f"{own}{table.name}".lower()).lstrip(".")[:80] or "table"
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        names.append(f"{name}.parquet")
    return names


# -- reading -----------------------------------------------------------------------------------------------------------


def load(
    path: str | os.PathLike[str], model: Model | None = None, *, settings: Mapping[str, object] | None = None
) -> ScaledDuckDB:
    """Return the scaled DuckDB that `ScaledDuckDB.save` wrote: plans without any data, as in CI.

    Args:
        path: The folder.
        model: The design; by default what DuckDB's catalog says.
        settings: Settings of DuckDB for all plans.

    Raises:
        SourceError: It is no such folder, or a file in it is missing or damaged.
    """
    folder = Path(path)
    listing = _read(folder)
    try:
        database = ForgedDatabase(
            tuple(_table(each, folder) for each in _parts(listing, folder, "tables")),
            tuple(
                ForgedEnum(str(each["schema"]), str(each["name"]), tuple(map(str, each["labels"])))
                for each in _parts(listing, folder, "enums")
            ),
            tuple(
                ForgedView(str(each["schema"]), str(each["name"]), str(each["query"]))
                for each in _parts(listing, folder, "views")
            ),
            tuple(map(str, listing.get("notes") or ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(folder, f"{type(error).__name__}: {error}") from None
    return ScaledDuckDB(database, model, settings=settings)


def _table(each: dict[str, Any], folder: Path) -> ForgedTable:
    name = each["file"]
    if not _is_file_name(name):
        raise ValueError(f"{name!r} is no name of a file beside it")
    footer = read_footer(folder / name)
    if len(each["columns"]) != len(footer.columns) or int(each["rows"]) != footer.rows:
        raise ValueError(f"{name} is of another table than the list says")
    return ForgedTable(
        str(each["schema"]),
        str(each["name"]),
        tuple(map(str, each["columns"])),
        footer,
        tuple((str(column), max(1, int(count))) for column, count in each["distinct"].items()),
        tuple((str(column), float(width)) for column, width in each["widths"].items()),
    )


def _is_file_name(name: object) -> bool:
    return isinstance(name, str) and bool(re.fullmatch(r"[a-z0-9_][a-z0-9_.-]*\.parquet", name))


def _read(folder: Path) -> dict[str, Any]:
    try:
        listing = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(
            f"There is no {LISTING} in {folder}.",
            why="it lists the footers that planroom wrote there.",
            fix="name a folder that ScaledDuckDB.save wrote; read_footers() reads any Parquet files.",
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(folder, str(error)) from None
    if not isinstance(listing, dict) or listing.get("schema") != _SCHEMA:
        raise _unreadable(folder, f"its schema is not {_SCHEMA}")
    return listing


def _parts(listing: dict[str, Any], folder: Path, name: str) -> list[dict[str, Any]]:
    found = listing.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _unreadable(folder, f"its {name} are no list")
    return found


def _unreadable(folder: Path, why: str) -> SourceError:
    return SourceError(f"{folder / LISTING} cannot be read.", why=f"{why}.", fix="save it again.")
