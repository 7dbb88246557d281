"""One database that holds everything, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from planroom.engines.postgres.catalog import catalog_counts, catalog_fingerprint, read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.engines.postgres.server import Server
    from planroom.model import Column, Model, Table, View

EVERYTHING = Path(__file__).parent / "everything.sql"
_SINCE = re.compile(r"^-- since (\d+)$", re.MULTILINE)


def script(version: int, text: str) -> str:
    """Return a script without what a server of this version does not know."""
    return "\n\n".join(_known(paragraph, version) for paragraph in text.split("\n\n"))


def _known(paragraph: str, version: int) -> str:
    found = _SINCE.search(paragraph)
    return paragraph[: found.start()] if found and version < int(found[1]) * 10_000 else paragraph


@dataclass
class Read:
    """A database, and what is read of it."""

    engine: OwnedPostgres
    version: int
    script: str

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        with self.engine.snapshot() as fetch:
            return fetch(sql)

    @cached_property
    def model(self) -> Model:
        with self.engine.snapshot() as fetch:
            return read_catalog(fetch, version=self.version, source="somewhere")

    @cached_property
    def counts(self) -> dict[str, int]:
        with self.engine.snapshot() as fetch:
            return catalog_counts(fetch, self.version)

    @cached_property
    def fingerprint(self) -> dict[str, list[str]]:
        with self.engine.snapshot() as fetch:
            return catalog_fingerprint(fetch, self.version)

    def table(self, name: str) -> Table:
        return self.model.table(name)

    def view(self, name: str) -> View:
        return self.model.views_by_id[name]

    def column(self, table: str, name: str) -> Column:
        return self.model.table(table).columns_by_name[name]

    def needs(self, major: int) -> None:
        """Skip the test on servers that are older."""
        if self.version < major * 10_000:
            pytest.skip(f"PostgreSQL {major} brought this; the server is older")


def _read(engine: OwnedPostgres, text: str = "") -> Read:
    version = engine.connection.info.server_version
    told = script(version, text)
    engine.run(told)
    return Read(engine, version, told)


@pytest.fixture(scope="session")
def everything(server: Server) -> Iterator[Read]:
    """The database of everything.sql."""
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as engine:
        yield _read(engine, EVERYTHING.read_text(encoding="utf-8"))


@pytest.fixture
def reading(fresh_database: OwnedPostgres) -> Callable[[str], Read]:
    """A function that runs a script in a database of its own and returns what is read of it."""

    def of(text: str) -> Read:
        return _read(fresh_database, text)

    return of
