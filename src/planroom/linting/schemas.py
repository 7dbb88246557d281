"""Judging a design as a whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from planroom.collector import put_off
from planroom.linting.access import AccessPath, access_paths
from planroom.linting.base import Judged, LintRule, Subject
from planroom.linting.types import Types
from planroom.model import Facts, qualified
from planroom.registry import Registry
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planroom.findings import Finding, Location, Severity
    from planroom.model import Column, Model, ObjectId, Relation, Table

__all__ = ["SCHEMA_RULES", "Design", "SchemaRule", "lint_schema"]


@dataclass(frozen=True)
class Design:
    """A model as rules look at it: what they share is worked out once.

    Attributes:
        model: The design.
        rows: The number of rows of a table, by its id, where it is known; beside what annotations say.
        facts: What a database says of the data.
    """

    model: Model
    rows: Mapping[str, float]
    facts: Facts = field(default_factory=Facts)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables that stand for themselves: a partition is part of the table that it belongs to."""
        return tuple(table for table in self.model.tables if not table.partition_of)

    @cached_property
    def children(self) -> Mapping[str, tuple[Relation, ...]]:
        """The relations that point at each table, by its id."""
        found: dict[str, list[Relation]] = {}
        for relation in self.model.relations:
            found.setdefault(relation.parent, []).append(relation)
        return {parent: tuple(relations) for parent, relations in found.items()}

    @cached_property
    def referring(self) -> Mapping[str, frozenset[str]]:
        """The columns of each table that are in a foreign key, by its id; those of its partitions count as its own."""
        found: dict[str, set[str]] = {table.id: set() for table in self.model.tables}
        for relation in self.model.relations:
            found[relation.child].update(relation.columns)
            found[self.model.roots[relation.child]].update(relation.columns)
        return {table: frozenset(columns) for table, columns in found.items()}

    @cached_property
    def unread(self) -> frozenset[str]:
        """The ids of tables and columns of which a reader had to leave something out, such as a foreign key."""
        return frozenset(each.subject for each in self.model.unread if each.subject)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The words of views, routines and expressions, in lower case: what they name keeps the type that it has."""
        from planroom.linting.column_edits import mentioned_words

        return mentioned_words(self.model)

    @cached_property
    def types(self) -> Types:
        """The types behind domains and enums."""
        return Types(self.model)

    @cached_property
    def _paths(self) -> Mapping[str, tuple[AccessPath, ...]]:
        return {table.id: access_paths(table) for table in self.model.tables}

    def paths_of(self, table: Table) -> tuple[AccessPath, ...]:
        """Return the indexes of a table, those behind its constraints among them."""
        return self._paths[table.id]

    def rows_of(self, table: str) -> float | None:
        """Return how many rows a table has or is expected to have; None where nobody said."""
        given = self.rows.get(table, self.facts.rows.get(table))
        return given if given is not None else self.model.tables_by_id[table].annotations.rows


class SchemaRule(LintRule, ABC):
    """A rule about a design; its examples are DDL.

    Attributes:
        dialects: The dialects of the models that it judges; empty for all.
        notes: Annotations of the examples, by selector, where the rule goes by annotations.
        facts: What a database would say of the examples' data, where the rule goes by that.
    """

    subject: ClassVar[Subject] = Subject.SCHEMA
    dialects: ClassVar[frozenset[str]] = frozenset()
    notes: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    facts: ClassVar[Facts] = Facts()

    @abstractmethod
    def check(self, design: Design) -> Iterator[Finding]:
        """Yield what is wrong."""

    def found(
        self, message: str, subject: ObjectId, origin: Location, *, severity: Severity | None = None, **facts: object
    ) -> Finding:
        """Return a finding about an object, at the place where it was read.

        Args:
            message: What is wrong, with the user's names.
            subject: The id of the object.
            origin: Where it was read.
            severity: How bad it is here, where that is not the rule's own.
            facts: What it rests on, for machines.
        """
        finding = self.finding(message, subject=subject, location=origin, **facts)
        return finding if severity is None else replace(finding, severity=severity)

    def found_in_column(
        self, message: str, table: Table, column: Column, *, severity: Severity | None = None, **facts: object
    ) -> Finding:
        """Return a finding about a column; one that was made with its table stands where the table does."""
        place = column.origin if column.origin.line else table.origin
        return self.found(message, qualified(table.schema, table.name, column.name), place, severity=severity, **facts)


SCHEMA_RULES: Registry[SchemaRule] = Registry(
    "rule",
    "planroom.linting.rules.schema",
    SchemaRule,  # type: ignore[type-abstract]
    listing="planroom rules",
)


@put_off()
def lint_schema(
    model: Model,
    *,
    rows: Mapping[str, float] | None = None,
    facts: Facts | None = None,
    rules: Iterable[SchemaRule] | None = None,
) -> Judged:
    """Return what the rules find in a design, sorted by place.

    Args:
        model: The design.
        rows: Rows by table id, where they are known.
        facts: What a database says of the data; rows that are given count more.
        rules: Which rules to apply; all by default.
    """
    design = Design(model, rows or {}, facts or Facts())
    asked = SCHEMA_RULES if rules is None else rules
    fitting = [rule for rule in asked if not rule.dialects or model.dialect in rule.dialects]
    found = [finding for rule in fitting for finding in rule.check(design)]
    return Judged(tuple(sorted(found, key=lambda each: (each.location, each.code, each.subject, each.message))))
