"""Writes generated rows to disk: a folder of Parquet files with a script that loads them, or a DuckDB file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.errors import SourceError, StatementFailedError
from planroom.generating.quoting import literal, name

if TYPE_CHECKING:
    from planroom.engines import Engine
    from planroom.generating.plan import GenerationPlan, TablePlan

__all__ = ["DUCKDB_SUFFIXES", "save_rows"]

DUCKDB_SUFFIXES = (".duckdb", ".ddb")
_LOAD = "load.sql"


def save_rows(plan: GenerationPlan, source: Engine, target: str | Path, *, force: bool = False) -> tuple[str, ...]:
    """Write generated rows, all or nothing, and return the names of the files.

    Args:
        plan: What was generated.
        source: The DuckDB engine that holds it.
        target: A folder, which is made, or a file that ends in ``.duckdb``.
        force: Whether a file that is there is replaced, and files in a folder that have the same names.

    Raises:
        SourceError: The target is there already, is a database's URL, or cannot be written.
    """
    if "://" in str(target):
        raise SourceError(
            "planroom writes no rows to a database that you named.",
            why="it only reads your databases.",
            fix="write to a folder; its load.sql says how DuckDB copies the files into any database.",
        )
    path = Path(target)
    if path.suffix.lower() in DUCKDB_SUFFIXES:
        return _file(plan, source, path, force=force)
    return _folder(plan, source, path, force=force)


def _file(plan: GenerationPlan, source: Engine, path: Path, *, force: bool) -> tuple[str, ...]:
    if path.is_dir() or (path.exists() and not force):
        raise SourceError(f"{str(path)!r} is there already.", fix="choose another name, or --force.")
    with _workplace(path.parent) as place:
        made = Path(place) / "rows.duckdb"
        script = [f"ATTACH {literal(str(made))} AS pr_saved"]
        script += [f"CREATE SCHEMA IF NOT EXISTS pr_saved.{name(each)}" for each in plan.schemas]
        script += [f"CREATE TABLE pr_saved.{each.target} AS FROM {each.target}" for each in plan.tables]
        _run(source, path, [*script, "DETACH pr_saved"])
        _moved(made, path)
    return (str(path),)


def _folder(plan: GenerationPlan, source: Engine, path: Path, *, force: bool) -> tuple[str, ...]:
    if path.exists() and not path.is_dir():
        raise SourceError(f"{str(path)!r} is a file.", fix="name a folder, or a file that ends in .duckdb.")
    if path.is_dir() and any(path.iterdir()) and not force:
        raise SourceError(f"The folder {str(path)!r} is not empty.", fix="choose another, or --force.")
    files = {each.id: f"{number:03}-{_plain(each.id)}.parquet" for number, each in enumerate(plan.tables, 1)}
    with _workplace(path.parent) as place:
        _run(
            source,
            path,
            [
                f"COPY {each.target} TO {literal(str(Path(place) / files[each.id]))} (FORMAT parquet)"
                for each in plan.tables
            ],
        )
        (Path(place) / _LOAD).write_text(_script(plan, files), encoding="utf-8")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritten(path, error) from None
        written = [*files.values(), _LOAD]
        for each in written:
            _moved(Path(place) / each, path / each)
    return tuple(str(path / each) for each in written)


def _plain(text: str) -> str:
    """Return a name that any file system takes: two tables never share one, for a number stands before it."""
    return "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in text)[:100]


def _script(plan: GenerationPlan, files: dict[str, str]) -> str:
    """Return what DuckDB runs to load the files into a database that holds the model, attached as ``target``."""
    head = (
        f"-- {_comment(plan.name or 'rows')}, seed {plan.seed}: {plan.rows:,} synthetic rows.\n"
        "-- Run this with DuckDB, in this folder.\n"
        "-- The tables have to be there, and empty; parents come first. For PostgreSQL:\n"
        "--   INSTALL postgres; ATTACH 'dbname=... host=... user=...' AS target (TYPE postgres);\n"
    )
    lines = [_insert(each, files[each.id]) for each in plan.tables]
    return head + "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return " ".join(text.split())


def _insert(table: TablePlan, file: str) -> str:
    columns = ", ".join(name(each.name) for each in table.columns)
    return f"INSERT INTO target.{table.target} ({columns}) SELECT {columns} FROM read_parquet({literal(file)});"  # noqa: S608


def _run(source: Engine, path: Path, script: list[str]) -> None:
    try:
        source.run(";\n".join(script))
    except StatementFailedError as error:
        raise SourceError(f"{str(path)!r} cannot be written.", why=error.what) from None


def _workplace(parent: Path) -> tempfile.TemporaryDirectory[str]:
    """Return a folder beside the target, so that what is made there can be moved in one step."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".planroom-", dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise _unwritten(parent, error) from None


def _moved(made: Path, path: Path) -> None:
    try:
        shutil.move(made, path)
    except OSError as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> SourceError:
    return SourceError(f"{str(path)!r} cannot be written.", why=f"{error.strerror or error}.")
