"""The statement needs a newer PostgreSQL than it is to run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.findings import Finding
    from planroom.sqltext import Tree

__all__ = ["NewerThanServer"]


class NewerThanServer(MigrationRule):
    """The statement needs a newer PostgreSQL than it is to run on.

    An older server refuses it: mostly as a syntax error, sometimes as an option that it does not know. ``--pg-version``
    says what it is to run on.
    """

    code = "MIG036"
    severity = Severity.ERROR
    effect = Effect.FAILS
    statements = frozenset(
        {"AlterTableStmt", "CreateStmt", "IndexStmt", "ReindexStmt", "ViewStmt", "MergeStmt", "CreateStatsStmt"}
    )
    fix = "Write it as the older version has it, or raise the version first."
    source = "https://www.postgresql.org/docs/release/"
    unproven = "the install brings PostgreSQL 18 alone; the versions are those of the release notes"
    version = 12
    before = (
        "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE p (id int) PARTITION BY RANGE (id);"
        "CREATE TABLE q PARTITION OF p FOR VALUES FROM (1) TO (9)"
    )
    bad = (
        "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID",
        "CREATE TABLE v (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL)",
        "CREATE TABLE v (a int UNIQUE NULLS NOT DISTINCT)",
        "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
        "CREATE VIEW v WITH (security_invoker = true) AS SELECT 1 AS x",
    )
    good = (
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
        "CREATE TABLE v (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
        "CREATE TABLE v (a int UNIQUE)",
        "ALTER TABLE p DETACH PARTITION q",
        "CREATE VIEW v WITH (security_barrier = true) AS SELECT 1 AS x",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for the newest thing in a statement, where the server is older."""
        if step.target.version >= _NEWEST_NEEDED:
            return
        version, what = max(_needs(step.statement.kind, step.statement.tree), default=(0, ""))
        if version > step.target.version:
            yield self.finding(
                f"{what} needs PostgreSQL {version}; this is to run on {step.target.version}",
                location=place(step),
                needs=version,
            )


_NEWEST_NEEDED = 18


def _needs(kind: str, tree: Tree) -> Iterator[tuple[int, str]]:
    """Yield the version that each thing in a statement came with, and what it is."""
    if kind == "MergeStmt":
        yield 15, "MERGE"
    if kind == "IndexStmt" and tree.get("nulls_not_distinct"):
        yield 15, "NULLS NOT DISTINCT"
    if kind == "ViewStmt":
        names = {each["DefElem"]["defname"] for each in tree.get("options", ())}
        yield from ((15, "security_invoker") for name in names if name == "security_invoker")
    for element in tree.get("tableElts", ()):
        yield from _of_element(element)
    for command in tree.get("cmds", ()):
        yield from _of_command(command["AlterTableCmd"])


_COMMANDS = {
    "AT_SetCompression": (14, "SET COMPRESSION"),
    "AT_SetAccessMethod": (15, "SET ACCESS METHOD"),
    "AT_SetExpression": (17, "SET EXPRESSION"),
}


def _of_command(command: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    definition = command.get("def", {})
    if command["subtype"] in _COMMANDS:
        yield _COMMANDS[command["subtype"]]
    if command["subtype"] == "AT_DetachPartition" and definition["PartitionCmd"].get("concurrent"):
        yield 14, "DETACH PARTITION CONCURRENTLY"
    if definition.get("ATAlterConstraint", {}).get("alterEnforceability"):
        yield 18, "[NOT] ENFORCED"
    yield from _of_element(definition)


def _of_element(element: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    column = element.get("ColumnDef", {})
    if column.get("compression"):
        yield 14, "COMPRESSION"
    if column.get("storage_name"):
        yield 16, "STORAGE in CREATE TABLE"
    for each in (element, *column.get("constraints", ())):
        yield from _of_constraint(each.get("Constraint", {}), of_table=each is element)


def _of_constraint(constraint: Mapping[str, Any], *, of_table: bool) -> Iterator[tuple[int, str]]:
    kind = constraint.get("contype")
    if kind == "CONSTR_NOTNULL" and of_table:
        yield 18, "NOT NULL as a constraint of the table"
    if kind == "CONSTR_GENERATED" and constraint.get("generated_kind") == "v":
        yield 18, "a virtual generated column"
    if kind == "CONSTR_ATTR_NOT_ENFORCED" or (kind == "CONSTR_CHECK" and _not_enforced(constraint)):
        yield 18, "NOT ENFORCED"
    if constraint.get("without_overlaps") or constraint.get("fk_with_period"):
        yield 18, "a temporal key"
    if constraint.get("nulls_not_distinct"):
        yield 15, "NULLS NOT DISTINCT"


def _not_enforced(constraint: Mapping[str, Any]) -> bool:
    return not constraint.get("is_enforced", True)
