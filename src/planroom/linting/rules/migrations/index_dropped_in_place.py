"""Dropping an index closes its table for a moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._edits import concurrently
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Edit, Finding

__all__ = ["IndexDroppedInPlace"]

_DROPS = re.compile(r"DROP\s+INDEX\s+", re.IGNORECASE)


class IndexDroppedInPlace(MigrationRule):
    """Dropping an index closes its table for a moment.

    DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every query on it, and later ones wait behind it.
    CONCURRENTLY waits without keeping anybody out.
    """

    code = "MIG035"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    statements = frozenset({"DropStmt"})
    fix = "DROP INDEX CONCURRENTLY, outside a transaction."
    source = "https://www.postgresql.org/docs/current/sql-dropindex.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a)"
    bad = ("DROP INDEX t_a",)
    good = ("DROP INDEX CONCURRENTLY t_a", "CREATE TABLE n (id int); CREATE INDEX n_id ON n (id); DROP INDEX n_id")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for a DROP INDEX that is not concurrent."""
        fields = step.statement.tree
        if fields["removeType"] != "OBJECT_INDEX" or fields.get("concurrent"):
            return
        for key, lock in list(step.effects.locks.items())[:1]:
            found = self.finding(
                f"{key[1]} is closed for a moment",
                subject=qualified(*key),
                location=place(step),
                lock=str(lock),
                relations=[qualified(*each) for each in step.effects.locks],
            )
            yield found.with_edits(_edits(step))


def _edits(step: Step) -> tuple[Edit, ...]:
    """Return CONCURRENTLY, which takes one index that no constraint needs."""
    fields = step.statement.tree
    one = len(fields["objects"]) == 1 and fields.get("behavior") != "DROP_CASCADE"
    return concurrently(step, _DROPS) if one else ()
