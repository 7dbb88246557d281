"""The linter: rules about designs, migrations and queries, one file each, and what they judge.

Everything here is calculation from data: files, engines and output are the business of the floors above.
"""

from planroom.linting.base import Judged, LintRule, Subject
from planroom.linting.migrations import MIGRATION_RULES, MigrationRule, Step, Target, lint_migrations
from planroom.linting.schemas import SCHEMA_RULES, Design, SchemaRule, lint_schema

__all__ = [
    "MIGRATION_RULES",
    "SCHEMA_RULES",
    "Design",
    "Judged",
    "LintRule",
    "MigrationRule",
    "SchemaRule",
    "Step",
    "Subject",
    "Target",
    "lint_migrations",
    "lint_schema",
]
