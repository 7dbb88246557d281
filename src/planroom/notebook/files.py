"""Notebook files: read, checked and written whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import MissingExtraError, SourceError
from planroom.files import write_whole
from planroom.workbench.files import read_text

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

__all__ = ["Notebook", "missing", "notebook_text", "read_notebook", "write_notebook"]

Notebook = dict[str, Any]
"""A notebook in nbformat 4: `cells`, `metadata`, `nbformat`, `nbformat_minor`; multi-line texts are one string."""


def missing(package: str) -> MissingExtraError:
    """Return the error for a part of Jupyter that is not installed."""
    return MissingExtraError.of("Working with notebooks", package, "lab")


def _nbformat() -> ModuleType:
    try:
        import nbformat
    except ImportError:
        raise missing("nbformat") from None
    return nbformat  # type: ignore[no-any-return]


def read_notebook(path: Path) -> Notebook:
    """Return the notebook in a file.

    Raises:
        SourceError: The file is missing, not text, or no notebook.
        MissingExtraError: nbformat is not installed.
    """
    nbformat = _nbformat()
    text = read_text(path)
    try:
        found: Notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(found)
    except (
        nbformat.reader.NotJSONError,
        nbformat.ValidationError,
        ValueError,
        KeyError,
        AttributeError,
        TypeError,
    ) as error:
        raise SourceError(
            f"{str(path)!r} is no notebook.",
            why=f"{str(error).partition(chr(10))[0][:200]}",
            fix="open it in JupyterLab and save it again, or restore it from git.",
        ) from None
    return found


def notebook_text(notebook: Notebook) -> str:
    """Return a notebook as the text of its file: keys sorted, texts a line an item, so that it diffs well."""
    nbformat = _nbformat()
    return f"{nbformat.writes(nbformat.from_dict(notebook))}\n"


def write_notebook(path: Path, notebook: Notebook) -> None:
    """Write a notebook whole or not at all.

    Raises:
        SourceError: It cannot be written; what was there before is untouched.
    """
    write_whole(path, notebook_text(notebook))
