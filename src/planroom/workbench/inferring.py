"""Relations that no foreign key declares, of whatever can be read, with or without its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import QuantityError
from planroom.workbench.asking import engine_on
from planroom.workbench.sources import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planroom.advice.inferred import InferredRelations
    from planroom.engines import Engine

__all__ = ["infer_relations"]


def infer_relations(
    source: Any,
    *,
    on: Engine | str | Path | None = None,
    minimum: float = 0.5,
    progress: Callable[[int, int], None] | None = None,
) -> InferredRelations:
    """Return the relations that a design means and does not declare, each with a score and its reasons.

    Names (singular and plural, roles, prefixes, the names of keys), types, unique targets, comments and indexes give a
    first score; with ``on``, data is asked too: one SELECT a candidate that counts, on a sample, and returns no value.

    Args:
        source: Anything that `read` takes.
        on: A database that holds the design: an engine, or its URL or path. It is only read.
        minimum: The lowest score that counts, in (0, 1].
        progress: Called before each question to the database with how many are done, and how many there are.

    Raises:
        QuantityError: ``minimum`` is not in (0, 1].
        SourceError: ``on`` names no database.
        ServerUnavailableError: The database cannot be reached.

    Example:
        >>> found = infer_relations("create table users (id int primary key); create table notes (user_id int)")
        >>> [(each.child, each.parent, each.score) for each in found]
        [('public.notes', 'public.users', 0.95)]
    """
    from planroom.advice.inference import decide, possible_references
    from planroom.advice.keys import Kinds
    from planroom.advice.unnamed import with_unnamed
    from planroom.experiments.contained_values import judged_by_data

    if not 0 < minimum <= 1:
        raise QuantityError(f"{minimum!r} is no lowest score.", why="a score is above 0 and at most 1.")
    model = read(source)
    possible = possible_references(model)
    if on is None:
        return decide(model, possible, minimum=minimum)
    with engine_on(on, existing=True) as engine:
        judged = judged_by_data(with_unnamed(model, possible), Kinds(model), engine, progress=progress)
    return decide(model, judged.possible, minimum=minimum, measured=judged.words)
