"""IF NOT EXISTS skips an invalid index that a failed CONCURRENTLY left behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.editing import before, instead
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Edit, Finding

__all__ = ["ConcurrentIndexMayBeSkipped"]

_MAKES = re.compile(r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?P<words>IF\s+NOT\s+EXISTS\s+)", re.IGNORECASE)


class ConcurrentIndexMayBeSkipped(MigrationRule):
    """IF NOT EXISTS skips an invalid index that a failed CONCURRENTLY left behind.

    When CREATE INDEX CONCURRENTLY fails or is cancelled, its index stays, invalid: no query uses it, every write
    maintains it. Run again with IF NOT EXISTS, the migration succeeds and the index stays invalid.
    """

    code = "MIG021"
    severity = Severity.WARNING
    effect = Effect.SLOW
    statements = frozenset({"IndexStmt"})
    fix = "DROP INDEX CONCURRENTLY IF EXISTS first, then CREATE INDEX CONCURRENTLY without IF NOT EXISTS."
    source = "https://www.postgresql.org/docs/current/sql-createindex.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int)"
    bad = ("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a)",)
    good = ("CREATE INDEX CONCURRENTLY ix ON t (a)", "DROP INDEX CONCURRENTLY IF EXISTS ix")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for both words together."""
        fields = step.statement.tree
        if fields.get("concurrent") and fields.get("if_not_exists"):
            name = fields.get("idxname", "")
            message = f"an invalid {name} that a failed attempt left behind is taken for the index"
            found = self.finding(message, location=place(step), index=name)
            yield found.with_edits(_edits(step))


def _edits(step: Step) -> tuple[Edit, ...]:
    """Return DROP INDEX before it, and it without the words that let it be skipped."""
    found = _MAKES.match(step.statement.text)
    fields = step.statement.tree
    if found is None or step.session.open or not fields.get("idxname"):
        return ()
    name = qualified(fields["relation"].get("schemaname", ""), fields["idxname"])
    drop = before(step.statement, f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    return (drop, instead(step.statement, *found.span("words"), ""))
