"""Who flags which heavy statement: planroom and squawk beside the server.

Heavy is what the server was seen to do: a rewrite, an index build or a scan of a table with rows under a lock that
blocks writes or reads. squawk's rules about locks count, and not those of style or compatibility; it is not told the
tables, for it cannot be.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from planroom.ddl import read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.experiments.tracing import Observed, trace
from planroom.findings import Effect
from planroom.linting import lint_migrations
from tests.benchmarks import regression_suite
from tests.benchmarks.squawk import Squawk
from tests.experiments import random_statements
from tests.experiments.effects_corpus import SCHEMA, STATEMENTS

__all__ = ["section"]

_DRAWN = 3_000


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


@dataclass(frozen=True)
class Corpus:
    """Statements on tables with rows.

    Attributes:
        title: What they are.
        schema: The tables.
        rows: What fills them, where the schema does not.
        statements: Each is tried by itself.
    """

    title: str
    schema: str
    rows: str
    statements: tuple[str, ...]


def corpora() -> tuple[Corpus, ...]:
    """Return the statements that were written for the tests, and statements at random."""
    written = tuple(line for line in STATEMENTS.splitlines() if line and not line.startswith("--"))
    random = Random(2026)
    drawn = tuple(dict.fromkeys(random_statements.statement(random) for _ in range(_DRAWN)))
    return (
        Corpus("statements written for the tests", SCHEMA, "", written),
        Corpus("statements at random", random_statements.SCHEMA, random_statements.ROWS, drawn),
    )


def judged(corpus: Corpus, program: str) -> dict[str, Tally]:
    """Run each statement that the server takes, and ask both judges what they say of it."""
    model = read_postgres([("schema.sql", corpus.schema)])
    tallies = {"planroom": Tally(), "squawk": Tally()}
    with OwnedPostgres() as engine, tempfile.TemporaryDirectory() as folder:
        squawk = Squawk(program, Path(folder))
        engine.run(f"{corpus.schema}\n{corpus.rows}")
        for sql in corpus.statements:
            observed = trace(engine, sql)
            if observed.failed:
                continue
            heavy = is_heavy(observed)
            found = lint_migrations([("one.sql", sql)], model=model).findings
            flagged = any(each.effect in {Effect.BLOCKS_READS, Effect.BLOCKS_WRITES} for each in found)
            tallies["planroom"].count(sql, heavy=heavy, flagged=flagged)
            tallies["squawk"].count(sql, heavy=heavy, flagged=squawk.flags(sql))
    return tallies


def section(program: str) -> str:
    """Return the confusion tables as Markdown, with what planroom gets wrong by name, and some of what squawk does."""
    blocks = ["## Who flags what is heavy", __doc__.partition("\n\n")[2].strip()]
    for corpus in corpora():
        tallies = judged(corpus, program)
        rows = [
            f"| {name} | {each.caught} | {len(each.missed)} | {len(each.false)} | {each.silent} |"
            for name, each in tallies.items()
        ]
        head = "| | heavy: found | missed | free: flagged | let be |\n| :--- | ---: | ---: | ---: | ---: |"
        blocks.append("\n".join([f"### {corpus.title.capitalize()}", "", head, *rows]))
        wrong = [*(f"missed: `{sql}`" for sql in tallies["planroom"].missed),
                 *(f"flagged: `{sql}`" for sql in tallies["planroom"].false)]  # fmt: skip
        blocks.append("\n".join(f"- planroom {each}" for each in wrong) or "planroom differs in none.")
    return "\n\n".join([*blocks, regression_suite.section(program)])


if __name__ == "__main__":
    sys.stdout.write(section(sys.argv[1] if len(sys.argv) > 1 else ".venv-bench/bin/squawk") + "\n")
