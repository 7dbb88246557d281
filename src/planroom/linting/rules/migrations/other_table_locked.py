"""A foreign key that is made or dropped locks the table on its other side, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.findings import Effect, Severity
from planroom.linting.effects import Lock
from planroom.linting.migrations import MigrationRule, Step
from planroom.linting.rules.migrations._work import names, place
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.linting.effects import Key

__all__ = ["OtherTableLocked"]


class OtherTableLocked(MigrationRule):
    """A foreign key that is made or dropped locks the table on its other side, too.

    DROP TABLE, DROP COLUMN and DROP CONSTRAINT take ACCESS EXCLUSIVE on the referenced table, CREATE TABLE with a
    foreign key SHARE ROW EXCLUSIVE: the statement does not name it, and its readers or writers queue.
    """

    code = "MIG034"
    severity = Severity.NOTE
    effect = Effect.ADVICE
    statements = frozenset({"CreateStmt", "DropStmt", "AlterTableStmt"})
    fix = "Set lock_timeout, and run it alone in its transaction at a quiet time."
    source = "https://www.postgresql.org/docs/current/sql-droptable.html"
    before = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int REFERENCES p, a int); CREATE TABLE u (id int)"
    bad = (
        "DROP TABLE t",
        "ALTER TABLE t DROP CONSTRAINT t_id_fkey",
        "ALTER TABLE t DROP COLUMN id",
        "CREATE TABLE n (id int REFERENCES p)",
    )
    good = ("DROP TABLE u", "ALTER TABLE t DROP COLUMN a", "CREATE TABLE n (id int)")

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield a finding for tables that a statement locks by a foreign key alone."""
        locks, locked = step.effects.locks, _by_foreign_key(step)
        others = [key for key, lock in locks.items() if key in locked and lock >= Lock.SHARE_ROW_EXCLUSIVE]
        if others:
            strongest = max(locks[key] for key in others)
            what = "reads and writes" if strongest.blocks_reads else "writes"
            yield self.finding(
                f"{names(others)}, at the other end of a foreign key, is closed to {what} for a moment",
                subject=qualified(*others[0]),
                location=place(step),
                lock=str(strongest),
                relations=[qualified(*key) for key in others],
            )


def _by_foreign_key(step: Step) -> set[Key]:
    """Return the locked tables that are referenced by another that is dropped, made or changed here."""
    fields = step.statement.tree
    if step.statement.kind == "AlterTableStmt":
        kinds = {node["AlterTableCmd"]["subtype"] for node in fields.get("cmds", ())}
        if not kinds & {"AT_DropConstraint", "AT_DropColumn"}:
            return set()
        own = fields["relation"]["relname"]
        family = {key for key in step.effects.locks if key[1] == own}
        below = {each for key in family for each in step.catalog.descendants(key)}
        return set(step.effects.locks) - family - below
    if step.statement.kind == "CreateStmt":
        return set() if "partbound" in fields or "inhRelations" in fields else set(step.effects.locks)
    if fields.get("removeType") != "OBJECT_TABLE":
        return set()
    named = {node["List"]["items"][-1]["String"]["sval"] for node in fields["objects"]}
    return {key for key in step.effects.locks if key[1] not in named and not _is_kin(step, key, named)}


def _is_kin(step: Step, key: Key, named: set[str]) -> bool:
    """Whether a relation is a view, or a parent or partition of a dropped table."""
    table = step.catalog.tables.get(key)
    if table is None:
        return True
    above = table.partition_of.parent.rpartition(".")[2] if table.partition_of else ""
    children = {name for _, name in step.catalog.children.get(key, ())}
    parents = {each.rpartition(".")[2] for each in (*table.inherits, above)}
    siblings = {name for parent in parents for name in _children_of(step, parent)}
    return bool(named & (children | parents | siblings))


def _children_of(step: Step, parent: str) -> set[str]:
    return {name for key, kids in step.catalog.children.items() if key[1] == parent for _, name in kids}
