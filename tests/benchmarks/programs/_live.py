"""A live database that holds the made-up schema, on planroom's embedded server."""

from __future__ import annotations

from pathlib import Path

from planroom.engines import ENGINES

__all__ = ["live"]


def live(path):
    """Return an engine on a fresh database in which the script at ``path`` has run."""
    database = ENGINES["postgres"].connect()
    database.run(Path(path).read_text(encoding="utf-8"))
    return database
