"""SCH025."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Policy, Table
    from planroom.sqltext import Expression

__all__ = ["PolicyAlwaysTrue"]

_EVERYBODY = frozenset(
    {"public", "anon", "authenticated"}
)  # the latter two stand for visitors where an API is in front
_WRITES = frozenset({"all", "insert", "update", "delete"})


class PolicyAlwaysTrue(SchemaRule):
    """A policy lets everybody write every row.

    Permissive policies are joined by OR: one that is always true opens the table, whatever the others say. To read all
    rows may be meant; to write them seldom is.
    """

    code = "SCH025"
    severity = Severity.WARNING
    effect = Effect.INSECURE
    fix = "Name the roles that may (TO ...), or write the condition that says which rows."
    source = "https://www.postgresql.org/docs/current/sql-createpolicy.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (true);"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t FOR INSERT WITH CHECK (true);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t FOR SELECT USING (true);"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t TO pg_monitor USING (true);"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (true); CREATE POLICY r ON t AS RESTRICTIVE USING (id > 0);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the permissive policies for writing that hold for every row and everybody."""
        for table in design.tables:
            for policy in table.policies if table.row_security else ():
                if _opens(policy) and not _narrowed(table, policy):
                    what = "write" if policy.command == "all" else policy.command
                    yield self.found(
                        f"the policy {policy.name} lets everybody {what} every row of {table.id}",
                        table.id,
                        policy.origin if policy.origin.line else table.origin,
                        policy=policy.name,
                    )


def _opens(policy: Policy) -> bool:
    if not policy.permissive or policy.command not in _WRITES or not set(policy.roles) & _EVERYBODY:
        return False
    return _is_true(policy.check if policy.command == "insert" else policy.using)


def _is_true(condition: Expression | None) -> bool:
    return condition is not None and condition.canonical.lower() == "true"


def _narrowed(table: Table, policy: Policy) -> bool:
    """Whether a restrictive policy holds for the same writes."""
    restrictive = (each for each in table.policies if not each.permissive and "public" in each.roles)
    return any(each.command in {"all", policy.command} for each in restrictive)
