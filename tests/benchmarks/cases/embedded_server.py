"""The embedded PostgreSQL, and reading a live database."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import Benchmark, Comparison, Contestant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

TABLES = 1_000


class EmbeddedServer(Benchmark):
    """Starts, fresh databases, and planroom's catalog reader beside SQLAlchemy's reflection."""

    order: ClassVar[int] = 50

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return two comparisons; the server's own work shows in the wall time."""
        contestants = (
            Contestant("start, template there", "server_start.py", ("warm",)),
            Contestant("start, initdb first", "server_start.py", ("cold",), most_runs=3),
            Contestant("one more database", "server_database.py"),
        )
        note = "CPU is of the client; the server works in processes of its own, which the wall time shows."
        yield Comparison("The embedded PostgreSQL", contestants, note=note)
        path = inputs.ddl("plain", tables=TABLES)
        readers = (
            Contestant("planroom", "planroom_live.py", (path,)),
            Contestant("sqlalchemy reflect", "sqlalchemy_live.py", (path,)),
        )
        yield Comparison(f"Reading a live database of {TABLES:,} tables", readers, note=note)
