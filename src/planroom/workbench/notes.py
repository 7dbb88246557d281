"""Annotations in a YAML file beside a schema: values by key, by selector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planroom.errors import ModelError, SourceError
from planroom.formats import Document
from planroom.model import Model, annotate
from planroom.workbench.files import read_text

__all__ = ["with_notes"]


def with_notes(model: Model, notes: str | Path | Document | None) -> Model:
    """Return the model with the annotations of a file, or of what it held; None leaves the model as it is.

    Raises:
        SourceError: The file is missing, not YAML, or not values by key by selector.
    """
    if notes is None:
        return model
    path = Path(notes.source if isinstance(notes, Document) else notes)
    values = _parsed(path, notes.text if isinstance(notes, Document) else read_text(path))
    try:
        return annotate(model, values, source=str(path))
    except ModelError as error:
        raise SourceError(error.what, where=str(path), why=error.why, fix=error.fix) from None


def _parsed(path: Path, text: str) -> dict[str, dict[str, Any]]:
    import yaml

    try:
        values = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or str(error)
        raise SourceError(f"{str(path)!r} is not YAML.", where=place, why=f"{problem}.") from None
    if not isinstance(values, dict):
        raise _shapeless(path, "its top level is no mapping")
    for selector, keys in values.items():
        if not isinstance(keys, dict):
            raise _shapeless(path, f"below {selector!r} stands no mapping")
    return {str(selector): keys for selector, keys in values.items()}


def _shapeless(path: Path, why: str) -> SourceError:
    return SourceError(
        f"{str(path)!r} holds no annotations.",
        why=f"{why}.",
        fix="write `orders.email: {pii: email}`, a selector a line.",
    )
