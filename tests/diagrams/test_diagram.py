"""Diagrams as users see them: legible, byte-stable, self-contained, escaped."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.diagrams import RENDERERS, arch, er
from planroom.drawing.layout import WIDTH
from planroom.drawing.text import Face, printable, text_width
from planroom.errors import PlanroomError, UnknownNameError
from planroom.model import Column, Model
from planroom.sqltext import DataType
from tests.counting import calls
from tests.diagrams.models import HOSTILE, deep, generated, hostile, partitioned, small, table
from tests.diagrams.systems import shop

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {5: small(), 50: generated(50), 400: generated(400), 401: generated(400, schemas=7)}


@pytest.fixture(scope="module", params=SIZES, ids=[f"{size} tables" for size in SIZES])
def diagram(request):
    return er(SIZES[request.param])


def texts(svg):
    """Yield each text of an SVG document as (left, right, size, words), in the coordinates of its own group."""
    for element in ET.fromstring(svg).iter(f"{SVG}text"):
        size, words = float(element.get("font-size")), element.text or ""
        face = Face.BOLD if element.get("font-weight") else Face.SANS
        face = Face.MONO if "Mono" in element.get("font-family", "") else face
        width, x = text_width(words, size, face), float(element.get("x"))
        anchor = element.get("text-anchor")
        left = x - width if anchor == "end" else x - width / 2 if anchor == "middle" else x
        yield left, left + width, float(element.get("y")), size, words


def content(diagram):
    """Return the part of the picture that holds the graph: not the heading, the legend, the caption."""
    groups = ET.fromstring(diagram.svg).findall(f"{SVG}g")
    return ET.tostring(next(group for group in groups if group.find(f"{SVG}g") is not None), encoding="unicode")


def test_no_two_boxes_overlap(diagram):
    for one, other in combinations(diagram.layout.boxes.values(), 2):
        assert not one.overlaps(other)


def test_no_text_leaves_its_box(diagram):
    """Every text of the content lies in a box, or is a label on a way."""
    boxes = diagram.layout.boxes.values()
    labels = {edge.label for edge in diagram.shown.edges}
    found = 0
    for left, right, base, size, words in texts(content(diagram)):
        if words in labels:
            continue
        found += 1
        inside = (
            b.x - 0.1 <= left and right <= b.right + 0.1 and b.y <= base - size and base <= b.bottom for b in boxes
        )
        assert any(inside), words
    assert found >= len(diagram.shown.nodes)


def test_texts_of_one_row_do_not_run_into_each_other(diagram):
    rows: dict[tuple[str, float], list[tuple[float, float, str]]] = {}
    boxes = diagram.layout.boxes.items()
    for left, right, base, _, words in texts(content(diagram)):
        owners = (name for name, b in boxes if b.x <= left + 1 and right <= b.right + 1 and b.y < base < b.bottom)
        if owner := next(owners, None):
            rows.setdefault((owner, base), []).append((left, right, words))
    for spans in rows.values():
        spans.sort()
        for (_, right, one), (left, _, other) in pairwise(spans):
            assert right <= left + 0.2, (one, other)


def test_text_is_at_least_10_px_when_fitted_to_1280(diagram):
    width = float(ET.fromstring(diagram.svg).get("width"))
    smallest = min(size for *_, size, _ in texts(diagram.svg))

    assert smallest * min(1.0, 1280 / width) >= 10 - 0.02


def test_nothing_is_drawn_outside_the_paper(diagram):
    root = ET.fromstring(diagram.svg)

    assert diagram.layout.width + 32 <= float(root.get("width")) + 1
    assert diagram.layout.height + 32 <= float(root.get("height"))


def test_a_picture_that_would_be_too_small_is_an_overview_and_says_so():
    shown = er(SIZES[400]).shown

    assert "Overview" in shown.caption
    assert "focus=" in shown.caption
    assert er(SIZES[50]).shown == er(SIZES[50]).graph


def test_less_is_shown_of_each_table_before_an_overview_is():
    assert "Key columns only" in er(generated(100)).shown.caption
    assert "Overview" in er(generated(100), detail="columns").shown.caption


def test_an_overview_can_be_asked_for_and_refused():
    assert "Overview" in er(SIZES[50], overview=True).shown.caption
    whole = er(generated(100), overview=False)
    assert "Overview" not in whole.shown.caption
    assert {node.id for node in whole.shown.nodes} == {node.id for node in whole.graph.nodes}


def test_the_deep_chain_of_1000_tables_has_a_picture_and_a_text():
    diagram = er(deep(1_000))

    assert diagram.layout.width <= WIDTH
    assert not diagram.layout.timed_out
    assert diagram.mermaid.count("{\n") == 1_000


def test_an_empty_model_gets_a_small_picture_that_says_so():
    diagram = er(Model())

    assert "no tables" in diagram.svg
    assert float(ET.fromstring(diagram.svg).get("width")) < 400
    assert "nothing to draw" in str(diagram)
    assert diagram.dot.startswith("digraph")


# The mime bundle


def test_the_bundle_survives_an_untrusted_notebook():
    bundle = er(small())._repr_mimebundle_()

    assert list(bundle) == ["text/plain", "text/html", "image/svg+xml"]
    assert bundle["text/plain"].startswith("erDiagram")
    assert 'alt="ER diagram: 6 tables, 8 relations; hub: orders"' in bundle["text/html"]
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])[1]
    assert base64.b64decode(data).decode() == bundle["image/svg+xml"]
    assert "<details>" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]


def test_a_large_model_s_text_is_shortened_in_a_notebook():
    diagram = er(generated(1_000))
    bundle = diagram._repr_mimebundle_()

    assert sum(map(len, bundle.values())) < 300_000 < len(str(diagram))
    assert "more lines: print(diagram) shows them all." in bundle["text/plain"]


def test_the_repr_has_no_address():
    assert repr(er(small())) == "<Diagram: ER diagram: 6 tables, 8 relations; hub: orders>"


def test_the_picture_is_accessible_and_styled_by_attributes_alone():
    root = ET.fromstring(er(small()).svg)

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "ER diagram: 6 tables, 8 relations; hub: orders"
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "g", "rect", "path", "circle", "line", "text"}
    assert all("style" not in element.attrib for element in root.iter())
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert any("references public.customers (id)" in title for title in titles)


def test_the_legend_names_only_the_signs_that_are_used():
    words = {words for *_, words in texts(er(small()).svg)}
    plain = {words for *_, words in texts(er(Model(tables=(table("t", "id bigint !"),))).svg)}

    assert {"primary key", "foreign key", "exactly one", "zero or more", "identifying"} <= words
    assert "primary key" in plain
    assert not plain & {"foreign key", "nullable", "exactly one", "view", "identifying"}


# Nothing leaves, nothing breaks out


def test_no_renderer_opens_a_socket(monkeypatch):
    def refuse(*_args, **_more):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    diagram = er(small())

    for each in (diagram, arch(shop())):
        notation = each.graph.notation
        assert each._repr_mimebundle_()
        assert [renderer.render(each.graph) for renderer in RENDERERS if notation in renderer.notations]
        for text in (each.svg, each.mermaid, each.dot):
            assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


def test_hostile_names_come_out_escaped_in_every_format():
    diagram = er(hostile())
    root = ET.fromstring(diagram.svg)

    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert {'x"><script>alert(1)</script>', "two␊lines", "表格名称"} <= {t.text for t in root.iter(f"{SVG}text")}
    for text in (diagram.svg, diagram.mermaid, diagram._html()):
        assert "<script>alert" not in text
    assert "\u202e" not in diagram.svg + diagram.mermaid + diagram.dot + diagram._html()
    assert not re.search(r'[^\\]"><script>', diagram.dot), "in DOT a name is a quoted string, its quotes escaped"
    assert "two\nlines" not in diagram.mermaid + diagram.dot


def test_a_name_longer_than_its_box_is_cut_and_whole_in_its_title():
    root = ET.fromstring(er(hostile()).svg)

    assert any((t.text or "").endswith("…") for t in root.iter(f"{SVG}text"))
    assert any("n" * 63 in (t.text or "") for t in root.iter(f"{SVG}title"))


def test_graphviz_reads_the_dot_text_back_with_every_node_and_edge():
    pygraphviz = pytest.importorskip("pygraphviz")
    for model in (small(), hostile(), partitioned(), generated(40, schemas=3)):
        diagram = er(model, cluster="schema")
        graph = pygraphviz.AGraph(string=diagram.dot)

        assert sorted(graph.nodes()) == sorted(printable(node.id).replace("\\", "\\\\") for node in diagram.graph.nodes)
        assert len(graph.edges()) == len(diagram.graph.edges)
        graph.close()


ENTITY = re.compile(r'^ {4}"(?P<name>[^"%\r\n\\]+)"(?: \{)?$')
ATTRIBUTE = re.compile(
    r"^ {8}(?P<type>[A-Za-z_\u00c0-\uffff][A-Za-z0-9_\-\[\]()\u00c0-\uffff]*)"
    r" (?P<name>[A-Za-z_\u00c0-\uffff][A-Za-z0-9_\-\[\]()\u00c0-\uffff]*)"
    r'(?P<keys>(?: (?:PK|FK|UK)(?:, (?:PK|FK|UK))*)?)(?P<comment>(?: "[^"\n]*")?)$'
)
RELATION = re.compile(
    r'^ {4}"[^"%\r\n\\]+" (?:\|\||\|o|\}o|\}\|)(?:--|\.\.)(?:\|\||o\||o\{|\|\{) "[^"%\r\n\\]+" : "[^"\n]*"$'
)


def assert_mermaid(text):
    """Check the text against erDiagram's grammar, line by line."""
    first, title, *rest = text.splitlines()
    assert first == "erDiagram"
    assert title.startswith("    accTitle: ")
    for line in rest:
        assert line == "    }" or ENTITY.match(line) or ATTRIBUTE.match(line) or RELATION.match(line), line
        if attribute := ATTRIBUTE.match(line):
            assert attribute["name"].lower() not in {"pk", "fk", "uk"}


@pytest.mark.parametrize("model", [small(), hostile(), partitioned(), generated(40, schemas=3), deep(20)])
def test_mermaid_text_keeps_to_the_grammar(model):
    assert_mermaid(er(model).mermaid)


any_name = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(st.lists(any_name, min_size=1, max_size=4, unique=True))
@settings(deadline=None)
def test_any_name_gives_valid_mermaid_svg_and_dot(names):
    columns = tuple(Column(name, DataType("text")) for name in names)
    model = Model(tables=(table(names[0], "id bigint !", columns_=columns),))
    diagram = er(model)

    assert_mermaid(diagram.mermaid)
    ET.fromstring(diagram.svg)
    assert diagram.dot.count("\n") == 6


def test_mermaid_tells_keys_and_the_values_of_enums():
    text = er(small()).mermaid

    assert "        bigint order_id PK, FK\n" in text
    assert "        text email UK\n" in text
    assert '        order_status status "draft | placed | paid | shipped | closed"\n' in text
    assert '    "orders" ||--o{ "order_items" : "order_id"\n' in text
    assert '    "categories" |o--o{ "products" : "category_id"\n' in text


def test_tables_of_one_name_in_two_schemas_stay_two_entities():
    model = Model(tables=(table("t", "id bigint !", schema="a"), table("t", "id bigint !", schema="b")))

    assert {'    "a.t" {', '    "b.t" {'} <= set(er(model).mermaid.splitlines())


# Byte-stable

PRINT_ALL = """
import hashlib, sys
sys.path.insert(0, {tests!r})
from tests.diagrams.models import *
from planroom.diagrams import er
for model in (small(), hostile(), partitioned(), generated(45, contexts=4), generated(400), deep(60)):
    diagram = er(model)
    text = diagram.svg + diagram.dot + diagram.mermaid + diagram._html()
    print(hashlib.sha256(text.encode()).hexdigest(), diagram.layout.efforts)
"""


def test_bytes_do_not_depend_on_hash_seed_or_fonts(tmp_path):
    fonts = tmp_path / "fonts.conf"
    fonts.write_text("<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>")
    script = PRINT_ALL.format(tests=str(Path(__file__).parent))
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, **extra}, capture_output=True, text=True, check=True
        ).stdout
        for extra in (
            {"PYTHONHASHSEED": "0"},
            {"PYTHONHASHSEED": "1"},
            {"PYTHONHASHSEED": "1", "FONTCONFIG_FILE": str(fonts)},
        )
    }

    assert len(outputs) == 1
    assert outputs.pop().count("\n") == 6


# Files


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".svg", "<svg "), (".dot", "digraph "), (".gv", "digraph "), (".mmd", "erDiagram\n"), (".md", "```mermaid\n"),
     (".html", "<!doctype html>\n"), (".puml", "@startuml\n"), (".d2", "direction: right\n"), (".er", "# shop\n")],
)  # fmt: skip
def test_save_writes_what_the_ending_says(tmp_path, suffix, start):
    path = er(small()).save(tmp_path / f"shop{suffix}")

    assert path.read_text(encoding="utf-8").startswith(start)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_an_unknown_ending_names_the_nearest(tmp_path):
    with pytest.raises(UnknownNameError, match=r"\.svgg") as error:
        er(small()).save(tmp_path / "shop.svgg")

    assert "did you mean '.svg'" in str(error.value)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_a_clear_error_and_leaves_nothing(tmp_path):
    with pytest.raises(PlanroomError, match="cannot be written") as error:
        er(small()).save(tmp_path / "missing" / "shop.svg")

    assert "folder" in str(error.value)


def test_a_failed_write_leaves_the_old_file_as_it_was(tmp_path, monkeypatch):
    target = tmp_path / "shop.svg"
    target.write_text("old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(PlanroomError, match="cannot be written"):
        er(small()).save(target)
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["shop.svg"]


def test_importing_diagrams_does_not_load_graphviz():
    code = "import sys, planroom.diagrams; print('pygraphviz' in sys.modules, 'IPython' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False False\n"


def test_every_hostile_name_is_among_those_tested():
    assert len(HOSTILE) == len(hostile().tables)


def test_the_mermaid_text_of_1000_tables_does_not_grow_faster_than_the_model():
    """A quadratic walk would be 16 times the work for four times the tables."""
    few, many = generated(250), generated(1_000)
    assert er(many).mermaid.count(" {\n") == 1_000

    assert calls(lambda: er(many).mermaid) < 5 * calls(lambda: er(few).mermaid)
