"""The linter: rules about designs, migrations and queries, one file each, and what they judge.

Everything here is calculation from data: files, engines and output are the business of the floors above. What judges a
migration knows nothing of queries: each part is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planroom.linting.base import Judged, LintRule, Subject

if TYPE_CHECKING:
    from planroom.linting.architectures import ARCHITECTURE_RULES, ArchitectureRule, lint_architecture
    from planroom.linting.migrations import MIGRATION_RULES, MigrationRule, Step, Target, lint_migrations
    from planroom.linting.queries import QUERY_RULES, QueryRule, lint_queries
    from planroom.linting.schemas import SCHEMA_RULES, Design, SchemaRule, lint_schema
    from planroom.resolving.query_in_model import QueryInModel

__all__ = [
    "ARCHITECTURE_RULES",
    "MIGRATION_RULES",
    "QUERY_RULES",
    "SCHEMA_RULES",
    "ArchitectureRule",
    "Design",
    "Judged",
    "LintRule",
    "MigrationRule",
    "QueryInModel",
    "QueryRule",
    "SchemaRule",
    "Step",
    "Subject",
    "Target",
    "lint_architecture",
    "lint_migrations",
    "lint_queries",
    "lint_schema",
]

_HOMES = {
    **dict.fromkeys(("ARCHITECTURE_RULES", "ArchitectureRule", "lint_architecture"), "linting.architectures"),
    **dict.fromkeys(("MIGRATION_RULES", "MigrationRule", "Step", "Target", "lint_migrations"), "linting.migrations"),
    **dict.fromkeys(("QUERY_RULES", "QueryRule", "lint_queries"), "linting.queries"),
    **dict.fromkeys(("SCHEMA_RULES", "Design", "SchemaRule", "lint_schema"), "linting.schemas"),
    "QueryInModel": "resolving.query_in_model",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"planroom.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
