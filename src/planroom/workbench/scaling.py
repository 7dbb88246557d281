"""What the planner of a database knows, wherever it is told: by the database, a file of statistics, or a dump."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError, UnknownNameError
from planroom.model import Model
from planroom.scaling.privacy import WAYS, without_personal_values
from planroom.scaling.statistics import Assumption, Statistics
from planroom.workbench.asking import engine_on, is_database
from planroom.workbench.files import read_text
from planroom.workbench.sources import model_of, read

if TYPE_CHECKING:
    from planroom.engines import Engine

__all__ = ["statistics"]

_BY_NAME = Assumption(
    "database", "nothing was said of what is personal data: names and values that look personal decided", "rule"
)
_KINDS = "give a PostgreSQL URL or engine, a file of `planroom stats export`, or one of `pg_dump --statistics-only`."


def statistics(source: Any, *, model: Any = None, personal: str = "leave out", ends: bool = False) -> Statistics:
    """Return what a database's planner knows: sizes, columns, extended statistics, settings. No table is read.

    Statistics hold values of rows. Those of columns that the model annotates as personal data, and of all that hold
    the same values, are left out or replaced; ``left_out`` lists them. Without a model, columns count that are named
    like personal data or whose values look like it.

    Args:
        source: A PostgreSQL URL or engine, a file that `Statistics.save` or ``planroom stats export`` wrote, a file of
            ``pg_dump`` with statistics (``--statistics-only`` or a whole one), or statistics. A file that planroom
            wrote was treated when it was made, and is taken as it is unless there is a model.
        model: The design with its annotations: anything that `read` takes.
        personal: What is done with values that are personal data: ``leave out``, or ``replace`` by made-up ones in the
            same order.
        ends: Ask the database also for the least and the greatest value of each indexed column, by two probes of an
            index: this alone reads tables.

    Raises:
        SourceError: The source cannot be read, or says nothing of statistics.
        UnknownNameError: There is no such way to treat personal data.
        ServerUnavailableError: The database cannot be reached.
        StatementFailedError: The role may not read the catalog.

    Example:
        >>> known = statistics("postgresql://reader@db.example/shop", model="schemas/shop.sql")  # doctest: +SKIP
        >>> known.save("shop.stats.json")  # doctest: +SKIP
    """
    if personal not in WAYS:
        raise UnknownNameError.of("way to treat personal data", personal, WAYS)
    design = model if model is None or isinstance(model, Model) else read(model)
    if isinstance(source, Statistics):
        return source if design is None else _treated(source, design, personal)
    if isinstance(source, str | Path) and not is_database(source):
        return _of_file(Path(source), design, personal, ends=ends)
    with engine_on(source, existing=True) as engine:
        found, own = _of_engine(engine, design, ends=ends)
    return _treated(found, own, personal, by_name=design is None)


def _of_engine(engine: Engine, design: Model | None, *, ends: bool) -> tuple[Statistics, Model]:
    """Return a database's statistics, and the design to judge them by: the one that is given, else its own."""
    from planroom.engines.postgres.engine import PostgresEngine
    from planroom.engines.postgres.statistics import read_statistics

    if not isinstance(engine, PostgresEngine):
        raise SourceError(
            f"A database of {engine.name} has no statistics that planroom reads.",
            why="they are those of PostgreSQL's planner.",
            fix=_KINDS,
        )
    return read_statistics(engine, ends=ends), design if design is not None else engine.model()


def _of_file(path: Path, design: Model | None, personal: str, *, ends: bool) -> Statistics:
    from planroom.scaling.dumps import dumped_statistics, holds_statistics
    from planroom.scaling.storing import statistics_from

    if ends:
        raise SourceError(
            f"{str(path)!r} cannot be asked for the ends of keys.", why="a file holds what it holds.", fix="name a URL."
        )
    text = read_text(path)
    if text.lstrip().startswith("{"):
        stored = statistics_from(text, str(path))
        return stored if design is None else _treated(stored, design, personal)
    if not holds_statistics(text):
        raise SourceError(f"{str(path)!r} holds no statistics.", fix=_KINDS)
    known = design if design is not None else model_of([(str(path), text)], dialect="postgres")
    told = known if known.tables else None
    return _treated(dumped_statistics(text, str(path), model=told), known, personal, by_name=design is None)


def _treated(found: Statistics, design: Model, personal: str, *, by_name: bool = False) -> Statistics:
    treated = without_personal_values(found, design, how=personal, by_name=by_name)
    return replace(treated, assumptions=(*treated.assumptions, _BY_NAME)) if by_name else treated
