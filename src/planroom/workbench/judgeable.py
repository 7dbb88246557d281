"""What can be judged: models, SQL text, files, folders, notebooks, revisions; each as scripts or as a model."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError
from planroom.model import Model
from planroom.workbench.files import documents_in, is_database_file, read_text
from planroom.workbench.revisions import documents_at, revision_of
from planroom.workbench.secrets import without_secrets
from planroom.workbench.sources import looks_like_sql, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Given", "given"]

_SQL = frozenset({".sql", ".ddl", ".psql", ".pgsql", ""})
_STDIN = "/dev/stdin"


@dataclass(frozen=True)
class Given:
    """One source.

    Attributes:
        name: What it is called.
        scripts: The source and the text of each, in order; none for what is no SQL.
        reading: What reads it as a model.
        model: The model that it is.
    """

    name: str
    scripts: tuple[tuple[str, str], ...] = ()
    reading: Callable[[], Model] | None = None
    model: Model | None = None

    def read(self) -> Model:
        """Return the model that it describes."""
        return self.reading() if self.reading is not None else read(self.model)


def given(source: Any, *, dialect: str = "") -> Iterator[Given]:
    """Yield what a source holds to be judged.

    Args:
        source: A model, text, a path, or anything else that `read` takes.
        dialect: The SQL dialect, where it is said.

    Raises:
        SourceError: It cannot be read.
    """
    if isinstance(source, Model):
        yield Given(source.name or "model", model=source)
    elif not isinstance(source, (str, Path)):
        yield Given(type(source).__name__, model=read(source))
    else:
        yield _from_text(source, dialect)


def _from_text(source: str | Path, dialect: str) -> Given:
    text = str(source)
    if text == "-":
        return _scripts("<stdin>", [("<stdin>", read_text(Path(_STDIN)))], dialect)
    if not text.strip():
        raise SourceError("There is nothing to judge.", fix="give a path, or SQL text.")
    if isinstance(source, str) and looks_like_sql(text):
        return _scripts("<text>", [("<text>", text)], dialect)
    if "://" in text.partition("/")[0] + "//":
        return Given(without_secrets(text), model=read(text))
    path = Path(source)
    revision = None if path.exists() else revision_of(text)
    if revision is not None:
        return _scripts(text, [(each.source, each.text) for each in documents_at(revision)], dialect, whole=text)
    if path.suffix.lower() == ".ipynb":
        return _scripts(text, _cells(path), dialect)
    if path.is_dir() or (path.suffix.lower() in _SQL and not (path.is_file() and is_database_file(path))):
        scripts = [(each.source, each.text) for each in documents_in(path)]
        sql = all(Path(name).suffix.lower() in _SQL for name, _ in scripts)
        return _scripts(text, scripts, dialect, whole=source) if sql else Given(text, model=read(source))
    return Given(text, model=read(source))


def _scripts(name: str, scripts: Sequence[tuple[str, str]], dialect: str, *, whole: str | Path | None = None) -> Given:
    if whole is None:
        whole = "\n".join(text for _, text in scripts)
    return Given(name, tuple(scripts), partial(read, whole, format=dialect))


# -- notebooks ---------------------------------------------------------------------------------------------------------


def _cells(path: Path) -> list[tuple[str, str]]:
    """Return the SQL cells of a notebook: those that begin with ``%%sql``; lines count from the cell's first.

    Raises:
        SourceError: The file is no notebook.
    """
    try:
        notebook = json.loads(read_text(path))
        cells = [each for each in notebook["cells"] if each.get("cell_type") == "code"]
        sources = [each["source"] if isinstance(each["source"], str) else "".join(each["source"]) for each in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SourceError(f"{str(path)!r} is no notebook.", why="it has no cells.") from None
    return [(f"{path}#{at}", _blanked(text)) for at, text in enumerate(sources, 1) if _is_sql(text)]


def _is_sql(text: str) -> bool:
    return text.lstrip().startswith("%%sql")


def _blanked(text: str) -> str:
    """Return a cell without its first line's magic, every other line in its place."""
    return "\n" + text.lstrip().partition("\n")[2]
