"""A dropped table or view breaks the queries that still name it; a table takes its data with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import names, place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["RelationDropped"]

_KINDS = frozenset({"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE", "OBJECT_SCHEMA"})


class RelationDropped(MigrationRule):
    """A dropped table or view breaks the queries that still name it; a table takes its data with it.

    Dropping also takes ACCESS EXCLUSIVE on the tables that its foreign keys refer to, and with CASCADE on those that
    refer to it.
    """

    code = "MIG024"
    severity = Severity.WARNING
    effect = Effect.LOSES_DATA
    statements = frozenset({"DropStmt"})
    fix = "Deploy a version that does not use it first; rename it, wait, and drop it in a later migration."
    source = "https://www.postgresql.org/docs/current/sql-droptable.html"
    before = "CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM t; CREATE TABLE other (id int)"
    bad = ("DROP TABLE other", "DROP VIEW v", "DROP TABLE t CASCADE")
    good = ("CREATE TABLE n (id int); DROP TABLE n", "DROP TABLE IF EXISTS nothing")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield one finding for the relations that were there before."""
        kind = step.statement.tree["removeType"]
        if kind not in _KINDS or not step.effects.locks:
            return
        dropped = sorted(step.effects.locks)
        gone = [key for key in dropped if key not in step.catalog.views]
        loses = kind not in {"OBJECT_VIEW", "OBJECT_MATVIEW"} and bool(gone)
        words = "the data are lost, and queries that name it fail" if loses else "queries that name it fail"
        named = next(iter(step.effects.locks))
        found = self.finding(
            f"{names([named])} is dropped: {words}",
            subject=qualified(*named),
            location=place(step),
            lock=str(step.effects.strongest),
            relations=[qualified(*key) for key in dropped],
        )
        yield found if loses else replace(found, effect=Effect.BREAKS_QUERIES)
