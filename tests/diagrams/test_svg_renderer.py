"""The SVG renderer draws any Graph, whoever made it: states, styles, ends, labels."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from planroom.diagrams import RENDERERS
from planroom.drawing import Cell, Edge, End, Graph, LineStyle, Node, Role, Row, Sign, State
from planroom.drawing.palette import HUES, STATE_INK

SVG = "{http://www.w3.org/2000/svg}"


def render(graph):
    return ET.fromstring(RENDERERS["svg"].render(graph))


def words(root):
    return [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(("state", "glyph"), [(State.ADDED, "+"), (State.REMOVED, "−"), (State.CHANGED, "~")])
def test_a_state_has_a_colour_a_glyph_and_a_word_in_the_legend(state, glyph):
    row = Row((Cell("total"), Cell("numeric", Role.TYPE, right=True)), state=state)
    root = render(Graph((Node("t", "orders", (row,), state=state), Node("u", "plain"))))
    coloured = [text for text in root.iter(f"{SVG}text") if text.get("fill") == STATE_INK[state]]

    assert {"orders", "total", "numeric", glyph} == {text.text for text in coloured}
    assert state.value in words(root)
    struck = {text.text for text in coloured if text.get("text-decoration") == "line-through"}
    assert struck == ({"orders", "total", "numeric"} if state is State.REMOVED else set())


def test_the_texts_of_a_header_hold_their_width_in_any_font():
    root = render(Graph((Node("t", "order_event_kind", (), subtitle="ordering", note="enum"), Node("u", "täglich"))))
    held = {text.text: float(text.get("textLength", 0)) for text in root.iter(f"{SVG}text")}

    assert held["order_event_kind"] > held["ordering"] > held["enum"] > 0
    assert held["täglich"] == 0, "its width is only known from above"


def test_a_changed_edge_is_coloured_and_its_label_bears_the_glyph():
    edge = Edge("a", "b", label="calls", state=State.ADDED, head_end=End.ARROW)
    root = render(Graph((Node("a", "a"), Node("b", "b")), (edge,)))

    assert "+ calls" in words(root)
    assert any(path.get("stroke") == STATE_INK[State.ADDED] for path in root.iter(f"{SVG}path"))


def test_inferred_edges_are_dashed_and_the_legend_says_so():
    edge = Edge("a", "b", style=LineStyle.DASHED, label="0.83", meaning="inferred")
    root = render(Graph((Node("a", "a"), Node("b", "b")), (edge,)))

    assert {"inferred", "0.83"} <= set(words(root))
    assert any(path.get("stroke-dasharray") == "5 3" for path in root.iter(f"{SVG}path"))


def test_two_labels_do_not_hide_each_other():
    nodes = (Node("a", "a"), Node("b", "b"))
    root = render(Graph(nodes, tuple(Edge("a", "b", label=f"label {at}") for at in range(2))))
    labels = [text for text in root.iter(f"{SVG}text") if (text.text or "").startswith("label")]

    assert len({(text.get("x"), text.get("y")) for text in labels}) == 2


def test_colours_of_a_part_are_those_of_the_whole():
    part = Graph((Node("t", "t", hue="sales"),), hues=("identity", "sales"))

    fills = {element.get("fill") for element in render(part).iter()}
    assert HUES[1] in fills
    assert HUES[0] not in fills


def test_every_sign_and_end_is_explained_when_it_is_used():
    row = Row((Cell(signs=tuple(Sign)), Cell("c")), port="c")
    edges = tuple(Edge("a", "b", "c", "c", end, End.NONE) for end in End if end is not End.NONE)
    root = render(Graph((Node("a", "a", (row,)), Node("b", "b", (row,))), edges))

    assert {*(sign.value for sign in Sign), *(end.value for end in End if end is not End.NONE)} <= set(words(root))


def test_a_node_of_a_fixed_size_keeps_it():
    root = render(Graph((Node("a", "a", size=(300.0, 120.0)),)))

    assert any((rect.get("width"), rect.get("height")) == ("300", "120") for rect in root.iter(f"{SVG}rect"))


def test_tooltips_are_titles():
    root = render(Graph((Node("a", "a", tip="table a — <what> it is"),)))

    assert "table a — <what> it is" in [title.text for title in root.iter(f"{SVG}title")]
