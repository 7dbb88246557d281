"""A new column that must not be NULL has nothing to hold in the rows that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.effects.adding_columns import default_of, domain_of, is_serial
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified
from planroom.sqltext import Tree, data_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["RequiredColumnAdded"]


class RequiredColumnAdded(MigrationRule):
    """A new column that must not be NULL has nothing to hold in the rows that are there.

    The server refuses it (23502) as soon as the table has a row; and once it is there, the INSERTs of the version
    of the application that still runs fail.
    """

    code = "MIG022"
    severity = Severity.ERROR
    effect = Effect.FAILS
    statements = frozenset({"AlterTableStmt"})
    fix = "Give it a DEFAULT, or add it nullable, fill it, and make it NOT NULL later."
    source = "https://www.postgresql.org/docs/current/sql-altertable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY, a int)"
    bad = ("ALTER TABLE t ADD COLUMN c int NOT NULL",)
    good = (
        "TRUNCATE t; ALTER TABLE t ADD COLUMN c int NOT NULL",
        "DELETE FROM t; ALTER TABLE t ADD COLUMN c int NOT NULL",
        "ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 0",
        "ALTER TABLE t ADD COLUMN c int",
        "CREATE TABLE n (id int); ALTER TABLE n ADD COLUMN c int NOT NULL",
        "ALTER TABLE t ADD COLUMN c int NOT NULL GENERATED ALWAYS AS (id * 2) STORED",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for each such column."""
        fields = step.statement.tree
        required = list(_required(step)) if fields.get("objtype") == "OBJECT_TABLE" else []
        if not required:
            return
        key = next((key for key in step.effects.locks if key[1] == fields["relation"]["relname"]), None)
        if key is None or step.is_empty(key):
            return
        for number, column in required:
            yield self.finding(
                f"{column} must not be NULL and has no default: every row of {key[1]} breaks that",
                subject=qualified(*key, column),
                location=place(step, number),
                sqlstate="23502",
                relations=[qualified(*key)],
            )


def _required(step: Step) -> Iterator[tuple[int, str]]:
    """Yield the number and the column of each action that adds one which must not be NULL."""
    for number, node in enumerate(step.statement.tree.get("cmds", ())):
        command = node["AlterTableCmd"]
        if command["subtype"] == "AT_AddColumn" and _is_required(step, command["def"]["ColumnDef"]):
            yield number, command["def"]["ColumnDef"]["colname"]


def _is_required(step: Step, column: Tree) -> bool:
    constraints = [node["Constraint"] for node in column.get("constraints", ())]
    kinds = {each["contype"] for each in constraints}
    if not kinds & {"CONSTR_NOTNULL", "CONSTR_PRIMARY"} or kinds & {"CONSTR_IDENTITY", "CONSTR_GENERATED"}:
        return False
    if is_serial(column) or default_of(constraints) is not None:
        return False
    domain = domain_of(step.catalog, data_type(column["typeName"], step.catalog))
    return domain is None or domain.default is None
