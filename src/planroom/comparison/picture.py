"""The ER picture of a difference: what changed in full, what is next to it faint, the rest left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from planroom.comparison.card import headline, many
from planroom.comparison.changes import Change, ChangeState, Facet
from planroom.comparison.difference import Difference
from planroom.comparison.merging import merged
from planroom.diagrams import Diagram
from planroom.diagrams.detail import names_only
from planroom.diagrams.views.er import er_graph
from planroom.drawing.graph import Cell, Edge, Graph, Node, Role, Row, Sign, State
from planroom.model import Enum, ForeignKey, Model

__all__ = ["picture"]

_STATES = {
    ChangeState.ADDED: State.ADDED,
    ChangeState.REMOVED: State.REMOVED,
    ChangeState.RENAMED: State.CHANGED,
    ChangeState.CHANGED: State.CHANGED,
}
_MOST_NEIGHBOURS = 24  # of more, only those next to two changed tables are drawn
_MOST_REMARKS = 8  # rows below a table that say what no column carries
_DRAWN = {"table", "view", "enum", "column", "foreign key"}
_KEYS = {Sign.PRIMARY_KEY, Sign.FOREIGN_KEY}

_HAS_VALUES = "has the values of"

Ends = tuple[str, str, str, str]
"""Parent, child, and the first column of each."""

Ports = set[tuple[str, str]]


def picture(difference: Difference) -> Diagram:
    """Return the picture of a difference; it is empty, with a caption that says so, when nothing differs."""
    made = _Picture(difference)
    return Diagram(made.graph(), smaller=(made.graph(brief=True), names_only(made.graph(brief=True))))


@dataclass(frozen=True)
class _Picture:
    """What the picture is made from."""

    difference: Difference

    @cached_property
    def model(self) -> Model:
        return merged(self.difference)

    @cached_property
    def whole(self) -> Graph:
        return er_graph(self.model)

    @cached_property
    def roots(self) -> Mapping[str, str]:
        """For each partition the table that stands for it in the picture."""
        parents = {table.id: table.partition_of.parent for table in self.model.tables if table.partition_of}
        drawn = self.whole.by_id
        roots = {}
        for partition in parents:
            top, seen = partition, set[str]()
            while top not in drawn and top in parents and top not in seen:
                seen.add(top)
                top = parents[top]
            roots[partition] = top
        return roots

    @cached_property
    def by_node(self) -> Mapping[str, list[Change]]:
        """The changes that each node shows."""
        found: dict[str, list[Change]] = defaultdict(list)
        for change in self.difference.changes:
            place = change.owner or change.subject
            node = self.roots.get(place, place)
            if node in self.whole.by_id:
                found[node].append(change)
        return found

    @cached_property
    def edge_changes(self) -> Mapping[Ends, Change]:
        """The changed foreign keys, by the ends that their edges have."""
        found = {}
        for change in self.difference.changes:
            key = change.new or change.old
            if isinstance(key, ForeignKey) and key.columns and key.referenced_columns:
                target = self._renamed.get(key.referenced_table, key.referenced_table)
                parent = self.roots.get(target, target)
                child = self.roots.get(change.owner, change.owner)
                found[parent, child, key.referenced_columns[0], key.columns[0]] = change
        return found

    @cached_property
    def _renamed(self) -> Mapping[str, str]:
        return {change.former: change.subject for change in self.difference.changes if change.former}

    # -- what is drawn

    def graph(self, *, brief: bool = False) -> Graph:
        """Return the changed nodes, their neighbours, and the edges at the changed ones.

        Args:
            brief: Draw of the changed tables only the columns that changed, and of the others only those that a changed
                foreign key leads to.
        """
        near = self._neighbours(brief=brief)
        kept = self.by_node.keys() | near
        edges = tuple(self._edge(each) for each in self.whole.edges if self._is_drawn(each, kept))
        ports = {(edge.tail, edge.tail_port) for edge in edges} | {(edge.head, edge.head_port) for edge in edges}
        nodes = tuple(
            self._changed(node, ports if brief else None) if node.id in self.by_node else _faint(node, ports)
            for node in self.whole.nodes
            if node.id in kept
        )
        return replace(
            self.whole,
            nodes=nodes,
            edges=edges,
            title=self._title,
            subtitle="",
            summary=f"ER diagram of what changed: {headline(self.difference)}",
            caption=self._caption(len(near), brief=brief),
        )

    @property
    def _title(self) -> str:
        before, after = self.difference.old.name, self.difference.new.name
        return f"{before} → {after}" if before != after else after

    @cached_property
    def _next_to(self) -> Mapping[str, int]:
        """For each unchanged table how many edges lead to changed ones; a changed edge counts as many."""
        counts: dict[str, int] = defaultdict(int)
        for edge in self.whole.edges:
            for one, other in ((edge.tail, edge.head), (edge.head, edge.tail)):
                if one in self.by_node and other not in self.by_node and self.whole.by_id[other].kind == "table":
                    counts[other] += _MOST_NEIGHBOURS if _ends(edge) in self.edge_changes else 1
        return counts

    def _neighbours(self, *, brief: bool) -> set[str]:
        if brief:
            return {node for node, edges in self._next_to.items() if edges >= _MOST_NEIGHBOURS}
        if len(self._next_to) <= _MOST_NEIGHBOURS:
            return set(self._next_to)
        return {node for node, edges in self._next_to.items() if edges > 1}

    def _is_drawn(self, edge: Edge, kept: set[str]) -> bool:
        ends = {edge.tail, edge.head}
        return ends <= kept and bool(ends & self.by_node.keys())

    def _caption(self, near: int, *, brief: bool) -> str:
        if not self.difference.changes:
            return "Nothing differs." if not self.difference.unknowns else "No change is known."
        tables = sum(node.kind == "table" for node in self.whole.nodes)
        changed = sum(self.whole.by_id[node].kind == "table" for node in self.by_node)
        away = tables - changed - near
        parts = [f"{many(near, 'unchanged table')} next to what changed, faint and with keys only."] if near else []
        parts += [f"{many(away, 'other table')} left out."] if away else []
        parts += ["Of changed tables only what changed is shown."] if brief else []
        hidden = [change for change in self.difference.changes if not self._shown(change)]
        kinds = sorted({change.kind for change in hidden})
        listed = ", ".join(many(sum(change.kind == kind for change in hidden), kind) for kind in kinds)
        return " ".join([*parts, f"Changed, but not drawn: {listed}."] if hidden else parts)

    def _shown(self, change: Change) -> bool:
        place = change.owner or change.subject
        return self.roots.get(place, place) in self.by_node

    # -- edges

    def _edge(self, edge: Edge) -> Edge:
        change = self.edge_changes.get(_ends(edge))
        if change:
            return replace(edge, state=_STATES[change.state], tip=f"{edge.tip} — {change}")
        for node in (edge.tail, edge.head):
            state = self._own_state(node)
            if state in {State.ADDED, State.REMOVED} and edge.meaning != _HAS_VALUES:
                return replace(edge, state=state)
        return edge if edge.tail in self.by_node and edge.head in self.by_node else replace(edge, state=State.FAINT)

    def _own_state(self, node: str) -> State:
        """Return what happened to a node itself; one that only holds changes is changed."""
        for change in self.by_node.get(node, ()):
            if change.subject == node and not change.owner:
                return _STATES[change.state]
        return State.CHANGED if node in self.by_node else State.PLAIN

    # -- nodes

    def _changed(self, node: Node, ports: Ports | None) -> Node:
        """Return a node with what happened to it; with ``ports``, only with the columns that changed or are one."""
        state = self._own_state(node.id)
        changes = self.by_node[node.id]
        own = [change for change in changes if change.subject == node.id and not change.owner]
        if node.kind == "enum":
            rows = tuple(_label_rows(own[0])) if own else node.rows
        elif state is State.CHANGED:
            rows = tuple(self._rows(node, changes, ports))
        else:
            rows = tuple(replace(row, state=state) for row in node.rows)
        former = next((change.former for change in own if change.former), "")
        was = f"was {_bare(former, node)}" if former else ""
        return replace(
            node,
            rows=rows,
            state=state,
            subtitle=" · ".join(part for part in (node.subtitle, was) if part),
            tip="; ".join([node.tip, *map(str, own)]),
        )

    def _rows(self, node: Node, changes: Sequence[Change], ports: Ports | None) -> Iterator[Row]:
        """Yield the rows of a changed table: its columns with what changed, then a line for what no column carries."""
        columns = {change.subject: change for change in changes if change.kind == "column" and change.owner == node.id}
        by_port = {(change.new or change.old).name: change for change in columns.values()}
        hidden = 0
        for row in node.rows:
            change = by_port.get(row.port) if row.port else None
            if ports is not None and not change and (node.id, row.port) not in ports:
                hidden += bool(row.port)
                continue
            yield _column_row(row, change) if change else row
            if change and change.state in {ChangeState.CHANGED, ChangeState.RENAMED}:
                yield from (_remark(f"↳ {words}", State.PLAIN) for words in _column_remarks(change))
        if hidden:
            yield _remark(f"{hidden} more columns" if hidden > 1 else "1 more column", State.FAINT)
        rest = [change for change in changes if change.subject not in columns and change.kind != "foreign key"]
        remarks = [remark for change in rest for remark in _remarks(change, node.id)]
        yield from remarks[:_MOST_REMARKS]
        if len(remarks) > _MOST_REMARKS:
            yield _remark(f"{len(remarks) - _MOST_REMARKS} more", State.CHANGED)


def _ends(edge: Edge) -> Ends:
    return edge.tail, edge.head, edge.tail_port, edge.head_port


def _bare(former: str, node: Node) -> str:
    """Return a former id without the schema where that is the same."""
    prefix, name = node.id[: len(node.id) - len(node.title)], former
    return name.removeprefix(prefix) if prefix else name


def _faint(node: Node, ports: Ports) -> Node:
    """Return an unchanged neighbour: faint, with the columns at which edges end."""
    rows = tuple(replace(row, state=State.FAINT) for row in node.rows if row.port and (node.id, row.port) in ports)
    return replace(node, rows=rows, note="", state=State.FAINT)


def _label_rows(change: Change) -> Iterator[Row]:
    """Yield the labels of an enum, those that are gone in their place."""
    old, new = (each.labels if isinstance(each, Enum) else () for each in (change.old, change.new))
    at = 0
    for label in new:
        place = old.index(label) if label in old else -1
        if place >= at:
            yield from (_label(each, State.REMOVED) for each in old[at:place] if each not in new)
            at = place + 1
        yield _label(label, State.PLAIN if label in old else State.ADDED)
    yield from (_label(each, State.REMOVED) for each in old[at:] if each not in new)


def _label(text: str, state: State) -> Row:
    return Row((Cell(text, Role.TYPE),), state=state)


def _column_row(row: Row, change: Change) -> Row:
    return replace(row, state=_STATES[change.state], tip=f"{row.tip} — {change}")


def _column_remarks(change: Change) -> Iterator[str]:
    if change.former:
        yield f"was {change.old.name}"
    yield from map(_said, change.facets)


def _said(facet: Facet) -> str:
    """Return what differs in the words of a picture: short."""
    if facet.name == "nullable":
        return "NULL is allowed" if facet.new else "NULL is not allowed"
    if facet.name == "type":
        return f"{facet.old.short} → {facet.new.short}"
    return str(facet)


def _remarks(change: Change, node: str) -> Iterator[Row]:
    state = _STATES[change.state]
    if change.subject == node and not change.owner:
        yield from (_remark(_said(facet), State.CHANGED) for facet in change.facets)
        return
    thing = change.new or change.old
    where = "" if change.owner in {node, ""} else f" of {change.owner.rpartition('.')[2]}"
    said = f"{change.kind} {thing.name}{where}"
    details = _made_of(thing) if change.state in {ChangeState.ADDED, ChangeState.REMOVED} else change.details
    yield replace(_remark(f"{said} {details}".strip(), state), tip=str(change))


def _made_of(thing: object) -> str:
    """Return what a key, index or check is about."""
    columns = getattr(thing, "columns", ())
    if columns:
        return f"({', '.join(map(str, columns))})"
    return str(getattr(thing, "expression", ""))


def _remark(words: str, state: State) -> Row:
    return Row((Cell(words, Role.NOTE),), state=state, tip=words)
