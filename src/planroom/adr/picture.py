"""The log as a picture: which decisions supersede, amend, relate to and conflict with which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.log import DecisionLog, Tie
from planroom.adr.record import PAST
from planroom.drawing import Cell, Edge, End, Graph, LineStyle, Node, Role, Row, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.adr.record import Record
    from planroom.diagrams.diagram import Diagram

__all__ = ["graph_of", "log_diagram", "mermaid_text"]

_STYLES = {"supersedes": LineStyle.SOLID, "conflicts with": LineStyle.DOTTED}
_FORWARD = {"superseded by": "supersedes", "amended by": "amends"}
_SYMMETRIC = frozenset({"relates to", "conflicts with"})
_WIDTH = 34  # characters of a line of a title


def graph_of(log: DecisionLog) -> Graph:
    """Return the log as a graph, the newer decision before the older one that it supersedes.

    A link that both records have is one line. Decisions that are not in force stand back.
    """
    edges = tuple(
        Edge(
            tail=tail.name,
            head=head.name,
            head_end=End.NONE if kind in _SYMMETRIC else End.ARROW,
            label=kind,
            style=_STYLES.get(kind, LineStyle.DASHED),
        )
        for tail, kind, head in _links(log)
    )
    return Graph(
        nodes=tuple(_node(record) for record in log.records),
        edges=edges,
        title="Decisions",
        subtitle=log.headline,
        summary=f"Decision log: {log.headline}",
        hue_meaning="status",
    )


def _links(log: DecisionLog) -> Iterator[tuple[Record, str, Record]]:
    """Yield each link once, from the record that acts to the one that is acted upon."""
    seen: set[tuple[str, str, str]] = set()
    for tie in log.ties:
        tail, kind, head = _forward(tie)
        if kind in _SYMMETRIC and tail.name > head.name:
            tail, head = head, tail
        if (tail.name, kind, head.name) not in seen and tail.name != head.name:
            seen.add((tail.name, kind, head.name))
            yield tail, kind, head


def _forward(tie: Tie) -> tuple[Record, str, Record]:
    kind = tie.link.kind
    return (tie.other, _FORWARD[kind], tie.record) if kind in _FORWARD else (tie.record, kind, tie.other)


def _node(record: Record) -> Node:
    status = record.status or "no status"
    return Node(
        id=record.name,
        title=record.id,
        note=record.date,
        hue=status,
        kind="decision",
        rows=tuple(Row((Cell(line, Role.NAME),)) for line in _lines(record.title)),
        state=State.FAINT if record.status in PAST else State.PLAIN,
        tip=f"{record.id} {record.title}: {status}",
        subtitle=status,
    )


def _lines(title: str) -> list[str]:
    """Return a title in lines that a box holds."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) >= _WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def log_diagram(log: DecisionLog) -> Diagram:
    """Return the picture of a log, which shows and saves itself."""
    from planroom.diagrams.diagram import Diagram

    return Diagram(graph_of(log), may_reduce=False)


def mermaid_text(log: DecisionLog) -> str:
    """Return the log as a Mermaid flowchart.

    Source: Mermaid 11, "Flowcharts": texts stand in quotes, in which ``"`` and ``#`` are written as entities.
    """
    numbers = {record.name: f"d{at}" for at, record in enumerate(log.records)}
    lines = ["flowchart LR"]
    for each in log.records:
        words = f"{_quoted(f'{each.id} {each.title}')}<br/>{_quoted(each.status or 'no status')}"
        lines.append(f'    {numbers[each.name]}["{words}"]')
    for tail, kind, head in _links(log):
        arrow = "---" if kind in _SYMMETRIC else "-->" if kind == "supersedes" else "-.->"
        lines.append(f"    {numbers[tail.name]} {arrow}|{kind}| {numbers[head.name]}")
    past = [numbers[each.name] for each in log.records if each.status in PAST]
    if past:
        lines += ["    classDef past fill:#f6f8fa,color:#59636e,stroke:#d0d7de", f"    class {','.join(past)} past"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    entities = {"#": "#35;", "&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;"}
    return "".join(entities.get(each, each) for each in text)
