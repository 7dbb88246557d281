"""Prints who flags which heavy statement: planroom and squawk beside the server, over the statements of the tests.

Heavy is what the server was seen to do: a rewrite, an index build or a scan of a table with rows under a lock that
blocks writes or reads. ``python -m tests.benchmarks.confusion [path of squawk]``; squawk-cli 2.70 from PyPI.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from planroom.ddl import read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.experiments.tracing import Observed, trace
from planroom.findings import Effect
from planroom.linting import lint_migrations
from tests.experiments.effects_corpus import SCHEMA, STATEMENTS

LOCK_RULES = frozenset(
    """adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-serial-primary-key-field
    changing-column-type constraint-missing-not-valid disallowed-unique-constraint require-concurrent-index-creation
    require-concurrent-index-deletion require-concurrent-partition-detach require-concurrent-reindex
    require-concurrent-refresh-materialized-view prefer-repack adding-primary-key-constraint
    adding-exclusion-constraint""".split()
)
"""squawk's rules that claim a long lock; its rules of style, naming, timeouts and compatibility are left out."""


@dataclass
class Tally:
    """What one judge said, against the server."""

    caught: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    silent: int = 0

    def count(self, sql: str, *, heavy: bool, flagged: bool) -> None:
        """Count one statement."""
        if heavy and flagged:
            self.caught += 1
        elif heavy:
            self.missed.append(sql)
        elif flagged:
            self.false.append(sql)
        else:
            self.silent += 1


def is_heavy(seen: Observed) -> bool:
    """Whether work was seen on a table that the same statement closes to writes."""
    return any(seen.locks.get(key) and seen.locks[key].blocks_writes for key in seen.work)


def by_squawk(program: str, sql: str, folder: Path) -> bool:
    """Whether one of squawk's lock rules flags a statement."""
    path = folder / "one.sql"
    path.write_text(sql + ";\n", encoding="utf-8")
    done = subprocess.run(
        [program, "--reporter", "json", "--pg-version", "18", str(path)], capture_output=True, check=False, text=True
    )
    return any(each["rule_name"] in LOCK_RULES for each in json.loads(done.stdout or "[]"))


def main(program: str) -> None:
    """Trace, ask both, and print."""
    model = read_postgres([("schema.sql", SCHEMA)])
    planroom, squawk = Tally(), Tally()
    statements = [line for line in STATEMENTS.splitlines() if line and not line.startswith("--")]
    with OwnedPostgres() as engine, tempfile.TemporaryDirectory() as folder:
        engine.run(SCHEMA)
        for sql in statements:
            heavy = is_heavy(trace(engine, sql))
            found = lint_migrations([("one.sql", sql)], model=model).findings
            flagged = any(each.effect in {Effect.BLOCKS_READS, Effect.BLOCKS_WRITES} for each in found)
            planroom.count(sql, heavy=heavy, flagged=flagged)
            squawk.count(sql, heavy=heavy, flagged=by_squawk(program, sql, Path(folder)))
    for name, tally in (("planroom", planroom), ("squawk", squawk)):
        sys.stdout.write(
            f"{name}: {tally.caught} heavy caught, {len(tally.missed)} missed; "
            f"{len(tally.false)} free flagged, {tally.silent} free left alone\n"
        )
        for label, listed in (("missed", tally.missed), ("flagged though free", tally.false)):
            sys.stdout.writelines(f"  {label}: {sql}\n" for sql in listed)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".venv-bench/bin/squawk")
