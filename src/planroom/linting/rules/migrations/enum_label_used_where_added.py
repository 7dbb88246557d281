"""A label of an enum is used in the transaction that adds it: the server refuses that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.ddl.trees import walk
from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._edits import apart
from planroom.linting.rules.migrations._work import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["EnumLabelUsedWhereAdded"]


class EnumLabelUsedWhereAdded(MigrationRule):
    """A label of an enum is used in the transaction that adds it: the server refuses that.

    A new label can be used only when the transaction that added it has been committed (55P04), unless the type itself
    is as new.
    """

    code = "MIG028"
    severity = Severity.ERROR
    effect = Effect.FAILS
    statements = frozenset(
        {"InsertStmt", "UpdateStmt", "DeleteStmt", "SelectStmt", "AlterTableStmt", "CreateStmt", "IndexStmt",
         "ViewStmt", "CreateTableAsStmt"}
    )  # fmt: skip
    fix = "Add the label in a migration of its own, which is committed before."
    source = "https://www.postgresql.org/docs/current/sql-altertype.html"
    before = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id int PRIMARY KEY, feeling mood)"
    bad = (
        "BEGIN; ALTER TYPE mood ADD VALUE 'happy'; UPDATE t SET feeling = 'happy' WHERE id = 1; COMMIT",
        "BEGIN; ALTER TYPE mood ADD VALUE 'happy'; ALTER TABLE t ALTER COLUMN feeling SET DEFAULT 'happy'; COMMIT",
    )
    good = (
        "ALTER TYPE mood ADD VALUE 'happy'; UPDATE t SET feeling = 'happy' WHERE id = 1",
        "BEGIN; ALTER TYPE mood ADD VALUE 'happy'; UPDATE t SET feeling = 'ok' WHERE id = 1; COMMIT",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for the first use."""
        labels = step.session.labels
        if not labels:
            return
        for kind, fields in walk({step.statement.kind: step.statement.tree}):
            label = fields.get("sval", {}).get("sval") if kind == "A_Const" else None
            if label in labels:
                message = f"{label!r} was added to {labels[label]} in this transaction: no use before COMMIT"
                found = self.finding(message, subject=labels[label], location=place(step), sqlstate="55P04")
                yield found.with_edits(apart(step))
                return
