"""SCH048."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.gathering import listed
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["IsolatedTable"]

_LEAST, _SHARE = 5, 0.7
_RELATED = (
    "CREATE TABLE a (id int PRIMARY KEY);"
    + "".join(f"CREATE TABLE b{n} (id int PRIMARY KEY REFERENCES a);" for n in range(_LEAST))
)  # fmt: skip


class IsolatedTable(SchemaRule):
    """Tables have no relation to any other, in a design where most have.

    They are left over, or their foreign keys are missing. One finding lists them; `planroom relations` looks for the
    relations that no foreign key declares.
    """

    code = "SCH048"
    severity = Severity.NOTE
    fix = "Declare the foreign keys that are missing, or drop the tables that nobody uses."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    unproven = "a habit is counted, not run"
    bad: ClassVar[tuple[str, ...]] = (_RELATED + "CREATE TABLE c (id int PRIMARY KEY);",)
    good: ClassVar[tuple[str, ...]] = (
        _RELATED,
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield one finding with the tables that nothing leads to or from."""
        roots = design.model.roots
        ends = (each for relation in design.model.relations for each in (relation.child, relation.parent))
        unread = {each if each in design.model.tables_by_id else each.rpartition(".")[0] for each in design.unread}
        related = {roots.get(each, each) for each in (*ends, *unread)}
        alone = [table for table in design.tables if table.id not in related and not table.inherits]
        others = len(design.tables) - len(alone)
        if alone and others >= _LEAST and others >= _SHARE * len(design.tables):
            yield self.found(
                f"{len(alone)} of {len(design.tables)} tables have no relation: {listed(table.id for table in alone)}",
                alone[0].id,
                alone[0].origin,
                tables=tuple(table.id for table in alone),
            )
