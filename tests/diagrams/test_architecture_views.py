"""One graph of a system, the same in every language; pictures that hold everything they need."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from planroom.architecture import Component, Container, Person, Picture, Relation, System, tag
from planroom.ddl import read_postgres
from planroom.diagrams import RENDERERS, Diagram, arch, architecture_views, graphs_of, pictures_of
from planroom.diagrams.diagram import is_legible
from planroom.diagrams.renderers._wording import box_lines, edge_lines
from planroom.drawing import Edge, Effort, Form, Graph, Node, Notation, graphviz, lay_out
from planroom.drawing.box_layout import place_boxes
from planroom.errors import FormatError, ModelError, UnknownNameError
from planroom.model import annotate
from tests.diagrams.systems import shop, systems

LANGUAGES = ("d2", "dot", "mermaid", "plantuml", "structurizr")
VIEWS = [name for name in architecture_views() if name != "ownership"]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(view: str, **options) -> Diagram:
    return arch(shop(), view, **options)


def edges_in(language: str, text: str) -> int:
    """Return the number of relations in a text: lines that join two names."""
    patterns = {
        "mermaid": r"^\s+\w+ ?<?(?:--?>|-\.->|---|-\.-|-?->>)",
        "plantuml": r"^e_\w+ (?:<?-\[[^\]]*\]->?|--?>) ",
        "d2": r'^".*" (?:->|<->|--|<-) ".*: "',
        "dot": r'^  "(?:[^"\\]|\\.)*" -> ',
        "structurizr": r"^\s+e_\w+ -> e_\w+ ",
    }
    return len(re.findall(patterns[language], text, re.MULTILINE))


def nodes_in(language: str, text: str) -> int:
    """Return the number of elements in a text; for Structurizr without those that others are in."""
    patterns = {
        "mermaid": r"^ +(?:(?:actor|participant) n_\w+ as |n_\w+[\[(])",
        "plantuml": r'^ *(?:rectangle|actor|database|queue|participant) ".*" as e_',
        "d2": r"^  shape: (?!sequence)",
        "dot": r"\[label=<<B>",
        "structurizr": r"^ +e_\w+ = .*[^{]$",
    }
    return len(re.findall(patterns[language], text, re.MULTILINE))


@pytest.mark.parametrize("language", LANGUAGES)
@given(systems())
@settings(max_examples=12, deadline=None)
def test_every_language_holds_every_element_and_every_relation_once(language, system):
    for picture, graph in graphs_of(system):
        text = RENDERERS[language].render(graph)
        inner = len(graph.nodes) - sum(frame.id in graph.by_id for frame in graph.clusters)
        assert edges_in(language, text) == len(graph.edges), picture
        assert nodes_in(language, text) == (inner if language == "structurizr" else len(graph.nodes)), picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_language_holds_every_name_and_word(language, view):
    graph = drawn(view).graph
    text = decoded(language, RENDERERS[language].render(graph))

    assert graph.edges
    words = [word for node in graph.nodes for line in box_lines(node) for word in line.strip("[]").split()]
    words += [word for edge in graph.edges for line in edge_lines(edge)[:2] for word in line.strip("[]").split()]
    assert [word for word in words if word.strip("[]():") not in text] == []


def decoded(language: str, text: str) -> str:
    if language == "mermaid":
        return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)
    if language == "plantuml":
        return re.sub(r"<U\+([0-9A-F]+)>", lambda found: chr(int(found[1], 16)), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if language == "dot" else text


def test_a_relation_that_is_missing_would_be_noticed():
    graph = drawn("container").graph
    fewer = replace(graph, edges=graph.edges[1:])

    for language in LANGUAGES:
        assert edges_in(language, RENDERERS[language].render(fewer)) == len(graph.edges) - 1


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_shows_every_element_and_relation_of_the_graph(view):
    diagram = drawn(view)
    root = ElementTree.fromstring(diagram.svg)
    texts = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))

    for node in diagram.shown.nodes:
        assert node.title.split()[0] in texts
    assert len(diagram.layout.routes) == len(diagram.graph.edges)


@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_needs_nothing_from_outside_and_holds_an_icon_once(view):
    pytest.importorskip("diagrams")
    root = ElementTree.fromstring(drawn(view).svg)
    sources = [each.get("href") for each in root.iter() if each.get("href")]
    images = [each.get("id") for each in root.iter(f"{SVG}image")]

    assert all(source.startswith(("data:image/png;base64,", "#icon-")) for source in sources)
    assert len(images) == len(set(images))
    assert {source[1:] for source in sources if source[0] == "#"} == set(images)


def test_the_containers_of_the_shop_have_icons():
    pytest.importorskip("diagrams")

    assert drawn("container").svg.count("<image ") == 4


def test_a_picture_is_the_same_under_another_hash_seed():
    code = "from tests.diagrams.systems import shop; from planroom.diagrams import arch; print(arch(shop()).svg)"
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, timeout=120,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip

    assert len(answers) == 1


@pytest.mark.parametrize("view", [name for name in VIEWS if name != "dynamic"])
def test_boxes_do_not_overlap_and_stand_within_their_frames(view):
    if not graphviz.available():
        pytest.skip("Graphviz is not installed")
    diagram = drawn(view)
    boxes, frames = diagram.layout.boxes, dict(diagram.layout.frames)

    assert not [pair for pair in combinations(boxes.values(), 2) if pair[0].overlaps(pair[1])]
    for cluster in diagram.shown.clusters:
        frame = frames[cluster.id]
        for node in cluster.nodes:
            assert frame.x <= boxes[node].x
            assert boxes[node].right <= frame.right
        strangers = [box for node, box in boxes.items() if node not in cluster.nodes]
        assert not [box for box in strangers if box.overlaps(frame)]


def test_without_graphviz_there_is_still_a_picture(monkeypatch):
    monkeypatch.setattr(graphviz, "available", lambda: False)
    diagram = drawn("container")

    assert "pygraphviz" in diagram.layout.note
    assert "Bank" in diagram.svg


def test_forty_containers_stay_legible():
    containers = [Container(f"service-{at}", technology="Java", description="Does one thing.") for at in range(40)]
    relations = [Relation(f"service-{at // 2}", f"service-{at}", "asks", "HTTPS") for at in range(1, 40)]
    relations += [Relation(f"service-{at}", f"service-{39 - at}", "tells", "Kafka", sync=False) for at in range(12)]
    diagram = arch(System("S", containers=containers, relations=relations))

    assert is_legible(diagram.shown, diagram.layout)
    assert diagram.shown.caption.startswith("Left out to stay legible")


@pytest.mark.parametrize(("count", "effort"), [(20, Effort.FULL), (130, Effort.LINES), (401, Effort.OWN)])
def test_how_much_effort_a_picture_gets_is_decided_by_counted_size(count, effort):
    if not graphviz.available():
        pytest.skip("Graphviz is not installed")
    graph = Graph(
        nodes=tuple(Node(str(at), str(at), form=Form.BOX) for at in range(count)),
        edges=tuple(Edge(str(at // 3), str(at)) for at in range(1, count)),
        notation=Notation.BOXES,
    )
    layout = lay_out(graph)

    assert layout.efforts == (effort,)
    assert ("too many" in layout.note) is (effort is Effort.OWN)
    assert not layout.timed_out


def test_views_show_what_they_should():
    ids = {view: {node.id for node in drawn(view).graph.nodes} for view in VIEWS}

    assert ids["landscape"] == ids["context"] == {"person:buyer", "system:shop", "system:bank"}
    assert {"container:web", "container:db", "person:buyer", "system:bank"} <= ids["container"]
    assert {"component:api.cart", "container:web", "system:bank"} <= ids["component"]
    assert "node:pods/container:api" in ids["deployment"]
    assert ids["dynamic"] == {"person:buyer", "container:web", "container:api"}
    assert "person:buyer" not in ids["data-flow"], "nothing is said of what the buyer sends"


def test_a_predicate_leaves_out_what_it_does_not_name():
    ids = {node.id for node in drawn("container", include=tag("pii")).graph.nodes}

    assert ids == {"container:web", "container:api", "system:bank"}


def test_personal_data_in_the_clear_is_marked():
    [edge] = [each for each in drawn("data-flow").graph.edges if each.head == "system:bank"]

    assert [sign.value for sign in edge.signs] == ["personal data", "not encrypted"]


def test_a_scenario_is_drawn_in_two_ways_with_the_same_steps():
    together, sequence = drawn("dynamic").graph, drawn("dynamic", sequence=True).graph

    assert [each.label for each in together.edges] == ["1. clicks", "2. orders", "3. adds"]
    assert together.edges == sequence.edges
    assert sequence.notation is Notation.SEQUENCE
    assert "sequenceDiagram" in RENDERERS["mermaid"].render(sequence)


def test_the_messages_of_a_sequence_stand_below_each_other():
    layout = lay_out(drawn("dynamic", sequence=True).graph)
    heights = [route.points[0].y for route in layout.routes]

    assert heights == sorted(heights)


def test_a_view_that_is_kept_is_called_by_its_key():
    kept = replace(shop(), views=(Picture("money", "container", include=tag("pii")),))

    assert [each.key for each in pictures_of(kept)] == ["money"]
    assert {node.id for node in arch(kept, "money").graph.nodes} == {"container:web", "container:api", "system:bank"}


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(UnknownNameError, match="contaner") as caught:
        drawn("contaner")
    assert "did you mean 'container'" in str(caught.value)
    for view in ("component", "deployment", "dynamic", "ownership"):
        with pytest.raises(ModelError, match="draw"):
            arch(System("S"), view)
    with pytest.raises(FormatError, match="er"):
        drawn("container").text("er")


def test_a_label_has_its_own_room():
    if not graphviz.available():
        pytest.skip("Graphviz is not installed")
    placed = place_boxes(drawn("container").graph, width=1374, seconds=20)

    assert placed.labels
    assert not [pair for pair in combinations(placed.labels.values(), 2) if pair[0].overlaps(pair[1])]
    assert not [1 for label in placed.labels.values() for box in placed.boxes.values() if label.overlaps(box)]


def test_structurizr_uses_its_own_words_where_the_frames_allow():
    text = drawn("component").text("structurizr")

    assert re.search(r"e_system_shop = softwareSystem", text)
    assert re.search(r'e_component_api_cart = component "Cart"', text)
    assert "component e_container_api view {" in text
    assert 'group "Region"' in drawn("deployment").text("structurizr")
    assert text.count("{") == text.count("}")


def test_structurizr_has_no_words_for_tables():
    with pytest.raises(FormatError, match="Structurizr"):
        RENDERERS["structurizr"].render(Graph(nodes=(Node("a", "a"), Node("b", "b")), edges=(Edge("a", "b"),)))


# What one line may be, for each language, as far as planroom uses it: a line that a text has broken is none of these.
D2 = r'"(?:[^"\\$]|\\[\\"$n])*"'
MERMAID = r'"(?!.*(?i:direction) )(?:[^"#<>;{}`%\\]|#\d+;|<br/>|</?b>)*"'
MERMAID_WORDS = r"(?:[^#<>;{}`%\\]|#\d+;|<br/>)*"
PUML = r"(?:[\w ,().:·\-\U00010000-\U0010ffff]|<U\+[0-9A-F]{4}>|</?b>|\\n)*"
DSL = r'"(?:[^"\\]|\\")*"'
DOT = r'"(?:[^"\\]|\\.)*"'
GRAMMARS = {
    "mermaid": [
        r"flowchart TB|sequenceDiagram", rf"    accTitle: {MERMAID_WORDS}", rf" +subgraph c\d+\[{MERMAID}\]", r" +end",
        r" +style c\d+ [\w:,# -]+", rf" +n_\w+(?:\[|\(\[|\[\(|\[\[){MERMAID}(?:\]|\]\)|\)\]|\]\])",
        rf"    n_\w+ <?(?:-->|---|-\.->|-\.-)(?:\|{MERMAID}\|)? n_\w+", r"    classDef f\d+ [\w:,#]+",
        r"    class [\w,]+ f\d+", rf"    (?:actor|participant) n_\w+ as {MERMAID_WORDS}",
        rf"    n_\w+--?>>n_\w+: {MERMAID_WORDS}",
    ],
    "plantuml": [
        r"@startuml|@enduml", r" *(?:skinparam )?\w+(?: [\w#{]+)?", r" *\}", rf"(?:title|caption) {PUML}",
        rf' *rectangle "{PUML}" as c_\d+ #ffffff \{{',
        rf' *(?:rectangle|actor|database|queue|participant) "{PUML}" as e_\w+ #\w+',
        rf"e_\w+ <?-\[#\w+(?:,dashed)?\]->? e_\w+(?: : {PUML})?", rf"e_\w+ --?> e_\w+ : {PUML}",
    ],
    "d2": [
        r"shape: sequence_diagram", rf"{D2}(?:\.{D2})*: {D2} \{{", r"\}", r"  shape: \w+", r"  style: \{[^{}]*\}",
        rf"{D2}(?:\.{D2})* (?:->|<->|--|<-) {D2}(?:\.{D2})*: {D2} \{{",
    ],
    "dot": [
        rf"digraph {DOT} \{{", r" *\}", r"  (?:graph|node|edge) \[.*\]",
        rf" *subgraph cluster_\d+ \{{ label={DOT}; [\w=;\", #]+", rf" *{DOT} \[label=<<B>.*>, .*\]",
        rf"  {DOT} -> {DOT} \[label={DOT}, [\w=, ]+\]",
    ],
    "structurizr": [
        rf"workspace {DSL} {DSL} \{{", r" +(?:model|views|styles) \{", r" *\}", rf" +group {DSL} \{{",
        rf" +e_\w+ = \w+(?: {DSL}){{1,4}}(?: \{{)?", rf" +e_\w+ -> e_\w+ {DSL} {DSL} {DSL}",
        rf" +(?:custom view {DSL}|systemLandscape view|\w+ e_\w+ view) \{{", r" +include(?: e_\w+)+",
        rf" +(?:element|relationship) {DSL} \{{", r" +(?:shape|background|stroke|color|style|autoLayout) [\w#]+",
    ],
}  # fmt: skip


def strangers(language: str, text: str) -> list[str]:
    """Return the lines that are none of the language's."""
    grammar = [re.compile(pattern) for pattern in GRAMMARS[language]]
    return [line for line in text.removesuffix("\n").split("\n") if not any(each.fullmatch(line) for each in grammar)]


@given(systems())
@settings(max_examples=25, deadline=None)
def test_no_text_breaks_out_of_any_language(system):
    graphs = [graph for _, graph in graphs_of(system)]
    graphs.append(replace(graphs[0], notation=Notation.SEQUENCE, clusters=()))
    for graph in graphs:
        for language in LANGUAGES:
            assert strangers(language, RENDERERS[language].render(graph)) == []


def test_a_line_that_a_text_has_broken_is_noticed():
    assert strangers("mermaid", 'flowchart TB\n    n_a["x"]y"]\n') == ['    n_a["x"]y"]']
    assert strangers("structurizr", '        e_a = element "a" b"\n') == ['        e_a = element "a" b"']
    assert strangers("plantuml", "@startuml\n!include x\n") == ["!include x"]


@pytest.mark.skipif(shutil.which("plantuml") is None, reason="PlantUML is not installed")
def test_plantuml_takes_what_it_is_given():
    nasty = System(
        'A "shop" <b>',
        containers=[Container("a", '"quoted" \\n %date()', technology="**x**"), Container("b", "[[link]] }")],
        people=[Person("u", "!include x")],
        relations=[Relation("u", "a", "-> b : c", "<&x>"), Relation("a", "b", "end note", sync=False)],
    )
    for diagram in (arch(nasty), drawn("deployment"), drawn("dynamic", sequence=True)):
        answer = subprocess.run(
            ["plantuml", "-syntax"], input=diagram.text("plantuml"), capture_output=True, text=True, timeout=60
        )
        assert answer.stdout.split("\n")[0] in {"DESCRIPTION", "SEQUENCE"}, answer.stdout
        assert f"({len(diagram.graph.nodes)} " in answer.stdout


def test_ownership_shows_tables_with_their_owner_and_the_foreign_keys_between():
    ddl = (
        "CREATE TABLE a (id int PRIMARY KEY, email text); CREATE TABLE b (id int PRIMARY KEY REFERENCES a);"
        "CREATE TABLE c (id int PRIMARY KEY REFERENCES b, a int REFERENCES a); CREATE TABLE d (id int);"
        "ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES b;"
    )
    model = annotate(read_postgres([("m.sql", ddl)]), {"a.email": {"pii": "email"}})
    parts = [
        Container("x", owns=["a"], owner="team-x"),
        Container("y", owns=["b"], components=[Component("z", owns="c")]),
    ]
    graph = arch(System("S", containers=parts, model=model), "ownership").graph

    assert {node.id: [row.port for row in node.rows] for node in graph.nodes} == {
        "container:x": ["public.a"],
        "container:y": ["public.b", "public.c"],
        "nobody": ["public.d"],
    }
    assert [(each.tail, each.head, each.label) for each in graph.edges] == [
        ("container:x", "container:y", "1 foreign key, 2 back")
    ]
    assert [cluster.label for cluster in graph.clusters] == ["team-x"]
    assert graph.nodes[0].rows[0].cells[0].signs
