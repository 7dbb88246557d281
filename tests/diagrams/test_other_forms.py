"""What else a diagram gives: Mermaid in parts, eralchemy2's own picture, an object of mermaid-py."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys

import pytest

from planroom.diagrams import er
from planroom.drawing.graph import Edge, Graph, Node
from planroom.errors import FormatError, LayoutError
from planroom.model import Model
from tests.diagrams.models import generated, hostile, small

LARGE = er(generated(700, contexts=6))


def entities(text: str) -> set[str]:
    return set(re.findall(r'^    ("[^"]+")(?:\[[^\]]*\])?(?::::\w+)? \{$', text, re.MULTILINE))


def relations(text: str) -> set[str]:
    return {line for line in text.splitlines() if re.search(r'" : "', line)}


def test_a_small_diagram_is_one_part_the_whole():
    diagram = er(small())

    assert [part.text for part in diagram.mermaid_parts] == [diagram.mermaid]


def test_the_parts_of_a_large_one_are_within_mermaids_limits_and_hold_everything():
    parts = LARGE.mermaid_parts

    assert len(LARGE.mermaid) > 100_000
    assert all(len(part.text) <= 100_000 and len(relations(part.text)) <= 500 for part in parts)
    assert len({part.name for part in parts}) == len(parts)
    assert set().union(*(entities(part.text) for part in parts[1:])) == entities(LARGE.mermaid)
    assert set().union(*(relations(part.text) for part in parts[1:])) == relations(LARGE.mermaid)


def test_one_hub_with_more_relations_than_fit_is_split_all_the_same():
    nodes = tuple(Node(f"t{n}", f"t{n}") for n in range(1_200))
    graph = Graph(nodes, tuple(Edge("t0", f"t{n}", label=str(n)) for n in range(1, 1_200)))
    diagram = type(LARGE)(graph)

    assert all(len(relations(part.text)) <= 500 for part in diagram.mermaid_parts)
    assert set().union(*(relations(part.text) for part in diagram.mermaid_parts[1:])) == relations(diagram.mermaid)


def test_a_large_one_is_saved_as_headed_parts_or_as_a_file_each(tmp_path):
    LARGE.save(tmp_path / "x.md")
    LARGE.save(tmp_path / "x.mmd")
    document = (tmp_path / "x.md").read_text(encoding="utf-8")

    assert document.count("```mermaid\n") == document.count("\n## Part ") == len(LARGE.mermaid_parts)
    assert len(list(tmp_path.glob("x*.mmd"))) == len(LARGE.mermaid_parts)
    assert f"%% part 1 of {len(LARGE.mermaid_parts)}" in (tmp_path / "x.mmd").read_text(encoding="utf-8")


def test_the_classic_picture_is_the_same_under_another_hash_seed():
    pytest.importorskip("eralchemy2")
    code = "from planroom.diagrams import er; from tests.diagrams.models import *; print(er(hostile()).classic().svg)"
    drawn = {
        subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("0", "1")
    }

    assert len(drawn) == 1
    assert b"<script" not in drawn.pop()


def test_the_classic_picture_names_its_tables_and_says_what_it_cannot_do(tmp_path):
    pytest.importorskip("eralchemy2")
    classic = er(small()).classic()
    classic.save(tmp_path / "x.svg")

    assert "customers" in (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert "mermaid.ink" not in classic.svg
    with pytest.raises(FormatError, match="cannot be written"):
        classic.save(tmp_path / "x.png")
    with pytest.raises(LayoutError, match="too many for the classic look"):
        er(generated(500)).classic()
    with pytest.raises(LayoutError, match="no classic picture of nothing"):
        er(Model()).classic()


def test_the_object_of_mermaid_py_opens_no_socket_and_registers_no_magic(monkeypatch):
    pytest.importorskip("mermaid")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    diagram = er(hostile())

    assert diagram.mermaid_graph().script.strip() == diagram.mermaid.strip()
