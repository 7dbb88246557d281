"""Any database that SQLAlchemy reaches: SQLite, MySQL, MariaDB, and what its dialects bring. It is only read."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path
from typing import ClassVar

from planroom.engines.base import Availability, EngineKind
from planroom.engines.sqlalchemy.engine import SqlalchemyEngine
from planroom.engines.sqlalchemy.opening import is_sqlite
from planroom.errors import SourceError

__all__ = ["SqlalchemyEngine", "SqlalchemyKind"]

_SCHEME = re.compile(r"(?P<dialect>[A-Za-z][A-Za-z0-9_]*)(?:\+[A-Za-z0-9_]+)?://")
_OWN = frozenset({"sqlite", "mysql", "mariadb", "oracle", "mssql"})  # what SQLAlchemy brings besides PostgreSQL
_OTHERS = frozenset({"postgresql", "postgres", "duckdb"})  # which have engines of their own


class SqlalchemyKind(EngineKind):
    """Databases by URL, and SQLite files."""

    name = "sqlalchemy"
    owns: ClassVar[bool] = False

    def describe(self) -> str:
        """Return in one line what this engine is good for."""
        return "any database that SQLAlchemy reaches: SQLite files, MySQL, MariaDB ... (only read)"

    def available(self) -> Availability:
        """Return whether the package is installed, without importing it."""
        return Availability(
            True, "the package sqlalchemy, with a driver for each database", metadata.version("sqlalchemy")
        )

    def recognises(self, target: str) -> bool:
        """Return whether ``target`` is a URL of a dialect that SQLAlchemy knows, or a SQLite file."""
        match = _SCHEME.match(target)
        if match:
            dialect = match["dialect"].lower()
            return dialect not in _OTHERS and (dialect in _OWN or dialect in _installed())
        return is_sqlite(Path(target))

    def connect(self, target: str | None = None) -> SqlalchemyEngine:
        """Return an engine on the user's database.

        Raises:
            SourceError: The URL cannot be read, the file is missing or is no SQLite database, or no target is given.
            ServerUnavailableError: The database cannot be reached.
            MissingExtraError: The driver is not installed.
        """
        if target is None:
            raise SourceError(
                "planroom makes no database of its own through SQLAlchemy.", fix="pr.duckdb() and pr.postgres() do."
            )
        return SqlalchemyEngine(target if _SCHEME.match(target) else f"sqlite:///{target}")


def _installed() -> frozenset[str]:
    """Return the dialects that installed packages bring."""
    return frozenset(each.name.partition(".")[0] for each in metadata.entry_points(group="sqlalchemy.dialects"))
