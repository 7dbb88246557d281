"""Reading a script of PostgreSQL DDL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from tests.benchmarks.base import AtLeast, Benchmark, Comparison, Contestant, Runtime
from tests.benchmarks.inputs import OWN_FILE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.inputs import Inputs

STATEMENTS = 2_500
FACTOR = 20.0


class Reading(Benchmark):
    """planroom makes a model, @dbml/core makes DBML, sqlglot makes syntax trees and no model."""

    order: ClassVar[int] = 10

    def comparisons(self, inputs: Inputs) -> Iterator[Comparison]:
        """Return a plain script that all can parse, one as pg_dump writes it, and the user's own."""
        yield _comparison(
            f"Reading {STATEMENTS:,} statements that every peer parses", inputs.ddl("plain", statements=STATEMENTS)
        )
        yield _comparison(
            f"Reading {STATEMENTS:,} statements as pg_dump writes them", inputs.ddl("dump", statements=STATEMENTS)
        )
        if own := inputs.own_file():
            yield _comparison(f"Reading {Path(own).name} ({OWN_FILE_VARIABLE})", own)


def _comparison(title: str, path: str) -> Comparison:
    contestants = (
        Contestant("planroom", "planroom_read.py", (path,)),
        Contestant("@dbml/core import", "dbml_core_import.js", (path,), Runtime.NODE),
        Contestant("sqlglot, whole", "sqlglot_whole.py", (path,), Runtime.PEERS),
        Contestant("sqlglot, each", "sqlglot_each.py", (path,), Runtime.PEERS),
    )
    return Comparison(title, contestants, (AtLeast("planroom", "@dbml/core import", FACTOR),))
