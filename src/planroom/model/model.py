"""The model: the one thing that everything reads and nothing mutates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.display import Displayable
from planroom.errors import UnknownNameError
from planroom.findings import Finding
from planroom.model.relations import Relation, relation_of
from planroom.model.routines import Routine
from planroom.model.schemas import Extension, Schema, Unread
from planroom.model.tables import Table, View
from planroom.model.types import CompositeType, Domain, Enum, RangeType, Sequence
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from planroom.model.names import ObjectId

__all__ = ["Model"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Model(Displayable):
    """A database design: schemas and what is in them.

    All collections are sorted by id, so that equal designs are equal models. Two models are equal when they would
    make the same database; where a thing was read (its origin) and what could not be read do not count.

    Attributes:
        name: What people call it: the file's or database's name.
        dialect: The SQL dialect that its types and expressions are written in.
        unread: What the source says and the model does not hold, in source order.
        findings: What the readers noticed, such as an annotation whose selector matches nothing.
    """

    name: str = field(default="", compare=False)
    dialect: str = "postgres"
    extensions: tuple[Extension, ...] = ()
    schemas: tuple[Schema, ...] = ()
    tables: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    enums: tuple[Enum, ...] = ()
    domains: tuple[Domain, ...] = ()
    composite_types: tuple[CompositeType, ...] = ()
    range_types: tuple[RangeType, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    routines: tuple[Routine, ...] = ()
    unread: tuple[Unread, ...] = field(default=(), compare=False)
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @cached_property
    def tables_by_id(self) -> Mapping[ObjectId, Table]:
        """The tables, by id."""
        return {table.id: table for table in self.tables}

    @cached_property
    def views_by_id(self) -> Mapping[ObjectId, View]:
        """The views, by id."""
        return {view.id: view for view in self.views}

    @property
    def tables_and_views(self) -> tuple[Table | View, ...]:
        """The tables, then the views."""
        return *self.tables, *self.views

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The declared relations, a foreign key each, sorted by child and name."""
        return tuple(relation_of(table, key) for table in self.tables for key in table.foreign_keys)

    @cached_property
    def partitions(self) -> Mapping[ObjectId, tuple[Table, ...]]:
        """The direct partitions of each partitioned table, by its id."""
        children: dict[ObjectId, list[Table]] = defaultdict(list)
        for table in self.tables:
            if table.partition_of:
                children[table.partition_of.parent].append(table)
        return {parent: tuple(found) for parent, found in children.items()}

    @cached_property
    def roots(self) -> Mapping[ObjectId, ObjectId]:
        """For each table, the table that it is a partition of, at any depth, or itself."""
        roots: dict[ObjectId, ObjectId] = {}
        for table in self.tables:
            top, seen = table, {table.id}
            while top.partition_of and (parent := self.tables_by_id.get(top.partition_of.parent)):
                if parent.id in seen:
                    break
                top = parent
                seen.add(top.id)
            roots[table.id] = top.id
        return roots

    @cached_property
    def contexts(self) -> tuple[str, ...]:
        """The bounded contexts that are declared, sorted."""
        return tuple(sorted({each.annotations.context for each in self.tables_and_views} - {""}))

    def table(self, name: str) -> Table:
        """Return the table called ``name``: an id, or a bare name that only one table bears.

        Raises:
            UnknownNameError: No table, or more than one, bears that name.
        """
        if name in self.tables_by_id:
            return self.tables_by_id[name]
        matches = [table for table in self.tables if name in {table.name, f"{table.schema}.{table.name}"}]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UnknownNameError(
                f"{len(matches)} tables are called {name!r}.",
                why="they are " + ", ".join(table.id for table in matches) + ".",
                fix="name the schema too.",
            )
        raise UnknownNameError.of("table", name, [*self.tables_by_id, *(table.name for table in self.tables)])

    def neighbours(self, *names: str, hops: int = 1, inferred: Iterable[Relation] = ()) -> tuple[ObjectId, ...]:
        """Return the ids of the tables within ``hops`` relations of the named tables, and of those themselves.

        The relations are the declared ones, and those that are given as ``inferred``.
        """
        adjacent: dict[ObjectId, set[ObjectId]] = defaultdict(set)
        for relation in (*self.relations, *inferred):
            adjacent[relation.child].add(relation.parent)
            adjacent[relation.parent].add(relation.child)
        reached = {self.table(name).id for name in names}
        for _ in range(hops):
            reached |= {other for table in reached for other in adjacent[table]}
        return tuple(sorted(reached & self.tables_by_id.keys()))

    def select(self, *selectors: str) -> tuple[ObjectId, ...]:
        """Return the ids of the tables, views and columns that any of the selectors names, sorted.

        A selector is ``table``, ``schema.table``, ``table.column`` or ``schema.table.column``, with wildcards.

        Raises:
            ModelError: A text is no selector.
        """
        from planroom.model.selection import select

        return select(self, *selectors)

    def only(self, ids: Collection[ObjectId]) -> Model:
        """Return the model cut down to the tables and views with these ids; the rest stays as it is."""
        return replace(
            self,
            tables=tuple(table for table in self.tables if table.id in ids),
            views=tuple(view for view in self.views if view.id in ids),
        )

    def __str__(self) -> str:
        from planroom.model.card import text_card

        return text_card(self)

    def __repr__(self) -> str:
        from planroom.model.card import headline

        return f"<Model {self.name}: {headline(self)}>"

    def _html(self) -> str:
        from planroom.model.card import html_card

        return html_card(self)
