"""What the page knows: the design and its picture, as plain data that is small as JSON.

A table is a list of fields in the order of `TABLE_FIELDS`, and so are columns and relations; the page is told those
orders, so that the two cannot drift apart. What is empty at the end of a list is left out.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from planroom.drawing.graph import End
from planroom.exploring.details import COLUMN_FIELDS, column_fields, facts_of, guards_of, indexes_of
from planroom.model import Table, qualified
from planroom.model.card import headline
from planroom.model.names import DEFAULT_SCHEMA
from planroom.model.selection import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.drawing import Box, Edge, Graph, Layout, Point
    from planroom.findings import Finding
    from planroom.model import ForeignKey, Model, ObjectId, Relation, View

__all__ = ["RELATION_FIELDS", "TABLE_FIELDS", "Content", "Decision"]

TABLE_FIELDS = (
    "id", "name", "schema", "kind", "box", "cluster", "hue", "columns", "comment", "context", "facts", "indexes",
    "guards", "partitions", "ddl", "findings", "decisions",
)  # fmt: skip
RELATION_FIELDS = (
    "child", "parent", "childRow", "parentRow", "ends", "columns", "referenced", "name", "rules", "way", "score",
)  # fmt: skip


class Decision(NamedTuple):
    """A decision record as the page shows it; a plain tuple will do.

    Attributes:
        id: Its number or name.
        title: What was decided.
        status: Such as ``accepted``.
        affects: Selectors of tables or columns, with or without ``table:`` before them.
    """

    id: str
    title: str
    status: str = ""
    affects: Sequence[str] = ()


@dataclass(frozen=True)
class Content:
    """A design, its picture, and what is known of its tables.

    Attributes:
        graph: The picture, framed.
        layout: Where everything stands in it.
        ddl: The statements that make each table, by its id.
    """

    model: Model
    graph: Graph
    layout: Layout
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decision, ...] = ()
    ddl: Mapping[ObjectId, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """Return everything as what JSON can hold."""
        return {
            "name": self.model.name or "Model",
            "headline": headline(self.model),
            "dialect": self.model.dialect,
            "grouping": self.graph.hue_meaning or "group",
            "ends": [each.value for each in End],
            "size": [round(self.layout.width), round(self.layout.height)],
            "label": self.layout.grid.label if self.layout.grid else 0,
            "fields": {"table": TABLE_FIELDS, "column": COLUMN_FIELDS, "relation": RELATION_FIELDS},
            "groups": self.graph.hues,
            "clusters": list(self._clusters()),
            "tables": [_short(self._table(node)) for node in self._places],
            "types": list(self._types),  # known once the columns are described
            "relations": [_short(each) for each in self._relations()],
            "enums": [
                {"id": each.id, "labels": each.labels, "comment": each.comment, "uses": self._uses.get(each.id, [])}
                for each in self.model.enums
            ],
            "domains": [
                {"id": each.id, "type": str(each.type), "comment": each.comment,
                 "checks": [str(check.expression) for check in each.checks], "uses": self._uses.get(each.id, [])}
                for each in self.model.domains
            ],
            "findings": [
                {"code": each.code, "severity": str(each.severity), "glyph": each.severity.glyph,
                 "message": each.message, "subject": each.subject, "fix": each.fix.text if each.fix else ""}
                for each in self.findings
            ],
            "decisions": [{"id": each.id, "title": each.title, "status": each.status} for each in self.decisions],
        }  # fmt: skip

    # -- where things stand --------------------------------------------------------------------------------------

    @cached_property
    def _things(self) -> Mapping[ObjectId, Table | View]:
        return {**self.model.views_by_id, **self.model.tables_by_id}

    @cached_property
    def _places(self) -> Mapping[ObjectId, int]:
        """The number of each table and view that is drawn."""
        return {node.id: at for at, node in enumerate(self.graph.nodes)}

    @cached_property
    def _hues(self) -> Mapping[str, int]:
        return {name: at for at, name in enumerate(self.graph.hues)}

    def _clusters(self) -> Iterator[dict[str, Any]]:
        frames = dict(self.layout.frames)
        for cluster in self.graph.clusters:
            yield {"name": cluster.label, "hue": self._hues.get(cluster.hue, -1), "box": _whole(frames[cluster.id])}

    @cached_property
    def _cluster_of(self) -> Mapping[ObjectId, int]:
        return {node: at for at, cluster in enumerate(self.graph.clusters) for node in cluster.nodes}

    @cached_property
    def _types(self) -> dict[str, int]:
        """The number of each type; it grows as columns are described."""
        return {}

    # -- tables --------------------------------------------------------------------------------------------------

    def _table(self, node: ObjectId) -> list[Any]:
        thing, drawn = self._things[node], self.graph.by_id[node]
        keys = {row.port: {sign for cell in row.cells for sign in cell.signs} for row in drawn.rows}
        columns = [_short(column_fields(each, keys.get(each.name, set()), self._type)) for each in thing.columns]
        return [
            thing.id,
            thing.name,
            thing.schema,
            _kind(thing),
            _whole(self.layout.boxes[node]),
            self._cluster_of.get(node, -1),
            self._hues.get(drawn.hue, -1),
            columns,
            thing.comment,
            thing.annotations.context,
            facts_of(thing),
            indexes_of(thing),
            guards_of(thing),
            [[each.name, str(each.partition_of.bound)] for each in self._parts(thing) if each.partition_of],
            self.ddl.get(thing.id, ""),
            self._findings_of.get(thing.id, []),
            self._decisions_of.get(thing.id, []),
        ]

    @cached_property
    def _uses(self) -> Mapping[ObjectId, list[list[int]]]:
        """Table and column of each use of an enum or domain, by the type's id."""
        known = {each.id for each in self.model.enums} | {each.id for each in self.model.domains}
        uses: dict[ObjectId, list[list[int]]] = defaultdict(list)
        for node, place in self._places.items() if known else ():
            for at, column in enumerate(self._things[node].columns):
                kind = column.type
                for name in (qualified(kind.schema, kind.name), qualified(DEFAULT_SCHEMA, kind.name)):
                    if name in known:
                        uses[name].append([place, at])
                        break
        return uses

    def _parts(self, thing: Table | View) -> Sequence[Table]:
        return self.model.partitions.get(thing.id, ()) if isinstance(thing, Table) else ()

    def _type(self, written: str) -> int:
        return self._types.setdefault(written, len(self._types))

    @cached_property
    def _findings_of(self) -> Mapping[ObjectId, list[int]]:
        found: dict[ObjectId, list[int]] = defaultdict(list)
        for at, finding in enumerate(self.findings):
            subject = finding.subject
            while subject and subject not in self._places:
                subject = subject.rpartition(".")[0]
            found[subject].append(at)
        return found

    @cached_property
    def _decisions_of(self) -> Mapping[ObjectId, list[int]]:
        found: dict[ObjectId, list[int]] = defaultdict(list)
        for at, decision in enumerate(self.decisions):
            selectors = [Selector.parse(text.removeprefix("table:")) for text in decision.affects if text.strip()]
            for node in self._places if selectors else ():
                if any(_affects(selector, self._things[node]) for selector in selectors):
                    found[node].append(at)
        return found

    # -- relations -----------------------------------------------------------------------------------------------

    def _relations(self) -> Iterator[list[Any]]:
        ways = {route.edge: route.points for route in self.layout.routes}
        keys = {(table.id, key.name): key for table in self.model.tables for key in table.foreign_keys}
        rows = {node.id: {row.port: at for at, row in enumerate(node.rows)} for node in self.graph.nodes}
        for at, edge in enumerate(self.graph.edges):
            relation = self._relation_of(edge)
            key = keys.get((relation.child, relation.name)) if relation else None
            yield [
                self._places[edge.head],
                self._places[edge.tail],
                rows[edge.head].get(edge.head_port, -1),
                rows[edge.tail].get(edge.tail_port, -1),
                [_ENDS.index(edge.head_end), _ENDS.index(edge.tail_end)],
                relation.columns if relation else (),
                relation.referenced_columns if relation else (),
                relation.name if relation else "inherits from",
                _rules(key) if key else "",
                _steps(ways[at]) if at in ways else [],
                round(relation.score, 2) if relation and relation.score is not None else "",
            ]

    @cached_property
    def _waiting(self) -> Mapping[tuple[str, ...], deque[Relation]]:
        """The relations by the rows at which their edges end; those of partitions are their root's."""
        root = self.model.roots
        found: dict[tuple[str, ...], deque[Relation]] = defaultdict(deque)
        for each in self.model.relations:
            ends = (root.get(each.child, each.child), root.get(each.parent, each.parent))
            found[(*ends, *each.columns[:1], *each.referenced_columns[:1])].append(each)
        return found

    def _relation_of(self, edge: Edge) -> Relation | None:
        """Return the relation that an edge shows; None for inheritance."""
        waiting = self._waiting.get((edge.head, edge.tail, edge.head_port, edge.tail_port))
        return waiting.popleft() if waiting and edge.tail_end is not End.GENERAL else None


_ENDS = tuple(End)


def _kind(thing: Table | View) -> str:
    if isinstance(thing, Table):
        return "foreign table" if thing.external else "table"
    return "materialised view" if thing.materialised else "view"


def _whole(box: Box) -> list[int]:
    return [round(number) for number in box]


def _steps(points: Sequence[Point]) -> list[int]:
    """Return a way as its first point, then its legs by turns level and upright."""
    steps = [round(points[0].x), round(points[0].y)]
    for at, (before, after) in enumerate(pairwise(points)):
        steps.append(round(after.y) - round(before.y) if at % 2 else round(after.x) - round(before.x))
    return steps


def _rules(key: ForeignKey) -> str:
    rules = (("on delete", key.on_delete), ("on update", key.on_update))
    told = [f"{when} {what}" for when, what in rules if what != "no action"]
    told += ["not enforced"] if not key.enforced else ["not validated"] if not key.validated else []
    return ", ".join(told)


def _affects(selector: Selector, thing: Table | View) -> bool:
    return selector.matches_table(thing) or any(selector.matches_column(thing, each) for each in thing.columns)


def _short(fields: list[Any]) -> list[Any]:
    """Return the list without what is empty at its end."""
    count = len(fields)
    while count and not fields[count - 1] and fields[count - 1] != 0:
        count -= 1
    return fields[:count]
