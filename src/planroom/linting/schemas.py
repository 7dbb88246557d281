"""Judging a design as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from planroom.linting.base import Judged, LintRule, Subject
from planroom.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planroom.findings import Finding
    from planroom.model import Model, Relation

__all__ = ["SCHEMA_RULES", "Design", "SchemaRule", "lint_schema"]


@dataclass(frozen=True)
class Design:
    """A model as rules look at it: what they share is worked out once.

    Attributes:
        model: The design.
        rows: The number of rows of a table, by its id, where it is known; beside what annotations say.
    """

    model: Model
    rows: Mapping[str, float]

    @cached_property
    def children(self) -> Mapping[str, tuple[Relation, ...]]:
        """The relations that point at each table, by its id."""
        found: dict[str, list[Relation]] = {}
        for relation in self.model.relations:
            found.setdefault(relation.parent, []).append(relation)
        return {parent: tuple(relations) for parent, relations in found.items()}

    def rows_of(self, table: str) -> float | None:
        """Return how many rows a table has or is expected to have; None where nobody said."""
        given = self.rows.get(table)
        return given if given is not None else self.model.tables_by_id[table].annotations.rows


class SchemaRule(LintRule):
    """A rule about a design; its examples are DDL."""

    subject: ClassVar[Subject] = Subject.SCHEMA

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield what is wrong."""
        raise NotImplementedError


SCHEMA_RULES: Registry[SchemaRule] = Registry(
    "rule", "planroom.linting.rules.schema", SchemaRule, listing="planroom rules"
)


def lint_schema(
    model: Model, *, rows: Mapping[str, float] | None = None, rules: Iterable[SchemaRule] | None = None
) -> Judged:
    """Return what the rules find in a design, sorted by place.

    Args:
        model: The design.
        rows: Rows by table id, where they are known.
        rules: Which rules to apply; all by default.
    """
    design = Design(model, rows or {})
    found = [finding for rule in (SCHEMA_RULES if rules is None else rules) for finding in rule.check(design)]
    return Judged(tuple(sorted(found, key=lambda each: (each.location, each.code, each.subject, each.message))))
