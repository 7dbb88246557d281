"""The effects of one statement."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Set as AbstractSet
from functools import cache

from planroom.ddl import Catalog
from planroom.linting.effects.survey import HANDLERS, Survey
from planroom.linting.effects.values import Effects, Key
from planroom.sqltext import Statement

__all__ = ["effects"]

_NOTHING = Effects()


@cache
def _load_handlers() -> None:
    """Import every module of this folder: each registers what it foresees."""
    package = importlib.import_module("planroom.linting.effects")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"planroom.linting.effects.{module.name}")


def effects(
    catalog: Catalog,
    statement: Statement,
    *,
    version: int = 18,
    created: AbstractSet[Key] = frozenset(),
    empty: AbstractSet[Key] = frozenset(),
) -> Effects:
    """Return which locks a statement takes, and what of its work grows with the data.

    Tables that the catalog does not hold are taken as there, and large.

    Args:
        catalog: What is there before the statement.
        statement: The statement.
        version: PostgreSQL's major version.
        created: Relations that the migration itself made: nobody waits for them, and they hold few rows.
        empty: Relations that it truncated: there is nothing to read in them.
    """
    _load_handlers()
    handler = HANDLERS.get(statement.kind)
    if handler is None:
        return _NOTHING
    survey = Survey(catalog, statement, version, created, empty)
    try:
        handler(survey, statement.tree)
    except Exception as error:  # noqa: BLE001, RUF100  (a fault here costs the judgement of this statement alone)
        survey.unknown.append(f"planroom has a fault here: {type(error).__name__}: {error}")
    return survey.effects()
