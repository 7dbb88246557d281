"""SCH024."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["RowSecurityWithoutPolicy"]


class RowSecurityWithoutPolicy(SchemaRule):
    """Row-level security is enabled and no policy lets anybody in: all but the owner see an empty table.

    There is no error: queries return no rows, updates change none. Where the owner alone is to use the table, a REVOKE
    says so aloud.
    """

    code = "SCH024"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Create a policy, or disable row-level security and revoke the privileges."
    source = "https://www.postgresql.org/docs/current/ddl-rowsecurity.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;",
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t AS RESTRICTIVE USING (id > 0);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (id > 0);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables that nobody but their owner sees a row of."""
        for table in design.tables:
            if table.row_security and not any(policy.permissive for policy in table.policies):
                what = "only restrictive policies" if table.policies else "no policy"
                yield self.found(
                    f"{table.id} has row-level security and {what}: to all but its owner it is empty",
                    table.id,
                    table.origin,
                )
