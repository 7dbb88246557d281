"""Questions to a database, whatever names it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError, SourceError, StatementRefusedError
from planroom.workbench.databases import filled
from planroom.workbench.secrets import scrubbed
from planroom.workbench.sources import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.engines import Engine, Rows

__all__ = ["ask", "engine_of", "engine_on", "is_database"]

_URL = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://")


def engine_of(on: Any, *, existing: bool = False) -> Engine:
    """Return an engine on what is named; it is the caller's to close, unless it is ``on`` itself.

    Args:
        on: An engine, or what has one, such as a database at scale; a database's URL or file, which is only read;
            ``postgres`` or ``duckdb`` for an empty database of planroom's own; or anything else that `read` takes,
            for one that holds its model.
        existing: Whether nothing is made, as for a question to data, which a fresh database has none of.

    Raises:
        SourceError: Nothing of that name can be read; or it names no database where one has to be there.
        ServerUnavailableError: The database cannot be reached, or no server can be started.
    """
    from planroom.engines import ENGINES, connect

    if (engine := _belonging_to(on)) is not None:
        return engine
    try:
        if existing:
            return _existing(on)
        if isinstance(on, str) and on in ENGINES and ENGINES[on].owns:
            return ENGINES[on].connect()
        if is_database(on):
            return connect(str(on))
        model = read(on)
        return filled(model, "duckdb" if model.dialect == "duckdb" else "postgres")
    except PlanroomError as error:
        raise scrubbed(error) from None


def _existing(on: Any) -> Engine:
    """Return an engine on the database that a text or path names, which is the user's."""
    from planroom.engines import connect

    if isinstance(on, str | Path):
        return connect(str(on))
    raise SourceError(
        f"A {type(on).__name__} is no database to ask.", fix="give an engine of planroom's, a URL, or a DuckDB file."
    )


def is_database(on: Any) -> bool:
    """Whether a text or path names a database: by its URL, its file, or the engine that makes an empty one."""
    from planroom.engines import ENGINES

    if not isinstance(on, str | Path):
        return False
    text = str(on)
    own = text in ENGINES and ENGINES[text].owns
    return own or bool(_URL.match(text)) or any(kind.recognises(text) for kind in ENGINES)


@contextmanager
def engine_on(on: Any, *, existing: bool = False) -> Iterator[Engine]:
    """Give the engine that `engine_of` returns, and close it at the end unless it is ``on`` itself or belongs to it."""
    engine = engine_of(on, existing=existing)
    try:
        yield engine
    finally:
        if engine is not _belonging_to(on):
            engine.close()


def _belonging_to(on: Any) -> Engine | None:
    """Return the engine that ``on`` is, or has and closes itself, as a database at scale does; None for neither."""
    from planroom.engines.base import Engine

    found = on if isinstance(on, Engine) else getattr(on, "engine", None)
    return found if isinstance(found, Engine) else None


def ask(engine: Engine, sql: str, *, params: Sequence[object] = (), limit: int, timeout_s: float) -> Rows:
    """Return the answer to a statement; on a database that planroom made, to the last of a script.

    Args:
        engine: Where.
        sql: One statement, or several on a database of planroom's own: those before the last are run.
        params: Values for ``$1``, ``$2`` ... in the last statement.
        limit: The most rows of the answer.
        timeout_s: Seconds for the last statement.

    Raises:
        StatementRefusedError: There is nothing to send.
        StatementFailedError: The engine refused a statement; those before it have been carried out.
    """
    starts = _starts(sql, engine.name)
    if not starts:
        raise StatementRefusedError("There is no statement to send.", fix="write one below the first line.")
    if len(starts) > 1 and engine.owned:
        engine.run(sql[: starts[-1]])
        sql = "".join(each if each == "\n" else " " for each in sql[: starts[-1]]) + sql[starts[-1] :]
    return engine.query(sql, params=params, limit=limit, timeout_s=timeout_s)


def _starts(sql: str, dialect: str) -> list[int]:
    """Return where each statement begins."""
    if dialect == "postgres":
        from planroom.sqltext.splitting import split

        return [piece.start for piece in split(sql)]
    from planroom.sqltext.scripts import split_script

    return [part.start for part in split_script(sql, dialect)]
