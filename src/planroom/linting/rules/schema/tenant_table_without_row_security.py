"""SCH026."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.gathering import listed
from planroom.linting.mentions import columns_in
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.findings import Finding
    from planroom.model import Table

__all__ = ["TenantTableWithoutRowSecurity"]


class TenantTableWithoutRowSecurity(SchemaRule):
    """A column decides in some tables who sees a row, and other tables that have it are open.

    Which column that is, is learned from the policies of two tables or more. Where the open tables are read through
    other means, that is worth a sentence in the notes.
    """

    code = "SCH026"
    severity = Severity.WARNING
    effect = Effect.INSECURE
    fix = "Enable row-level security on the open tables too, with the same condition."
    source = "https://www.postgresql.org/docs/current/ddl-rowsecurity.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE a (id int PRIMARY KEY, tenant_id int); ALTER TABLE a ENABLE ROW LEVEL SECURITY;"
            "CREATE TABLE b (id int PRIMARY KEY, tenant_id int); ALTER TABLE b ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON a USING (tenant_id = 1); CREATE POLICY p ON b USING (tenant_id = 1);"
            "CREATE TABLE c (id int PRIMARY KEY, tenant_id int);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE a (id int PRIMARY KEY, tenant_id int); ALTER TABLE a ENABLE ROW LEVEL SECURITY;"
            "CREATE TABLE b (id int PRIMARY KEY, tenant_id int); ALTER TABLE b ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON a USING (tenant_id = 1); CREATE POLICY p ON b USING (tenant_id = 1);"
            "CREATE TABLE c (id int PRIMARY KEY);"
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, tenant_id int); ALTER TABLE a ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON a USING (tenant_id = 1); CREATE TABLE c (id int PRIMARY KEY, tenant_id int);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield each such column, with the tables that are open."""
        for column, tables in _deciding(design).items():
            family = design.types.family(tables[0].columns_by_name[column].type)
            unprotected = [
                table
                for table in design.tables
                if not table.row_security
                and column in table.columns_by_name
                and design.types.family(table.columns_by_name[column].type) == family
            ]
            if len(tables) > 1 and unprotected:
                yield self._judged(column, tables, unprotected)

    def _judged(self, column: str, tables: Sequence[Table], unprotected: Sequence[Table]) -> Finding:
        names = [table.id for table in unprotected]
        return self.found(
            f"{column} decides who sees a row of {listed(table.id for table in tables)}; "
            f"{len(names)} more with that column {'are' if len(names) > 1 else 'is'} open: {listed(names)}",
            unprotected[0].id,
            unprotected[0].origin,
            column=column,
            protected=tuple(table.id for table in tables),
            unprotected=tuple(names),
        )


_COMMON = frozenset("id name status state type kind created_at updated_at deleted_at".split())


def _deciding(design: Design) -> Mapping[str, Sequence[Table]]:
    """Return the tables whose policies go by each column, by its name."""
    found: dict[str, list[Table]] = defaultdict(list)
    for table in design.tables:
        if table.row_security:
            used = {name for policy in table.policies for name in columns_in(policy.using) | columns_in(policy.check)}
            for name in sorted(used & set(table.columns_by_name) - _COMMON):
                found[name].append(table)
    return found
