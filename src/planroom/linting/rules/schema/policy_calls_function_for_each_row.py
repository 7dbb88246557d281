"""SCH054."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit, Effect, Severity
from planroom.linting.gathering import listed
from planroom.linting.mentions import calls_for_each_row
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Policy

__all__ = ["PolicyCallsFunctionForEachRow"]

_CHEAP = frozenset("now current_date nullif coalesce lower upper pg_has_role row".split())


class PolicyCallsFunctionForEachRow(SchemaRule):
    """A policy calls a function of the session for each row that a query looks at.

    Its result is the same for all of them. Within a scalar sub-select, (SELECT f()), it is asked once a query. Where an
    index finds the rows by it, it is asked once as it is.
    """

    code = "SCH054"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "Write (SELECT f()) for f() in the policy."
    source = "https://www.postgresql.org/docs/current/ddl-rowsecurity.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE FUNCTION me() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 1; END';"
            "CREATE TABLE t (id int PRIMARY KEY, who int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (who = me());"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE FUNCTION me() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 1; END';"
            "CREATE TABLE t (id int PRIMARY KEY, who int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (who = (SELECT me()));"
        ),
        (
            "CREATE FUNCTION mine(int) RETURNS bool LANGUAGE plpgsql STABLE AS 'BEGIN RETURN true; END';"
            "CREATE TABLE t (id int PRIMARY KEY, who int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (mine(who));"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield, a table each, the policies with such calls."""
        for table in design.tables:
            calls = {policy.name: _calls(policy) for policy in table.policies if table.row_security}
            found = {name: names for name, names in calls.items() if names}
            if found:
                functions = sorted({each for names in found.values() for each in names})
                calls_it = "call" if len(found) > 1 else "calls"
                told = self.found(
                    f"{listed(found)} of {table.id} {calls_it} {listed(functions)} for each row",
                    table.id,
                    next(policy.origin for policy in table.policies if policy.name in found),
                    policies=tuple(found),
                    functions=tuple(functions),
                )
                asked = [(policy, name) for policy in table.policies for name in sorted(calls.get(policy.name, ()))]
                yield told.with_edits([_edit(*each) for each in asked])


def _edit(policy: Policy, name: str) -> Edit:
    """Return the edit of a call without arguments that stands once in its policy."""
    return Edit(policy.origin, f"(SELECT {name}())", ("word", rf"(?<![\w.$])(?P<it>{re.escape(name)}\s*\(\s*\))"))


def _calls(policy: Policy) -> set[str]:
    return {each for each in calls_for_each_row(policy.using) if each.rpartition(".")[2] not in _CHEAP}
