"""SCH028."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit, Effect, Severity
from planroom.linting.gathering import listed
from planroom.linting.mentions import tables_in
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["ViewBypassesRowSecurity"]


class ViewBypassesRowSecurity(SchemaRule):
    """A view reads a table that has row-level security with its owner's rights, not its reader's.

    The owner of the tables sees every row, and so does whoever may read the view. With security_invoker (PostgreSQL 15)
    the policies hold for the reader. A materialised view has no such option: what it holds, everybody sees.
    """

    code = "SCH028"
    severity = Severity.WARNING
    effect = Effect.INSECURE
    fix = "ALTER VIEW ... SET (security_invoker = true); grant a materialised view to nobody who may not see all rows."
    source = "https://www.postgresql.org/docs/current/sql-createview.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (id = 1); CREATE VIEW v AS SELECT id FROM t;"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (id = 1); CREATE MATERIALIZED VIEW v AS SELECT id FROM t;"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (id = 1); CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM t;"
        ),
        "CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM t;",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the views through which rows are seen that their reader may not see; materialised ones as notes."""
        protected = any(table.row_security for table in design.tables)
        for view in design.model.views if protected else ():
            invoker = dict(view.options).get("security_invoker", "false").lower() in {"true", "on", "yes", "1"}
            tables = [] if invoker else [each.id for each in tables_in(view, design.model) if each.row_security]
            if tables:
                found = self.found(
                    f"{view.id} shows its readers every row of {listed(tables)}, whatever the policies say",
                    view.id,
                    view.origin,
                    severity=Severity.NOTE if view.materialised else None,
                    tables=tuple(tables),
                )
                edit = Edit(view.origin, f"ALTER VIEW {view.id} SET (security_invoker = true)", ("end",))
                yield found.with_edits((edit,) if view.origin.line and not view.materialised else ())
