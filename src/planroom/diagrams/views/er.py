"""Tables, their columns, and the relations between them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from planroom.diagrams.choosing import chosen
from planroom.diagrams.communities import by_community
from planroom.diagrams.detail import keys_only, names_only
from planroom.diagrams.views.base import View as BaseView
from planroom.drawing.graph import Cell, Cluster, Edge, End, Graph, LineStyle, Node, Role, Row, Sign
from planroom.model import Cardinality, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.model import Column, Enum, Model, ObjectId, Relation, Table, View
    from planroom.sqltext import DataType

__all__ = ["Detail", "ErView", "er_graph"]

_ENDS = {
    Cardinality.EXACTLY_ONE: End.EXACTLY_ONE,
    Cardinality.ZERO_OR_ONE: End.ZERO_OR_ONE,
    Cardinality.ZERO_OR_MORE: End.ZERO_OR_MORE,
    Cardinality.ONE_OR_MORE: End.ONE_OR_MORE,
}
COMMUNITY = "community"  # a grouping that is found, not declared
_THICK, _THIN, _FINE = 2.0, 1.1, 1.0
_LABELS_SHOWN = 7  # of an enum
_LINKED_USES = 3  # an enum that more columns have stands alone: its lines would hide the relations


class Detail(StrEnum):
    """How much of a table is drawn."""

    COLUMNS = "columns"
    KEYS = "keys"
    NAMES = "names"


class ErView(BaseView["Model"]):
    """The entity-relationship picture of a whole model."""

    def graph(self, source: Model) -> Graph:
        """Return the graph of all tables with all columns."""
        return er_graph(source)


def er_graph(
    model: Model,
    *,
    focus: str | Sequence[str] | None = None,
    hops: int = 1,
    detail: Detail = Detail.COLUMNS,
    cluster: str | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    views: bool = True,
    relations: Iterable[Relation] = (),
) -> Graph:
    """Return the ER picture of a model as a graph; see `planroom.diagrams.er` for the arguments.

    Edges lead from the referenced to the referencing table. Partitions are folded into the table that they
    are parts of, with their relations.
    """
    focused = [focus] if isinstance(focus, str) else list(focus or ())
    scene = _scene(model, focused, hops, include, exclude, views=views and not focused, inferred=tuple(relations))
    graph = Graph(
        nodes=(*scene.table_nodes(), *scene.view_nodes(), *scene.enum_nodes()),
        edges=(*scene.relation_edges(), *scene.inheritance_edges(), *scene.enum_edges()),
        clusters=() if cluster == COMMUNITY else scene.clusters(cluster),
        title=model.name,
        subtitle=scene.counts,
        summary=scene.summary,
        caption=scene.caption(focused, hops),
        hue_meaning=scene.grouping,
        hues=scene.hues,
    )
    if cluster == COMMUNITY:
        graph = by_community(graph)
    if detail is Detail.COLUMNS:
        return graph
    return keys_only(graph) if detail is Detail.KEYS else names_only(graph)


def _scene(
    model: Model,
    focus: Sequence[str],
    hops: int,
    include: Sequence[str],
    exclude: Sequence[str],
    *,
    views: bool,
    inferred: tuple[Relation, ...],
) -> _Scene:
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
    return _Scene(model, root, tables, shown, frozenset(strong), inferred)


@dataclass(frozen=True)
class _Scene:
    """What is to be drawn, chosen from a model."""

    model: Model
    root: Mapping[ObjectId, ObjectId]
    tables: tuple[Table, ...]
    views: tuple[View, ...]
    strong: frozenset[ObjectId]
    inferred: tuple[Relation, ...]

    @cached_property
    def ids(self) -> frozenset[ObjectId]:
        return frozenset(table.id for table in self.tables)

    @cached_property
    def things(self) -> tuple[Table | View, ...]:
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
        return {"context": thing.annotations.context, "schema": thing.schema}.get(grouping, "")

    @cached_property
    def many_schemas(self) -> bool:
        tables, views = self.model.tables, self.model.views
        return len({table.schema for table in tables} | {view.schema for view in views}) > 1

    # Nodes

    @cached_property
    def foreign_columns(self) -> Mapping[ObjectId, frozenset[str]]:
        columns: dict[ObjectId, set[str]] = defaultdict(set)
        for table in self.tables:
            for key in table.foreign_keys:
                columns[table.id].update(key.columns)
        return {table: frozenset(found) for table, found in columns.items()}

    def table_nodes(self) -> Iterator[Node]:
        for table in self.tables:
            stacked = sum(root == table.id for root in self.root.values()) - 1 if table.partitioning else 0
            yield Node(
                id=table.id,
                title=table.name,
                rows=(*self._column_rows(table), *_partition_row(table, stacked)),
                subtitle=table.schema if self.many_schemas else "",
                note=f"{_short_count(table.annotations.rows)} rows" if table.annotations.rows is not None else "",
                hue=self.group(table, self.grouping),
                stacked=stacked,
                tip=_table_tip(table),
                strong=table.id in self.strong,
            )

    def _column_rows(self, table: Table) -> Iterator[Row]:
        marks = _marks(table, self.foreign_columns.get(table.id, frozenset()))
        indexed = _indexed(table)
        for column in table.columns:
            yield _column_row(column, marks.get(column.name, ()), indexed=column.name in indexed)

    def view_nodes(self) -> Iterator[Node]:
        for view in self.views:
            yield Node(
                id=view.id,
                title=view.name,
                rows=tuple(_column_row(column, (), indexed=False, plain=True) for column in view.columns),
                subtitle=view.schema if self.many_schemas else "",
                note="materialised" if view.materialised else "",
                hue=self.group(view, self.grouping),
                kind="view",
                outline=LineStyle.DASHED,
                tip=_joined(f"view {view.id}", view.comment),
            )

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

    def enum_nodes(self) -> Iterator[Node]:
        for kind in self.model.enums:
            if kind.id in self.enum_uses:
                yield _enum_node(kind, many_schemas=self.many_schemas)

    # Edges

    def relation_edges(self) -> Iterator[Edge]:
        for relation in self.relations:
            child, parent = self.root[relation.child], self.root[relation.parent]
            guessed = relation.score is not None
            yield Edge(
                tail=parent,
                head=child,
                tail_port=relation.referenced_columns[0] if relation.referenced_columns else "",
                head_port=relation.columns[0] if relation.columns else "",
                tail_end=_ENDS[relation.parent_cardinality],
                head_end=_ENDS[relation.child_cardinality],
                label=f"{relation.score:.2f}" if relation.score is not None else "",
                style=LineStyle.DASHED if guessed else LineStyle.SOLID,
                weight=_THICK if relation.identifying and not guessed else _THIN,
                meaning="inferred" if guessed else "identifying" if relation.identifying else "",
                tip=_relation_tip(relation),
            )

    def inheritance_edges(self) -> Iterator[Edge]:
        for table in self.tables:
            for parent in table.inherits:
                if parent in self.ids:
                    yield Edge(parent, table.id, tail_end=End.GENERAL, tip=f"{table.id} inherits from {parent}")

    def enum_edges(self) -> Iterator[Edge]:
        for kind, uses in self.enum_uses.items():
            for table, column in uses if len(uses) <= _LINKED_USES else ():
                yield Edge(
                    kind,
                    table,
                    head_port=column,
                    style=LineStyle.DOTTED,
                    weight=_FINE,
                    meaning="has the values of",
                    tip=f"{table}.{column} has the values of {kind}",
                )

    # Words

    def clusters(self, grouping: str | None) -> tuple[Cluster, ...]:
        members: dict[str, list[str]] = defaultdict(list)
        for thing in self.things if grouping else ():
            members[self.group(thing, grouping or "")].append(thing.id)
        return tuple(
            Cluster(f"{grouping}:{name}", name, tuple(nodes), hue=name if grouping == self.grouping else "")
            for name, nodes in sorted(members.items())
            if name
        )

    @cached_property
    def counts(self) -> str:
        declared = sum(relation.declared for relation in self.relations)
        parts = [_count(len(self.tables), "table"), _count(declared, "relation")]
        parts += [f"{len(self.relations) - declared} inferred"] if declared < len(self.relations) else []
        parts += [_count(len(self.views), "view")] if self.views else []
        return " · ".join(parts) if self.tables or self.views else ""

    @cached_property
    def summary(self) -> str:
        if not self.tables and not self.views:
            return "ER diagram: nothing to draw"
        degree: dict[ObjectId, int] = defaultdict(int)
        for relation in self.relations:
            degree[self.root[relation.child]] += 1
            degree[self.root[relation.parent]] += 1
        hub = min(degree, key=lambda table: (-degree[table], table), default="")
        words = self.counts.replace(" · ", ", ")
        name = self.model.tables_by_id[hub].name if hub else ""
        return f"ER diagram: {words}" + (f"; hub: {name}" if name else "")

    def caption(self, focus: Sequence[str], hops: int) -> str:
        if not self.tables and not self.views:
            return "There are no tables to draw." if not self.model.tables else "Nothing that was chosen has a table."
        parts = []
        if focus:
            whole = sum(root == table for table, root in self.root.items())
            reach = "and what they relate to" if hops == 1 else f"and what is within {hops} relations"
            parts.append(f"{len(self.tables)} of {_count(whole, 'table')}: {', '.join(focus)} {reach}.")
        missing = sum(relation.parent not in self.root for relation in self.model.relations)
        if missing:
            verb = "leads" if missing == 1 else "lead"
            parts.append(f"{_count(missing, 'relation')} {verb} to tables that are not in the model.")
        return " ".join(parts)


def _short_count(number: int) -> str:
    """Return a count that fits a header: three digits and a unit; the tip has the whole number."""
    for size, unit in ((10**12, "tn"), (10**9, "bn"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return str(number)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _marks(table: Table, foreign: frozenset[str]) -> dict[str, tuple[Sign, ...]]:
    """Return the key signs of each column; `u` stands for a column that is unique by itself."""
    primary = set(table.primary_key.columns) if table.primary_key else set()
    unique = {key.columns[0] for key in table.unique_constraints if len(key.columns) == 1}
    unique |= {
        index.columns[0].column
        for index in table.indexes
        if index.unique and index.predicate is None and len(index.columns) == 1 and index.columns[0].column
    }
    marks = {}
    for column in table.columns:
        name = column.name
        signs = [
            *([Sign.PRIMARY_KEY] if name in primary else []),
            *([Sign.FOREIGN_KEY] if name in foreign else []),
            *([Sign.UNIQUE] if name in unique - primary else []),
        ]
        if signs:
            marks[name] = tuple(signs)
    return marks


def _indexed(table: Table) -> frozenset[str]:
    """Return the columns that lead an index; those that lead a key are shown by the key."""
    return frozenset(index.columns[0].column for index in table.indexes if index.columns)


def _column_row(column: Column, marks: tuple[Sign, ...], *, indexed: bool, plain: bool = False) -> Row:
    faint = column.nullable and not plain
    cells = (
        _sign_cell(*marks),
        Cell(column.name, Role.FAINT if faint else Role.NAME),
        _type_cell(column.type),
        _PERSONAL if column.annotations.pii else _NO_SIGN,
        _INDEXED if indexed else _NO_SIGN,
        _NULLABLE if faint else _NO_SIGN,
    )
    return Row(cells, port=column.name, tip=_column_tip(column))


# A large model has few different types and signs: each is made once.
_NO_SIGN, _PERSONAL, _INDEXED, _NULLABLE = (
    Cell(signs=signs, right=True) for signs in ((), (Sign.PERSONAL,), (Sign.INDEXED,), (Sign.NULLABLE,))
)


@lru_cache(maxsize=64)
def _sign_cell(*signs: Sign) -> Cell:
    return Cell(signs=signs)


@lru_cache(maxsize=1024)
def _type_cell(kind: DataType) -> Cell:
    return Cell("" if kind == kind.UNKNOWN else kind.short, Role.TYPE, right=True)


_type_text = lru_cache(maxsize=1024)(str)


def _column_tip(column: Column) -> str:
    facts = f"{column.name} {_type_text(column.type)}"
    if not column.nullable:
        facts += ", not null"
    if column.default:
        facts += f", default {column.default}"
    if column.identity:
        facts += ", identity"
    if column.generated:
        facts += f", generated as {column.generated.expression}"
    if column.annotations.pii:
        facts += f", personal data: {column.annotations.pii}"
    return f"{facts} — {column.comment}" if column.comment else facts


def _joined(*parts: str) -> str:
    return " — ".join(part for part in parts if part)


def _partition_row(table: Table, stacked: int) -> Iterator[Row]:
    if table.partitioning:
        key = ", ".join(map(str, table.partitioning.columns))
        yield Row((Cell(f"{_count(stacked, 'partition')} by {table.partitioning.strategy} ({key})", Role.NOTE),))


def _table_tip(table: Table) -> str:
    facts = [f"table {table.id}"]
    facts += [f"{table.annotations.rows:,} rows"] if table.annotations.rows is not None else []
    facts += [f"unique ({', '.join(key.columns)})" for key in table.unique_constraints]
    facts += [f"check {check.expression}" for check in table.checks]
    facts += [f"index {index.name} ({', '.join(map(str, index.columns))})" for index in table.indexes]
    return _joined("; ".join(facts), table.comment)


def _relation_tip(relation: Relation) -> str:
    columns, referenced = ", ".join(relation.columns), ", ".join(relation.referenced_columns)
    way = f"{relation.child} ({columns}) references {relation.parent} ({referenced})"
    return _joined(f"{relation.name}: {way}" if relation.name else way, relation.reason)


def _enum_node(kind: Enum, *, many_schemas: bool) -> Node:
    shown = kind.labels if len(kind.labels) <= _LABELS_SHOWN + 1 else kind.labels[:_LABELS_SHOWN]
    rows = [Row((Cell(label, Role.TYPE),)) for label in shown]
    if len(shown) < len(kind.labels):
        rows.append(Row((Cell(f"{len(kind.labels) - len(shown)} more", Role.NOTE),), tip=", ".join(kind.labels)))
    return Node(
        id=kind.id,
        title=kind.name,
        rows=tuple(rows),
        subtitle=kind.schema if many_schemas else "",
        note="enum",
        kind="enum",
        outline=LineStyle.SOLID,
        tip=_joined(f"enum {kind.id}: {', '.join(kind.labels)}", kind.comment),
    )
