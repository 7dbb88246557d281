"""What the rules about queries say that the server refuses, beside what it does: PostgreSQL's own regression suite.

``PLANROOM_REGRESS=FOLDER python -m tests.benchmarks.regression_queries``, where the folder holds the suite's scripts
(``src/test/regress/sql``). Each script is replayed on a fresh database; a query is judged with the tables that planroom
has followed up to there.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.engines.postgres.engine import OwnedPostgres
from planroom.findings import Effect
from planroom.linting.queries import QUERY_RULES, lint_queries
from planroom.resolving.query_tables import names_made_in
from planroom.sqltext import mentioned_relations
from tests.benchmarks.regression_suite import FOLDER_VARIABLE, SETUP
from tests.benchmarks.replaying import Replay

if TYPE_CHECKING:
    from planroom.findings import Finding
    from planroom.sqltext import Statement

__all__ = ["Outcomes", "replayed"]

_ASK = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})
_RULES = [rule for rule in QUERY_RULES if rule.effect is Effect.FAILS]


@dataclass
class Outcomes:
    """What came of the queries.

    Attributes:
        counts: How many ``ran`` and were ``refused``, and how many of each were ``told`` to be refused.
        wrong: What was said of those that ran, a line each.
    """

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass
class _Judging(Replay):
    """A replay that judges each query before the server sees it."""

    outcomes: Outcomes = field(default_factory=Outcomes)
    unheld: frozenset[str] = frozenset()
    _done: bool | None = None

    @staticmethod
    def _may_act(statement: Statement) -> bool:
        return True

    def _ran(self, sql: str) -> bool:
        self._done = super()._ran(sql)
        return self._done

    def _follow(self, statement: Statement, following: Statement | None) -> None:
        asks = statement.kind in _ASK and "intoClause" not in statement.tree
        found = self._judged(statement) if asks else []
        self._done = None
        super()._follow(statement, following)
        if asks and self._done is not None:
            outcome = "ran" if self._done else "refused"
            self.outcomes.counts[outcome] += 1
            self.outcomes.counts[f"{outcome}, told"] += bool(found)
            if self._done:
                self.outcomes.wrong += [f"{statement.location}: {each.code} {each.message}" for each in found]

    def _judged(self, statement: Statement) -> list[Finding]:
        names = {*mentioned_relations(statement.text), *_written(statement.tree)}
        unheld = self.unheld | {name.lower() for _, name in self.catalog.obscure}
        script, model = [(str(statement.location), statement.text)], self.catalog.part(names)
        return list(lint_queries(script, model=model, rules=_RULES, bodies=False, made=unheld).findings)


def _written(node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        if "relname" in node:
            yield node.get("schemaname", ""), node["relname"]
        for each in node.values():
            yield from _written(each)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _written(each)


def replayed(folder: Path) -> Outcomes:
    """Return what came of the queries of all scripts of a folder, each on a fresh database."""
    outcomes, setup = Outcomes(), (folder / SETUP).read_text(encoding="utf-8")
    for path in sorted(folder.glob("*.sql")):
        if path.name != SETUP:
            text = path.read_text(encoding="utf-8", errors="replace")
            with OwnedPostgres() as engine:
                replay = _Judging(engine, unheld=frozenset(names_made_in(text, temporary=True)))
                try:
                    for script, source in ((setup, SETUP), (text, path.name)):
                        replay.outcomes = outcomes if script is text else Outcomes()
                        for _ in replay.play(script, source):
                            pass
                finally:
                    replay.close()
    return outcomes


if __name__ == "__main__":
    if FOLDER_VARIABLE not in os.environ:
        sys.exit(f"Say where the suite is: {FOLDER_VARIABLE}=FOLDER.")
    found = replayed(Path(os.environ[FOLDER_VARIABLE]))
    lines = [", ".join(f"{what}: {number:,}" for what, number in sorted(found.counts.items())), *found.wrong]
    sys.stdout.write("\n".join(lines) + "\n")
