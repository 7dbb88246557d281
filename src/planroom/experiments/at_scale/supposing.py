"""What would be if an index, a constraint or extended statistics were there, or were not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.ddl import apply, catalog_of
from planroom.errors import StatementRefusedError
from planroom.sqltext import parse_postgres, qualified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Model

__all__ = ["moved_names", "supposed"]

_SUPPOSED = {
    "IndexStmt": "CREATE INDEX",
    "DropStmt": "DROP INDEX",
    "CreateStatsStmt": "CREATE STATISTICS",
    "AlterTableStmt": "ALTER TABLE ... ADD or DROP CONSTRAINT",
}
_CONSTRAINTS = frozenset({"AT_AddConstraint", "AT_DropConstraint", "AT_AddIndexConstraint"})


def moved_names(before: Model, after: Model) -> str:
    """Return what one design has that the other has not, by name: ``with orders_recent_idx``."""
    old, new = _named(before), _named(after)
    moved = (("with", sorted(new - old)), ("without", sorted(old - new)))
    words = [f"{word} {', '.join(names)}" for word, names in moved if names]
    return ", ".join(words) or "as designed"


def _named(model: Model) -> set[str]:
    """Return the names of all indexes, constraints and extended statistics."""
    return {
        each.name
        for table in model.tables
        for group in (table.indexes, table.keys, table.foreign_keys, table.checks, table.exclusions, table.statistics)
        for each in group
    }


def supposed(model: Model, ddl: Sequence[str]) -> tuple[Model, tuple[str, ...]]:
    """Return a model with hypothetical statements carried out, and the ids of the indexes that they make, in order.

    Bare names are looked for in all its schemas.

    Raises:
        StatementRefusedError: A statement is of another kind, or the design does not allow it.
    """
    catalog = catalog_of(model)
    catalog.search_path = ("public", *(each.name for each in model.schemas if each.name != "public"))
    unread, made = len(catalog.unread), dict[str, None]()
    for text in ddl:
        for statement in parse_postgres(text):
            if statement.kind == "empty":
                continue
            if not _is_hypothetical(statement.kind, statement.tree):
                raise StatementRefusedError(
                    f"planroom does not suppose {' '.join(statement.text.split()[:3])}.",
                    why=f"it knows what this would mean for plans: {', '.join(_SUPPOSED.values())}.",
                    fix="change the design itself, and read it again: pr.at_scale(...).",
                )
            apply(catalog, statement, last=True)
            if len(catalog.unread) > unread:
                reason = catalog.unread[-1].reason
                raise StatementRefusedError(f"This cannot be done to the design: {' '.join(text.split())}", why=reason)
            made |= dict.fromkeys(qualified(*key) for key in sorted(catalog.appeared & catalog.index_tables.keys()))
    return catalog.model(model.name), tuple(made)


def _is_hypothetical(kind: str, tree: Any) -> bool:
    if kind == "AlterTableStmt":
        return {each["AlterTableCmd"]["subtype"] for each in tree.get("cmds", ())} <= _CONSTRAINTS
    if kind == "DropStmt":
        return tree.get("removeType") in {"OBJECT_INDEX", "OBJECT_STATISTIC_EXT"}
    return kind in _SUPPOSED
