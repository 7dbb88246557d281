"""TRUNCATE loses every row of a table, and with CASCADE those of the tables that refer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import names, place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["Truncated"]


class Truncated(MigrationRule):
    """TRUNCATE loses every row of a table, and with CASCADE those of the tables that refer to it.

    It takes ACCESS EXCLUSIVE on all of them for a moment, and asks no trigger on rows.
    """

    code = "MIG026"
    severity = Severity.WARNING
    effect = Effect.LOSES_DATA
    statements = frozenset({"TruncateStmt"})
    fix = "Name every table that is meant, leave CASCADE out, and keep a backup."
    source = "https://www.postgresql.org/docs/current/sql-truncate.html"
    before = "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int REFERENCES t)"
    bad = ("TRUNCATE u", "TRUNCATE t CASCADE")
    good = ("CREATE TABLE n (id int); TRUNCATE n",)

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield one finding for the tables that were there before."""
        keys = list(step.effects.locks)
        if keys:
            yield self.finding(
                f"every row of {names(keys, most=5)} is lost",
                subject=qualified(*keys[0]),
                location=place(step),
                lock=str(step.effects.strongest),
                relations=[qualified(*key) for key in keys],
            )
