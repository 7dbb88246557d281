"""SCH020."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Table

__all__ = ["ForeignKeyIntoAnotherContext"]


class ForeignKeyIntoAnotherContext(SchemaRule):
    """A foreign key reaches inside an aggregate of another bounded context.

    A context shows others the roots of its aggregates; what is inside it may split, renumber or archive on its own. A
    foreign key from outside takes that away. One that refers to a root is left alone; where the aggregates of a context
    are not declared, it is a note.
    """

    code = "SCH020"
    severity = Severity.WARNING
    fix = "Refer to the root of the aggregate, or keep the value without a foreign key and check it by an event."
    source = "https://martinfowler.com/bliki/DDD_Aggregate.html"
    unproven = "contexts are a matter of design, which no server judges"
    notes: ClassVar[dict[str, dict[str, object]]] = {
        "orders": {"context": "ordering", "aggregate": "orders"},
        "lines": {"context": "ordering", "aggregate": "orders"},
        "refunds": {"context": "payments"},
        "plans": {"context": "planning"},
    }
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE lines (id int PRIMARY KEY); CREATE TABLE refunds (id int PRIMARY KEY REFERENCES lines);",
        "CREATE TABLE plans (id int PRIMARY KEY); CREATE TABLE refunds (id int PRIMARY KEY REFERENCES plans);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE refunds (id int PRIMARY KEY REFERENCES orders);",
        "CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE lines (id int PRIMARY KEY REFERENCES orders);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the foreign keys from one context to what is not a root in another."""
        for table in design.tables:
            for key in table.foreign_keys:
                parent = design.model.tables_by_id.get(key.referenced_table)
                mine = table.annotations.context
                if parent and mine and parent.annotations.context not in {"", mine} and not _is_root(parent):
                    inside = parent.annotations.aggregate
                    what = f", inside the aggregate {inside}" if inside else ""
                    yield self.found(
                        f"{key.name} of {table.id} leads from {mine} to {parent.id}{what} of "
                        f"{parent.annotations.context}",
                        qualified(table.schema, table.name, key.columns[0]),
                        key.origin,
                        severity=None if inside else Severity.NOTE,
                        referenced=parent.id,
                    )


def _is_root(table: Table) -> bool:
    return table.annotations.aggregate in {table.name, table.id}
