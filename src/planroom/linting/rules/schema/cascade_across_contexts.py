"""SCH021."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit, Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["CascadeAcrossContexts"]


class CascadeAcrossContexts(SchemaRule):
    """Deleting a row in one bounded context silently deletes rows of another.

    ON DELETE CASCADE runs with the rights of the referencing table's owner and asks nobody: the context whose rows go
    does not learn of it.
    """

    code = "SCH021"
    severity = Severity.NOTE
    effect = Effect.LOSES_DATA
    fix = "Say ON DELETE RESTRICT, and let each context delete what is its own."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    notes: ClassVar[dict[str, dict[str, object]]] = {"o": {"context": "ordering"}, "r": {"context": "payments"}}
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE r (id int PRIMARY KEY REFERENCES o ON DELETE CASCADE);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE r (id int PRIMARY KEY REFERENCES o ON DELETE RESTRICT);",
        "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE x (id int PRIMARY KEY REFERENCES o ON DELETE CASCADE);",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the foreign keys that cascade from one context into another."""
        for table in design.tables:
            for key in table.foreign_keys:
                parent = design.model.tables_by_id.get(key.referenced_table)
                contexts = (table.annotations.context, parent.annotations.context if parent else "")
                if key.on_delete == "cascade" and all(contexts) and contexts[0] != contexts[1]:
                    found = self.found(
                        f"deleting a row of {key.referenced_table} ({contexts[1]}) deletes rows of {table.id} "
                        f"({contexts[0]})",
                        qualified(table.schema, table.name, key.columns[0]),
                        key.origin,
                        referenced=key.referenced_table,
                    )
                    edit = Edit(key.origin, "RESTRICT", ("word", r"\bon\s+delete\s+(?P<it>cascade)\b"))
                    yield found.with_edits((edit,) if key.origin.line else ())
