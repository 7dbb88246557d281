"""Judging the steps that change a design, each in the state that the steps before it left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from planroom.ddl import Catalog, apply, catalog_of
from planroom.linting.base import Judged, LintRule, Subject
from planroom.registry import Registry
from planroom.sqltext import Statement, parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["MIGRATION_RULES", "NEWEST_VERSION", "MigrationRule", "Step", "Target", "lint_migrations"]

NEWEST_VERSION = 18


@dataclass(frozen=True, slots=True)
class Target:
    """The database that a migration will run on, as far as it is known.

    Attributes:
        version: PostgreSQL's major version, 12 to 18.
        rows: Rows by table id; an unknown table is taken as large.
        one_transaction: The runner wraps each file in a transaction, as most do.
    """

    version: int = NEWEST_VERSION
    rows: Mapping[str, float] = field(default_factory=dict)
    one_transaction: bool = False


@dataclass(frozen=True)
class Step:
    """One statement of a migration, in the state before it runs.

    Attributes:
        catalog: What is there before the statement.
        target: The database that it will run on.
        created: The relations (schema, name) that the migration itself made: nobody waits for them, and they hold
            few rows.
    """

    statement: Statement
    catalog: Catalog
    target: Target
    created: frozenset[tuple[str, str]] = frozenset()


class MigrationRule(LintRule):
    """A rule about one step of a migration; its examples are scripts that run on the tables of ``before``.

    Attributes:
        statements: The kinds of statement that it looks at, such as ``IndexStmt``; it is asked about no other.
    """

    subject: ClassVar[Subject] = Subject.MIGRATIONS
    statements: ClassVar[frozenset[str]]

    def check(self, step: Step) -> Iterator[Finding]:
        """Yield what is wrong with a step."""
        raise NotImplementedError


MIGRATION_RULES: Registry[MigrationRule] = Registry(
    "rule", "planroom.linting.rules.migrations", MigrationRule, listing="planroom rules"
)


def lint_migrations(
    scripts: Sequence[tuple[str, str]],
    *,
    model: Model | None = None,
    target: Target | None = None,
    rules: Iterable[MigrationRule] | None = None,
) -> Judged:
    """Return what the rules find in scripts that run one after the other.

    Args:
        scripts: The source and the text of each, in order.
        model: What is there before them; an empty database by default.
        target: The database that they will run on.
        rules: Which rules to apply; all by default.
    """
    catalog = catalog_of(model) if model is not None else Catalog()
    target = target or Target()
    subscribed = _by_statement(MIGRATION_RULES if rules is None else rules)
    findings: list[Finding] = []
    for source, text in scripts:
        created: set[tuple[str, str]] = set()
        for statement in parse_postgres(text, source):
            step = Step(statement, catalog, target, frozenset(created))
            findings += [finding for rule in subscribed.get(statement.kind, ()) for finding in rule.check(step)]
            before = set(catalog.relations)
            apply(catalog, statement, last=True)
            created |= set(catalog.relations) - before
    return Judged(tuple(findings), tuple(each for each in catalog.unread if each.kind == "broken"))


def _by_statement(rules: Iterable[MigrationRule]) -> Mapping[str, Sequence[MigrationRule]]:
    found: dict[str, list[MigrationRule]] = defaultdict(list)
    for rule in rules:
        for kind in rule.statements:
            found[kind].append(rule)
    return found
