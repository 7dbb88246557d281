"""What can be judged: models, SQL text, files, folders, notebooks, revisions; each as scripts or as a model."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError, SyntaxProblem
from planroom.linting.base import Subject
from planroom.linting.taking import subject_of
from planroom.model import Model
from planroom.sqltext.placeholders import numbered
from planroom.values import dataclass
from planroom.workbench.files import documents_in, is_database_file, read_text, undoes
from planroom.workbench.revisions import documents_at, notes_at, revision_of
from planroom.workbench.secrets import without_secrets
from planroom.workbench.sources import begins_like_sql, looks_like_sql, model_of, notes_beside, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.architecture import System
    from planroom.formats import Document

__all__ = ["Given", "all_given", "given"]

_SQL = frozenset({".sql", ".ddl", ".psql", ".pgsql", ""})
_STDIN = "/dev/stdin"
_CELL_MAGIC = re.compile(r"\s*%%(?:sql|explain)\b[^\n]*\n?")
_LINE_MAGIC = re.compile(r"^[ \t]*(?:\w+\s*=\s*)?%(?:sql|explain)[ \t]+(?P<sql>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Given:
    """One source: SQL scripts, a model, or a system.

    Attributes:
        name: What it is called.
        scripts: The source and the text of each, in order; none for what is no SQL.
        model: The model that it is, where it is no SQL.
        notes: The annotations that belong to it.
        system: The system that it is.
        whole: Its scripts are all there are, so that what none of them makes is missing.
    """

    name: str
    scripts: tuple[tuple[str, str], ...] = ()
    model: Model | None = None
    notes: Path | Document | None = None
    system: System | None = None
    whole: bool = True

    def read(self, scripts: Sequence[tuple[str, str]], dialect: str) -> Model:
        """Return the model that some of its scripts make, or that it is."""
        if self.model is not None:
            return self.model
        return model_of(scripts, dialect=dialect, name=Path(self.name).stem, notes=self.notes)


def all_given(sources: Sequence[Any]) -> list[Given]:
    """Return what several sources hold; script files among them are judged together, in the order given.

    They may be some of a folder, as a hook hands them over. Steps belong together, and so do queries and their design;
    several designs do not, nor do files that take a migration back.

    Raises:
        SourceError: One of them cannot be read.
    """
    found = [given(each) for each in sources]
    files = [each for each, source in zip(found, sources, strict=True) if _is_one_of_many(each, source)]
    if len(files) < 2 or sum(each.notes is not None for each in files) > 1:
        return found
    subjects = [subject_of(each.scripts, with_model=False)[0] for each in files]
    if Subject.MIGRATIONS not in subjects and not (subjects.count(Subject.SCHEMA) == 1 and Subject.QUERIES in subjects):
        return found
    scripts = tuple(script for each in files for script in each.scripts)
    notes = next((each.notes for each in files if each.notes is not None), None)
    joined = Given(f"{files[0].name} and {len(files) - 1} more", scripts, notes=notes, whole=False)
    at = found.index(files[0])
    return [*found[:at], joined, *(each for each in found[at:] if each not in files)]


def _is_one_of_many(found: Given, source: Any) -> bool:
    return (
        isinstance(source, (str, Path))
        and [name for name, _ in found.scripts] == [str(Path(source))]
        and not undoes(Path(source))
    )


def given(source: Any) -> Given:
    """Return what a source holds to be judged.

    Args:
        source: A model, text, a path, or anything else that `read` takes.

    Raises:
        SourceError: It cannot be read.
    """
    if isinstance(source, (str, Path)):
        return _from_text(source)
    if isinstance(source, Model):
        return Given(source.name or "model", model=source)
    from planroom.architecture import System

    if isinstance(source, System):
        return Given(source.source or source.name, system=source)
    return Given(type(source).__name__, model=read(source))


def _from_text(source: str | Path) -> Given:
    text = str(source)
    if text == "-":
        return Given("<stdin>", (("<stdin>", read_text(Path(_STDIN))),))
    if not text.strip():
        raise SourceError("There is nothing to judge.", fix="give a path, or SQL text.")
    if isinstance(source, str) and looks_like_sql(text):
        return Given("<text>", (("<text>", text),))
    if "://" in text.partition("/")[0] + "//":
        return Given(without_secrets(text), model=read(text))
    path = Path(source)
    revision = None if path.exists() else revision_of(text)
    if revision is not None:
        return _sql(text, documents_at(revision), notes_at(revision)) or Given(text, model=read(text))
    if path.suffix.lower() == ".ipynb":
        return Given(text, tuple(_cells(path)))
    if path.is_dir() or (path.suffix.lower() in _SQL and not (path.is_file() and is_database_file(path))):
        found = _sql(text, documents_in(path), notes_beside(path))
        if found is not None:
            return found
    return Given(text, model=read(source))


def _sql(name: str, documents: Sequence[Document], notes: Path | Document | None) -> Given | None:
    """Return scripts; None where the documents are something else."""
    if any(Path(each.source).suffix.lower() not in _SQL for each in documents):
        return None
    return Given(name, tuple((each.source, each.text) for each in documents), notes=notes)


# -- notebooks ---------------------------------------------------------------------------------------------------------


def _cells(path: Path) -> list[tuple[str, str]]:
    """Return the SQL of a notebook, by cell; lines count from the cell's first.

    SQL are cells that begin with ``%%sql`` or ``%%explain``, lines with ``%sql`` or ``%explain``, and cells that read
    as SQL and not as Python. A value from the notebook, such as ``:name``, is taken for a parameter.

    Raises:
        SourceError: The file is no notebook.
    """
    try:
        notebook = json.loads(read_text(path))
        cells = [each for each in notebook["cells"] if each.get("cell_type") == "code"]
        sources = [each["source"] if isinstance(each["source"], str) else "".join(each["source"]) for each in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SourceError(f"{str(path)!r} is no notebook.", why="it has no cells.") from None
    cleaned = (each.encode("utf-8", "backslashreplace").decode() for each in sources)  # JSON may hold half characters
    return [
        (f"{path}#{at}", sql) for at, text in enumerate(cleaned, 1) if (sql := _with_parameters(_sql_of(text))).strip()
    ]


def _sql_of(cell: str) -> str:
    """Return the SQL of a cell, every line in its place; empty where it has none."""
    if _CELL_MAGIC.match(cell):
        return _CELL_MAGIC.sub(lambda found: "\n" * found[0].count("\n"), cell, count=1)
    if _LINE_MAGIC.search(cell):
        lines = map(_LINE_MAGIC.match, cell.split("\n"))
        return "\n".join(_statement_of(found) if found else "" for found in lines)
    return cell if begins_like_sql(cell) and not _is_python(cell) else ""


def _statement_of(line: re.Match[str]) -> str:
    """Return the SQL of a line, in its place: behind the name of an engine and options."""
    words = re.finditer(r"\S+", line["sql"])
    start = next((word.start() for word in words if begins_like_sql(line["sql"][word.start() :])), 0)
    return " " * (line.start("sql") - line.start() + start) + line["sql"][start:] + ";"


def _with_parameters(sql: str) -> str:
    try:
        return numbered(sql)[0]
    except SyntaxProblem:  # its braces are no value: the parser says what it makes of them
        return sql


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
