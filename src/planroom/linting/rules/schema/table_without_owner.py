"""SCH043."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["TableWithoutOwner"]


class TableWithoutOwner(SchemaRule):
    """Nobody is declared to answer for a table, and somebody is for others.

    Who is to be asked before it changes, and who is called when it is wrong, is then found out by asking around.
    """

    code = "SCH043"
    severity = Severity.NOTE
    fix = "Say in the notes who answers for it: `sales.orders: {owner: team-checkout}`."
    source = "https://martinfowler.com/bliki/CodeOwnership.html"
    unproven = "no server knows who answers for a table"
    notes: ClassVar[dict[str, dict[str, object]]] = {"a": {"owner": "team-a"}}
    bad: ClassVar[tuple[str, ...]] = ("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);",)
    good: ClassVar[tuple[str, ...]] = ("CREATE TABLE a (id int PRIMARY KEY);", "CREATE TABLE b (id int PRIMARY KEY);")

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables without an owner, where any has one."""
        if any(table.annotations.owner for table in design.tables):
            for table in design.tables:
                if not table.annotations.owner:
                    yield self.found(f"nobody is declared to answer for {table.id}", table.id, table.origin)
