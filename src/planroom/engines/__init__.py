"""Engines: real databases that planroom can ask, each kind one file or folder here."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from planroom.engines.base import Availability, Diagnosis, Engine, EngineKind, Explained, Rows
from planroom.errors import SourceError
from planroom.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ENGINES", "Availability", "Diagnosis", "Engine", "EngineKind", "Explained", "Rows", "connect", "database"]

ENGINES: Registry[EngineKind] = Registry("engine", "planroom.engines", EngineKind, listing="planroom engines")  # type: ignore[type-abstract]


def connect(target: str) -> Engine:
    """Return an engine on the user's database that a URL or a path names.

    Raises:
        SourceError: No engine recognises the target.
    """
    for kind in ENGINES:
        if kind.recognises(target):
            return kind.connect(target)
    scheme, found, _ = target.partition("://")
    raise SourceError(
        f"planroom knows no database by {scheme}:// URLs." if found else "This names no database that planroom knows.",
        why=f"none of {', '.join(ENGINES.names())} recognises it.",
        fix="give postgresql://user@host/database, or the path of a DuckDB file.",
    )


@contextmanager
def database(script: str, *, engine: str = "postgres") -> Iterator[Engine]:
    """Open a fresh database in which ``script`` has been run; it is dropped at the end of the block.

    Args:
        script: SQL statements in the engine's dialect, usually DDL; may be empty.
        engine: The name of a kind of engine.

    Raises:
        UnknownNameError: There is no such engine.
        ServerUnavailableError: No server could be started.
        StatementFailedError: A statement of the script failed.
    """
    with ENGINES[engine].connect() as opened:
        opened.run(script)
        yield opened
