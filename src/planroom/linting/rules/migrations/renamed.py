"""A renamed or moved table, view or column breaks the queries that use the old name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["Renamed"]

_KINDS = {
    "OBJECT_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialised view",
    "OBJECT_FOREIGN_TABLE": "foreign table",
    "OBJECT_COLUMN": "column",
}


class Renamed(MigrationRule):
    """A renamed or moved table, view or column breaks the queries that use the old name.

    The rename itself takes a moment; the version of the application that still runs knows the old name alone.
    """

    code = "MIG025"
    severity = Severity.WARNING
    effect = Effect.BREAKS_QUERIES
    statements = frozenset({"RenameStmt", "AlterObjectSchemaStmt"})
    fix = "Keep the old name alive: a view under it for a table; for a column, a new one kept in step by a trigger."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE SCHEMA app; CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a)"
    bad = ("ALTER TABLE t RENAME TO u", "ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE t SET SCHEMA app")
    good = ("ALTER INDEX t_a RENAME TO t_b", "CREATE TABLE n (id int); ALTER TABLE n RENAME TO m")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for what queries name."""
        fields = step.statement.tree
        kind = _KINDS.get(fields.get("renameType") or fields.get("objectType", ""))
        if kind is None or not step.effects.locks:
            return
        key = next(iter(step.effects.locks))
        old = qualified(*key, fields["subname"]) if kind == "column" else qualified(*key)
        new = fields.get("newname") or f"{fields.get('newschema')}.{key[1]}"
        yield self.finding(
            f"queries that know the {kind} {old} fail: it is called {new} now",
            subject=old,
            location=place(step),
            lock=str(step.effects.locks[key]),
            relations=[qualified(*each) for each in step.effects.locks],
        )
