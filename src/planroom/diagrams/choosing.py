"""Which tables and views a picture shows, by selectors."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.model.selection import Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.model import Model, ObjectId, Table, View

__all__ = ["chosen"]

_CONTEXT = "context:"


def chosen(model: Model, include: Sequence[str], exclude: Sequence[str]) -> frozenset[ObjectId]:
    """Return the ids of the tables and views that are to be drawn.

    Args:
        model: The model.
        include: Selectors of tables (``sales.*``, ``*_log``) or of contexts (``context:order*``); none for all.
        exclude: Likewise; what one of them names is left out.

    Raises:
        ModelError: A text is no selector.
        UnknownNameError: A selector names no table and no view; the message names the nearest.
    """
    found = {text: _named(model, text) for text in (*include, *exclude)}
    everything = (each.id for each in model.tables_and_views)
    kept = {name for text in include for name in found[text]} if include else set(everything)
    return frozenset(kept.difference(*(found[text] for text in exclude)))


def _named(model: Model, text: str) -> set[ObjectId]:
    matches = _matcher(text)
    found = {each.id for each in model.tables_and_views if matches(each)}
    if not found and text.startswith(_CONTEXT):
        raise UnknownNameError.of("context", text.removeprefix(_CONTEXT), model.contexts)
    if not found:
        raise UnknownNameError.of("table", text, [each.id for each in model.tables_and_views])
    return found


def _matcher(text: str) -> Callable[[Table | View], bool]:
    if text.startswith(_CONTEXT):
        pattern = text.removeprefix(_CONTEXT).strip()
        return lambda each: fnmatchcase(each.annotations.context, pattern)
    selector = Selector.parse(text)
    return lambda each: text == each.id or selector.matches_table(each)
