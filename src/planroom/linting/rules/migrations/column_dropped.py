"""A dropped column takes its data with it, and breaks the queries that still name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ColumnDropped"]


class ColumnDropped(MigrationRule):
    """A dropped column takes its data with it, and breaks the queries that still name it.

    The version of the application that runs during the deployment still reads and writes it; many object-relational
    mappers name every column in every query.
    """

    code = "MIG023"
    severity = Severity.WARNING
    effect = Effect.LOSES_DATA
    statements = frozenset({"AlterTableStmt"})
    fix = "Deploy a version that does not use it first; drop it in a later migration, with a backup at hand."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int)"
    bad = ("ALTER TABLE t DROP COLUMN a",)
    good = (
        "ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
        "CREATE TABLE n (id int, a int); ALTER TABLE n DROP COLUMN a",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for each dropped column of a table that was there before."""
        if not step.effects.locks or step.statement.tree.get("objtype") != "OBJECT_TABLE":
            return
        key = next(iter(step.effects.locks))
        for number, node in enumerate(step.statement.tree.get("cmds", ())):
            command = node["AlterTableCmd"]
            if command["subtype"] != "AT_DropColumn" or _is_absent(step, key, command):
                continue
            message = f"the data of {key[1]}.{command['name']} are lost, and queries that name it fail"
            yield self.finding(
                message,
                subject=qualified(*key, command["name"]),
                location=place(step, number),
                lock=str(step.effects.locks[key]),
                relations=[qualified(*each) for each in step.effects.locks],
            )


def _is_absent(step: Step, key: tuple[str, str], command: dict[str, object]) -> bool:
    table = step.catalog.tables.get(key)
    return bool(table and command.get("missing_ok") and command["name"] not in table.columns_by_name)
