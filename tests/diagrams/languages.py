# ruff: noqa: E501  (a grammar reads best on one line)
"""Graphs that every text language must survive, and what each language's own tool says of a text."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.diagrams import er
from planroom.diagrams.overview import overview
from planroom.drawing.graph import Cell, Cluster, Edge, End, Graph, LineStyle, Node, Role, Row, Sign, State
from planroom.model import Model
from tests.diagrams.models import generated, hostile, partitioned, small

if TYPE_CHECKING:
    from pathlib import Path

TRICKS = (
    "!include /etc/passwd", "@enduml", "%date()", "$name", "' comment", "/' block '/", "**bold** //it// __u__ --s--",
    "<b>x</b>", "[[https://example.org{tip}]]", "<U+0041>", "~tilde", "..", "--", "end note", "a : b", "<&key>",
    "${x}", "...@import", "*", "**", "&x", "!&x", "_", "a.b", "a -> b", "|md x |", "null", "style", "label", "Label",
    "LABEL", "shape", "classes", "vars", "constraint", "layers", "x\\", 'q"q', "q'q", "`tick`", "{", "}", "# hash",
    "] x", "a 1--* b", "direction LR", "x  DIRECTION\tTB y", "%%{init: {}}%%", ":::added", "end", "class", "a;b",
    "``` ```", "<!-- x -->", "", " ", "\u00a0x\u2028y", "\u201cq\u201d", "\ue000", "e\u0301", "\U0001f680", "\x00\x1b",
)  # fmt: skip


def tricky() -> Graph:
    """Return a graph in which every text that a language might act on is a name, a type, a comment and a label."""
    nodes = []
    edges = []
    for at, text in enumerate(TRICKS):
        rows = tuple(
            Row((Cell(signs=(Sign.PRIMARY_KEY,)), Cell(port), Cell(text or "int", Role.TYPE)), port=port, tip=f"{port} — {text}")
            for port in dict.fromkeys(("id", text or "up", *(TRICKS if at == 0 else ()))) if port
        )  # fmt: skip
        nodes.append(Node(f"s.{text}", text, rows, subtitle=text, note=text, tip=f"table — {text}", hue=text))
        edges.append(
            Edge(f"s.{TRICKS[at - 1]}", f"s.{text}", "id", text or "up", End.EXACTLY_ONE, End.ZERO_OR_MORE, label=text)
        )
    half = len(nodes) // 2
    clusters = tuple(Cluster(f"c:{text}", text, (nodes[at].id,), text) for at, text in enumerate(TRICKS[:half]))
    return Graph(tuple(nodes), tuple(edges), clusters, *(f"t {text}" for text in TRICKS[:4]), hue_meaning="trick")


def with_states() -> Graph:
    """Return a graph with a table, a column and a relation of each state, one that is inferred, and an enum."""
    nodes = tuple(
        Node(
            f"s.{state or 'plain'}",
            f"{state or 'plain'}_table",
            (
                Row((Cell(signs=(Sign.PRIMARY_KEY,)), Cell("id"), Cell("int", Role.TYPE)), port="id"),
                Row((Cell(f"{state}_c"), Cell("text", Role.TYPE)), port=f"{state}_c", state=state, tip="c text — why"),
            ),
            state=state,
            hue="s",
        )
        for state in State
    )
    edges = tuple(
        Edge("s.plain", node.id, "id", node.rows[1].port, End.EXACTLY_ONE, End.ZERO_OR_MORE, state=node.state)
        for node in nodes
    )
    guess = Edge("s.added", "s.changed", "id", "id", End.ZERO_OR_ONE, End.ZERO_OR_MORE, "0.87", LineStyle.DASHED,
                 meaning="inferred")  # fmt: skip
    colours = Node("s.colour", "colour", (Row((Cell("red", Role.TYPE),)),), note="enum", kind="enum")
    use = Edge("s.colour", "s.plain", head_port="_c", style=LineStyle.DOTTED, meaning="has the values of")
    return Graph((*nodes, colours), (*edges, guess, use), title="states")


GRAPHS = {
    "small": er(small()).graph,
    "hostile": er(hostile()).graph,
    "tricky": tricky(),
    "states": with_states(),
    "clusters": er(generated(60, schemas=5), cluster="schema").graph,
    "overview": overview(er(generated(300, contexts=6)).graph, asked=True),
    "partitioned": er(partitioned()).graph,
    "empty": er(Model()).graph,
    "names": er(small(), detail="names").graph,
    "removed": replace(er(small()).graph, nodes=tuple(replace(n, state=State.REMOVED) for n in er(small()).graph.nodes)),
}  # fmt: skip

JAVA_QUIET = {**os.environ, "JAVA_TOOL_OPTIONS": "-Djava.awt.headless=true"}


def plantuml_faults(texts: dict[str, str], folder: Path) -> list[str]:
    """Return what PlantUML finds wrong, each text asked about in one process."""
    program = shutil.which("plantuml")
    assert program
    for name, text in texts.items():
        (folder / f"{name}.puml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program, "-charset", "UTF-8", "-checkonly", *sorted(map(str, folder.glob("*.puml")))],
        capture_output=True, text=True, env=JAVA_QUIET, timeout=120, check=False,
    )  # fmt: skip
    said = re.sub(r"Picked up JAVA_TOOL_OPTIONS.*\n", "", done.stdout + done.stderr).strip()
    return [f"{done.returncode}: {said}"] if done.returncode or said else []
