"""The linter: rules about designs, migrations and queries, one file each, and what they judge.

Everything here is calculation from data: files, engines and output are the business of the floors above.
"""

from planroom.linting.base import Judged, LintRule, Subject
from planroom.linting.migrations import MIGRATION_RULES, MigrationRule, Step, Target, lint_migrations
from planroom.linting.queries import QUERY_RULES, QueryRule, lint_queries
from planroom.linting.query_in_model import QueryInModel
from planroom.linting.schemas import SCHEMA_RULES, Design, SchemaRule, lint_schema

__all__ = [
    "MIGRATION_RULES",
    "QUERY_RULES",
    "SCHEMA_RULES",
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
    "lint_migrations",
    "lint_queries",
    "lint_schema",
]
