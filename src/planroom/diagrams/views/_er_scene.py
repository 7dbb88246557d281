"""What an entity-relationship picture shows: the part of a model that was chosen, and what it is grouped by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.diagrams.choosing import chosen
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.model import Model, ObjectId, Relation, Table, View

__all__ = ["Scene", "scene_of"]


def scene_of(
    model: Model,
    focus: Sequence[str],
    hops: int,
    include: Sequence[str],
    exclude: Sequence[str],
    *,
    views: bool,
    inferred: tuple[Relation, ...],
) -> Scene:
    """Choose what is drawn: partitions are folded into the table that they are parts of."""
    root = model.roots
    strong = tuple(root[model.table(name).id] for name in focus)
    near = (
        {root[table] for table in model.neighbours(*strong, hops=hops, inferred=inferred)}
        if focus
        else set(root.values())
    )
    kept = chosen(model, include, exclude)
    tables = tuple(
        table for table in model.tables if root[table.id] == table.id and table.id in near and table.id in kept
    )
    shown = tuple(view for view in model.views if view.id in kept) if views else ()
    return Scene(model, root, tables, shown, frozenset(strong), inferred)


@dataclass(frozen=True)
class Scene:
    """What is to be drawn, chosen from a model."""

    model: Model
    root: Mapping[ObjectId, ObjectId]
    tables: tuple[Table, ...]
    views: tuple[View, ...]
    strong: frozenset[ObjectId]
    inferred: tuple[Relation, ...]

    @cached_property
    def ids(self) -> frozenset[ObjectId]:
        """The ids of the tables that are drawn."""
        return frozenset(table.id for table in self.tables)

    @cached_property
    def things(self) -> tuple[Table | View, ...]:
        """All that has a schema and a context."""
        return (*self.tables, *self.views)

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The relations between drawn tables, those of partitions lifted to their root, each once: declared, if so."""
        lifted = {
            (self.root[relation.child], self.root[relation.parent], relation.columns, relation.referenced_columns): (
                relation
            )
            for relation in reversed((*self.model.relations, *self.inferred))
            if self.root.get(relation.child) in self.ids and self.root.get(relation.parent) in self.ids
        }
        return tuple(reversed(lifted.values()))

    @cached_property
    def grouping(self) -> str:
        """What the header colours tell apart: contexts where they are declared, else schemas if there are several."""
        if self.model.contexts:
            return "context"
        return "schema" if self.many_schemas else ""

    @cached_property
    def hues(self) -> tuple[str, ...]:
        """All contexts or schemas of the model: a picture of a part has the colours of the whole."""
        everything: tuple[Table | View, ...] = (*self.model.tables, *self.model.views)
        return tuple(sorted({self.group(thing, self.grouping) for thing in everything} - {""}))

    def group(self, thing: Table | View, grouping: str) -> str:
        """Return the name of the group that a table or view is in; empty for none."""
        return {"context": thing.annotations.context, "schema": thing.schema}.get(grouping, "")

    @cached_property
    def many_schemas(self) -> bool:
        """Whether the model has several schemas, so that a name needs one."""
        tables, views = self.model.tables, self.model.views
        return len({table.schema for table in tables} | {view.schema for view in views}) > 1

    @cached_property
    def foreign_columns(self) -> Mapping[ObjectId, frozenset[str]]:
        """The columns of each table that refer to others, by the table's id."""
        columns: dict[ObjectId, set[str]] = defaultdict(set)
        for table in self.tables:
            for key in table.foreign_keys:
                columns[table.id].update(key.columns)
        return {table: frozenset(found) for table, found in columns.items()}

    @cached_property
    def enum_uses(self) -> Mapping[ObjectId, tuple[tuple[ObjectId, str], ...]]:
        """Table and column of every use of each enum, by the enum's id."""
        known = {kind.id: kind for kind in self.model.enums}
        uses: dict[ObjectId, list[tuple[ObjectId, str]]] = defaultdict(list)
        for table in self.tables if known else ():
            for column in table.columns:
                for name in (qualified(column.type.schema, column.type.name), qualified("public", column.type.name)):
                    if name in known:
                        uses[name].append((table.id, column.name))
                        break
        return {name: tuple(found) for name, found in uses.items()}
