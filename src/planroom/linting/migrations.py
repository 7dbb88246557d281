"""Judging the steps that change a design, each in the state that the steps before it left."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from planroom.collector import put_off
from planroom.ddl import Catalog, apply, apply_if_it_can, catalog_of, leave_code
from planroom.linting.base import Judged, LintRule, Subject
from planroom.linting.effects import Effects, Key, effects
from planroom.linting.emptied import Emptied
from planroom.linting.mixing import Between
from planroom.linting.session import Session
from planroom.model import qualified
from planroom.model.names import DEFAULT_SCHEMA
from planroom.registry import Registry
from planroom.sqltext import Statement, parse_postgres
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.findings import Edit, Finding
    from planroom.linting.bodies import Code
    from planroom.linting.compatibility import Application, Rollout
    from planroom.model import Model

__all__ = ["MIGRATION_RULES", "NEWEST_VERSION", "MigrationRule", "Step", "Target", "lint_migrations"]

NEWEST_VERSION = 18
_OF_CODE = frozenset({"CreateFunctionStmt", "CreateTrigStmt"})
_TOLD = frozenset({"broken", "structure"})  # what the catalog lacks from here on


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
    """One statement of a migration, in the state before it runs; it is looked at before the next one is made.

    Attributes:
        catalog: What is there before the statement.
        target: The database that it will run on.
        created: The relations (schema, name) that the migration itself made: nobody waits for them, and they hold
            few rows.
        session: The transaction that it runs in, and the settings in force.
        emptied: The tables that the migration itself left without a row.
    """

    statement: Statement
    catalog: Catalog
    target: Target
    created: AbstractSet[tuple[str, str]] = frozenset()
    session: Session = field(default_factory=Session)
    emptied: Emptied = field(default_factory=Emptied)

    @cached_property
    def effects(self) -> Effects:
        """What the statement does to the tables of a live database."""
        return effects(
            self.catalog,
            self.statement,
            version=self.target.version,
            created=self.created,
            empty=self.emptied.truncated,
        )

    def is_empty(self, key: Key) -> bool:
        """Whether a relation is known to hold no row."""
        return key in self.created or key in self.emptied or self.rows(key) == 0

    def rows(self, key: Key) -> float | None:
        """Return how many rows a relation holds, as the target or the model says; None where nobody said."""
        table = self.catalog.tables.get(key)
        given = self.target.rows.get(table.id if table else qualified(*key))
        return given if given is not None or table is None else table.annotations.rows


class MigrationRule(LintRule, ABC):
    """A rule about one step of a migration; its examples are scripts that run on the tables of ``before``.

    Attributes:
        statements: The kinds of statement that it looks at, such as ``IndexStmt``; it is asked about no other.
        needs_work: It is asked about steps alone whose work grows with a table.
        version: PostgreSQL's major version for which the examples are judged.
        queries: The application's queries with which they are judged.
    """

    subject: ClassVar[Subject] = Subject.MIGRATIONS
    statements: ClassVar[frozenset[str]]
    needs_work: ClassVar[bool] = False
    version: ClassVar[int] = NEWEST_VERSION
    queries: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def check(self, step: Step) -> Iterator[Finding]:
        """Yield what is wrong with a step."""

    def edits(self, step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:  # noqa: ARG002  (for those that override it)
        """Return the edits that do what the rule advises; none where they do not follow from the statement.

        Args:
            step: The step with a finding.
            actions: The numbers of the actions of an ALTER TABLE that it is about, from 0.
        """
        return ()


MIGRATION_RULES: Registry[MigrationRule] = Registry(
    "rule",
    "planroom.linting.rules.migrations",
    MigrationRule,  # type: ignore[type-abstract]
    listing="planroom rules",
)


@put_off()
def lint_migrations(
    scripts: Iterable[tuple[str, str]],
    *,
    model: Model | None = None,
    target: Target | None = None,
    rules: Iterable[MigrationRule] | None = None,
    application: Application | None = None,
    between: Between | None = None,
    code: Code | None = None,
) -> Judged:
    """Return what the rules find in scripts that run one after the other.

    Args:
        scripts: The source and the text of each, in order.
        model: What is there before them; an empty database by default.
        target: The database that they will run on.
        rules: Which rules to apply; all by default.
        application: The queries that are to go on working; not judged without.
        between: Gathers the queries and routines that stand between the steps.
        code: Gathers the routines and blocks whose queries are to be judged too.
    """
    catalog = catalog_of(model) if model is not None else Catalog()
    target = target or Target()
    subscribed = _by_statement(MIGRATION_RULES if rules is None else rules)
    rollout = _rollout(application, catalog)
    between = between or Between(())
    findings: list[Finding] = []
    for source, text in scripts:
        created: set[Key] = set()
        session, emptied = Session(one_transaction=target.one_transaction), Emptied()
        for statement in parse_postgres(text, source, templates=True):
            between.follow(statement, catalog)
            step = Step(statement, catalog, target, created, session, emptied)
            found = _found(step, subscribed.get(statement.kind, ()))
            if statement.kind == "DoStmt":
                findings += [*found, *_judged_within(step, subscribed, rollout)]
                if code is not None:
                    code.follow(statement, catalog)
                continue
            if not session.follow(statement):
                session.take(statement, step.effects)
            emptied.follow(statement, step.effects)
            apply(catalog, statement, last=True)
            findings += rollout.follow(step, catalog, found) if rollout is not None else found
            _follow_names(created, catalog, statement)
            created |= _temporary(catalog, statement)
            if code is not None and statement.kind in _OF_CODE:
                code.follow(statement, catalog)
        findings += rollout.arrive() if rollout is not None else ()
        between.arrive(catalog)
    if code is not None:
        code.arrive(catalog)
    return Judged(tuple(findings), tuple(each for each in catalog.unread if each.kind in _TOLD))


def _judged_within(
    step: Step, subscribed: Mapping[str, Sequence[MigrationRule]], rollout: Rollout | None
) -> Iterator[Finding]:
    """Yield what the rules find in the statements that a DO block may run; go on with what it runs for certain.

    The block is part of one transaction, and what it makes unless it is there counts as made. What depends on anything
    else is judged, for it may run.
    """
    from planroom.sqltext import block_of  # few scripts run code

    block, catalog, outer = block_of(step.statement), step.catalog, step.session
    session = Session(one_transaction=True, held=dict(outer.held), labels=dict(outer.labels), waited=outer.waited)
    session.lock_timeout = outer.times_out
    for statement, guard in block.statements:
        inner = Step(statement, catalog, step.target, step.created, session, step.emptied)
        found = _found(inner, subscribed.get(statement.kind, ()))
        if not session.follow(statement):
            session.take(statement, inner.effects)
        runs = guard != "other" and bool(apply_if_it_can(catalog, statement))
        told = rollout.follow(inner, catalog, found) if rollout is not None and runs else found
        if runs or guard == "other":
            yield from (each.without_edits() if block.quoted else each for each in told)
        if runs and isinstance(step.created, set):
            step.emptied.follow(statement, inner.effects)
            _follow_names(step.created, catalog, statement)
            step.created.update(_temporary(catalog, statement))
    outer.waited = session.waited
    if outer.open:
        outer.held |= session.held
    if not block.whole:
        leave_code(catalog, step.statement)


def _found(step: Step, rules: Sequence[MigrationRule]) -> list[Finding]:
    works = bool(step.effects.work)
    return [found for rule in rules if works or not rule.needs_work for found in rule.check(step)]


def _rollout(application: Application | None, catalog: Catalog) -> Rollout | None:
    if application is None:
        return None
    from planroom.linting.compatibility import Rollout

    return Rollout(application, catalog)


def _temporary(catalog: Catalog, statement: Statement) -> set[Key]:
    """Return the name that a temporary table takes: until the session ends it stands for that table."""
    into = statement.tree.get("into") or statement.tree.get("intoClause") or {}
    made = into.get("rel") if into else statement.tree.get("relation" if statement.kind == "CreateStmt" else "view")
    if not made or made.get("relpersistence") != "t":
        return set()
    path = catalog.search_path
    return {(path[0] if path else DEFAULT_SCHEMA, made["relname"])}


_RENAMING = frozenset({"RenameStmt", "AlterObjectSchemaStmt"})


def _follow_names(created: set[Key], catalog: Catalog, statement: Statement) -> None:
    """Note what a statement made; under a new name a table is as old as it was."""
    if statement.kind not in _RENAMING or catalog.vanished & created:
        created |= catalog.appeared
    created -= catalog.vanished


def _by_statement(rules: Iterable[MigrationRule]) -> Mapping[str, Sequence[MigrationRule]]:
    found: dict[str, list[MigrationRule]] = defaultdict(list)
    for rule in rules:
        for kind in rule.statements:
            found[kind].append(rule)
    return found
