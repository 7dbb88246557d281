"""SCH023."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.gathering import listed
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["PolicyWithoutRowSecurity"]


class PolicyWithoutRowSecurity(SchemaRule):
    """A table has policies, and row-level security is not enabled: they do nothing.

    Whoever may read the table reads all of it, and the policies look as if it were otherwise.
    """

    code = "SCH023"
    severity = Severity.ERROR
    effect = Effect.INSECURE
    fix = "ALTER TABLE ... ENABLE ROW LEVEL SECURITY; or drop the policies."
    source = "https://www.postgresql.org/docs/current/ddl-rowsecurity.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, who text); CREATE POLICY p ON t USING (who = current_user);",
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY, who text); CREATE POLICY p ON t USING (who = current_user);"
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables whose policies are not in force."""
        for table in design.model.tables:
            if table.policies and not table.row_security:
                names = [policy.name for policy in table.policies]
                yield self.found(
                    f"row-level security of {table.id} is not enabled, so {listed(names)} "
                    f"{'do' if len(names) > 1 else 'does'} nothing",
                    table.id,
                    table.policies[0].origin if table.policies[0].origin.line else table.origin,
                    policies=tuple(names),
                )
