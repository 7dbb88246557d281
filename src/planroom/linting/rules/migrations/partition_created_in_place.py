"""Creating a partition in place closes the whole partitioned table for a moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.editing import instead
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Edit, Finding

__all__ = ["PartitionCreatedInPlace"]

_NAME = r"(?:\"(?:[^\"]|\"\")+\"|[^\s\".*,();]+)(?:\.(?:\"(?:[^\"]|\"\")+\"|[^\s\".*,();]+))?"
_OTHERS = frozenset({"partspec", "tableElts", "options", "tablespacename", "accessMethod"})
_MAKES = re.compile(rf"CREATE\s+TABLE\s+(?P<name>{_NAME})\s+PARTITION\s+OF\s+(?P<parent>{_NAME})\s+", re.IGNORECASE)


class PartitionCreatedInPlace(MigrationRule):
    """Creating a partition in place closes the whole partitioned table for a moment.

    CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE on the parent; a table made on its own and attached takes
    SHARE UPDATE EXCLUSIVE.
    """

    code = "MIG033"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    statements = frozenset({"CreateStmt"})
    fix = "CREATE TABLE ... (LIKE parent INCLUDING ALL), then ALTER TABLE parent ATTACH PARTITION."
    source = "https://www.postgresql.org/docs/current/ddl-partitioning.html"
    before = "CREATE TABLE e (at date) PARTITION BY RANGE (at)"
    bad = ("CREATE TABLE e26 PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",)
    good = (
        (
            "CREATE TABLE e26 (LIKE e); "
            "ALTER TABLE e ATTACH PARTITION e26 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
        ),
        "CREATE TABLE n (at date) PARTITION BY RANGE (at); CREATE TABLE n_rest PARTITION OF n DEFAULT",
    )

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for a partition of a table that was there before."""
        if "partbound" not in step.statement.tree:
            return
        for key, lock in list(step.effects.locks.items())[:1]:
            found = self.finding(
                f"{key[1]} and all its partitions are closed for a moment",
                subject=qualified(*key),
                location=place(step),
                lock=str(lock),
                relations=[qualified(*each) for each in step.effects.locks],
            )
            yield found.with_edits(_edits(step))


def _edits(step: Step) -> tuple[Edit, ...]:
    """Return the table made like the parent, and attached in a statement of its own."""
    found = _MAKES.match(step.statement.text)
    fields = step.statement.tree
    if found is None or step.session.open or not _OTHERS.isdisjoint(fields):
        return ()
    kept = ["DEFAULTS", "CONSTRAINTS", "GENERATED", "STORAGE", *(["COMPRESSION"] if step.target.version >= 14 else [])]
    like = " ".join(["LIKE", found["parent"], *(f"INCLUDING {each}" for each in kept)])
    make = f"({like});\nALTER TABLE {found['parent']} ATTACH PARTITION {found['name']} "
    return (instead(step.statement, found.end("name") + 1, found.end(), make),)
