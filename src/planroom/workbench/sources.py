"""A source, whatever it is, resolved to a model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError, SourceError
from planroom.formats import FORMATS, Document, Format
from planroom.model import Model
from planroom.workbench.choosing import format_called, format_of, guessed
from planroom.workbench.files import documents_in, is_database_file, missing
from planroom.workbench.notes import with_notes
from planroom.workbench.nothing import refuse_nothing
from planroom.workbench.revisions import documents_at, notes_at, revision_of
from planroom.workbench.secrets import scrubbed
from planroom.workbench.templated import template_note

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["begins_like_sql", "looks_like_sql", "model_of", "notes_beside", "read"]

Notes = str | Path | Document | None

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SQL = re.compile(r"\s*(?:/\*(?:[^*]|\*(?!/))*\*/\s*)*(?:create|alter|set|begin|comment)\s", re.IGNORECASE)
_QUERY = re.compile(
    r"\s*\(*\s*(?:select|with|values|insert|update|delete|merge|drop|truncate|refresh|reindex|vacuum|cluster|explain|do)\s",
    re.IGNORECASE,
)


def read(source: Any, *, format: str = "", notes: str | Path | None = None) -> Model:  # noqa: A002
    """Return the model that a source describes.

    Args:
        source: A path of a file or folder, one in a git revision (``main:schemas/shop.sql``), the URL of a database,
            SQL text, SQLAlchemy classes or `MetaData`, an engine of planroom's, or a model.
        format: The format's name (``planroom formats`` lists them) where the suffix does not tell.
        notes: A file of annotations; by default the one beside a file, at the same revision: ``shop.sql`` has
            ``shop.notes.yml``.

    Raises:
        SourceError: The source is missing, empty, not text, or cannot be reached.
        SyntaxProblem: Nothing in it parses.
        UnknownNameError: There is no such format.
        FormatError: The format is not one that planroom reads.

    Example:
        >>> read("create table planets (id int primary key, name text not null)").tables[0].name
        'planets'
    """
    if isinstance(source, Model):
        return with_notes(source, notes)
    if isinstance(source, (str, Path)):
        return with_notes(*_from_text(source, format, notes))
    return with_notes(_from_object(source), notes)


def _from_text(source: str | Path, format_name: str, notes: Notes) -> tuple[Model, Notes]:
    """Return the model behind a path, URL or text, and the notes that belong to it."""
    text = str(source)
    if not text.strip():
        raise SourceError("The source is empty.", fix="give a path, a URL or SQL text.")
    if _URL.match(text):
        return _from_engine(text), notes
    path = Path(source)
    if not _exists(path):
        if isinstance(source, str) and ("\n" in text or _SQL.match(text)):
            suffix = ".json" if text.lstrip().startswith("{") else ".sql"
            return _from_documents([Document("<text>", text)], format_name, "text", suffix=suffix), notes
        revision = revision_of(text)
        if revision is None:
            raise missing(path)
        return _from_documents(documents_at(revision), format_name, revision.stem), notes or notes_at(revision)
    if path.is_file() and is_database_file(path):
        return _from_engine(text), notes or notes_beside(path)
    name = path.resolve().name if path.is_dir() else path.stem
    return _from_documents(documents_in(path, format_name), format_name, name), notes or notes_beside(path)


def looks_like_sql(text: str) -> bool:
    """Whether a text is SQL itself, and not the name of something that holds it."""
    return not _exists(Path(text)) and ("\n" in text or begins_like_sql(text))


def begins_like_sql(text: str) -> bool:
    """Whether a text begins as a statement does."""
    return bool(_SQL.match(text) or _QUERY.match(text))


def _exists(path: Path) -> bool:
    """Whether there is something, as far as can be seen.

    Raises:
        SourceError: A folder on the way may not be entered.
    """
    try:
        return path.exists()
    except PermissionError as error:
        raise SourceError(f"{str(path)!r} cannot be read.", why=f"{error.strerror}.") from None
    except (OSError, ValueError):  # a text that is too long for a name, or holds a NUL
        return False


def notes_beside(path: Path) -> Path | None:
    """Return the annotations that belong to a file (``shop.notes.yml``) or folder (``notes.yml`` in it)."""
    candidates = (
        [path.with_suffix("").with_suffix(f".notes{suffix}") for suffix in (".yml", ".yaml")]
        if path.is_file()
        else [path / f"{path.name}.notes.yml", path / "notes.yml"]
    )
    return next((candidate for candidate in candidates if candidate.is_file()), None)


# -- formats ---------------------------------------------------------------------------------------------------------


def _from_documents(documents: Sequence[Document], format_name: str, name: str, *, suffix: str = "") -> Model:
    chosen = format_called(format_name) if format_name else format_of(documents, suffix)
    model = _read(chosen, documents, name, told=bool(format_name))
    refuse_nothing(model, documents, dialect=model.dialect if ".sql" in chosen.suffixes else chosen.name)
    return model


def _read(chosen: Format, documents: Sequence[Document], name: str, *, told: bool) -> Model:
    from dataclasses import replace

    model = chosen.read(documents)
    if chosen.name == "postgres" and (noted := template_note((each.source, each.text) for each in documents)):
        model = replace(model, findings=(*model.findings, *noted))
    if not told and model.dialect != "postgres" and ".sql" in chosen.suffixes:
        model = replace(model, findings=(*model.findings, guessed(model.dialect, documents)))
    return model if model.name else replace(model, name=name)


def model_of(scripts: Sequence[tuple[str, str]], *, dialect: str = "", name: str = "", notes: Notes = None) -> Model:
    """Return the model that SQL scripts make; an empty one where they make nothing, or nothing in them parses.

    Args:
        scripts: The source and the text of each, in order.
        dialect: Their dialect; by default what they look like.
        name: What to call the model.
        notes: A file of annotations, or what it holds.

    Raises:
        UnknownNameError: There is no such dialect.
    """
    documents = [Document(source, text) for source, text in scripts]
    chosen = format_called(dialect) if dialect else format_of(documents, ".sql")
    return with_notes(_read(chosen, documents, name, told=bool(dialect)), notes)


def _from_object(source: Any) -> Model:
    model = getattr(source, "model", None)
    if callable(model) and hasattr(source, "owned"):
        found = model()
        if isinstance(found, Model):
            return found
    for each in FORMATS:
        if each.accepts(source):
            return each.read_object(source)
    raise SourceError(
        f"A {type(source).__name__} is no source of a model.",
        fix="give a path, a URL, SQL text, SQLAlchemy classes or MetaData, or an engine of planroom's.",
    )


def _from_engine(target: str) -> Model:
    from planroom.engines import connect

    try:
        with connect(target) as engine:
            return _from_object(engine)
    except PlanroomError as error:
        scrubbed(error)
        raise
