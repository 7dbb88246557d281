# ruff: noqa: E501  (a grammar reads best on one line)
"""What every text language keeps: nothing breaks out, nothing is lost, the same graph gives the same bytes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.diagrams import RENDERERS, Diagram, er
from planroom.drawing.graph import Cell, Edge, End, Graph, LineStyle, Node, Notation, Role, Row, State
from planroom.formats import FORMATS
from tests.counting import calls
from tests.diagrams.languages import GRAPHS, plantuml_faults, tricky, with_states
from tests.diagrams.models import deep, generated, small

LANGUAGES = [name for name in RENDERERS.names() if name != "svg" and Notation.TABLES in RENDERERS[name].notations]
TEXTS = {name: {graph: RENDERERS[name].render(GRAPHS[graph]) for graph in GRAPHS} for name in LANGUAGES}

# What one line may be, for each language: its grammar as far as planroom uses it. A line that a name has broken, or that
# a name has turned into a statement, is none of these.
D2_TEXT = r'"(?:[^"\\$]|\\[\\"$])*"'
D2_PATH = rf"{D2_TEXT}(?:\.{D2_TEXT}){{0,2}}"
PUML_TEXT = r"(?:[\w ,().:·\-\U00010000-\U0010ffff]|<U\+[0-9A-F]{4}>)*"
PUML_RICH = rf"(?:{PUML_TEXT}|</?(?:s|size|color)(?::[#\w]+)?>)*"
MERMAID_WORD = r"[A-Za-z_\u00c0-\uffff][\w\-\[\]()\u00c0-\uffff]*"
GRAMMARS = {
    "plantuml": [
        r"@startuml", r"@enduml", r"(?:left to right|hide|skinparam) [\w #]+", r"\}", r"  \.\.",
        rf"(?:title|caption) {PUML_TEXT}", rf'package "{PUML_TEXT}" as c_\d+ \{{',
        rf'(?:entity|enum) "{PUML_RICH}" as e_\w* #ffffff;header:\w+;line:\w+(?:;line\.\w+)* \{{',
        rf"  \{{field\}} (?:\* )?{PUML_RICH}(?: <<[PFU]K>>)*",
        rf"e_\w* (?:\|\||\|o|\}}o|\}}\||<\||<)?-\[#\w+(?:,\w+)*\]-(?:\|\||o\||o\{{|\|\{{|\|>|>)? e_\w* : {PUML_TEXT}",
    ],
    "d2": [
        r"direction: right", rf"title: {D2_TEXT} \{{shape: text; near: top-center; style\.font-size: 24\}}", r"\}",
        rf"{D2_TEXT}: \{{style: \{{fill: transparent; stroke-dash: 4; border-radius: 8\}}\}}", rf"{D2_PATH}: {D2_TEXT} \{{",
        r"  shape: sql_table", rf"  style: \{{(?:[\w-]+: (?:{D2_TEXT}|\d+)(?:; )?)+\}}", rf"  tooltip: {D2_TEXT}",
        rf"  {D2_TEXT}: {D2_TEXT}(?: \{{constraint: \[{D2_TEXT}(?:; {D2_TEXT})*\]\}})?",
        rf"{D2_PATH} <-> {D2_PATH}: {D2_TEXT} \{{", r"  (?:source|target)-arrowhead: \{shape: [a-z-]+\}",
    ],
    "er": [
        r" *#.*", r"\[[\w.]+\](?:  # .*)?", r'    \*?\w+ \{label:"[^"#]+"\}(?:  # .*)?',
        r"[\w.]+ [1?*+]--[1?*+] [\w.]+(?:  # .*)?",
    ],
    "dot": [
        r'digraph "(?:[^"\\]|\\.)*" \{', r"\}", r"  (?:graph|node|edge) \[.*\]",
        r'  "(?:[^"\\]|\\.)*" \[label=<<TABLE .*</TABLE>>, tooltip="(?:[^"\\]|\\.)*"\]',
        r'  subgraph cluster_\d+ \{ label="(?:[^"\\]|\\.)*"; style=dashed; .* \}',
        r'  "(?:[^"\\]|\\.)*"(?::p\d+)? -> "(?:[^"\\]|\\.)*"(?::p\d+)? \[.*\]',
    ],
    "mermaid": [
        r"erDiagram", r"    accTitle: [^\n]*", r"    \}",
        r'    "[^"%\\{}]+"(?:\["[^"%\\{}]+"\])?(?::::\w+)?(?: \{)?', r"    classDef \w+ color:#\w+,stroke:#\w+(?:,[\w:-]+)?",
        rf'        {MERMAID_WORD} {MERMAID_WORD}(?: (?:[PFU]K)(?:, [PFU]K)*)?(?: "[^"]*")?',
        r'    "[^"%\\]+" [|}][|o](?:--|\.\.)[|o][|{] "[^"%\\]+" : "[^"]*"',
    ],
}  # fmt: skip


def strangers(language: str, text: str) -> list[str]:
    """Return the lines that are none of the language's."""
    grammar = [re.compile(pattern) for pattern in GRAMMARS[language]]
    return [line for line in text.removesuffix("\n").split("\n") if not any(each.fullmatch(line) for each in grammar)]


def test_every_language_has_a_grammar_here():
    assert set(GRAMMARS) == set(LANGUAGES)


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_one_of_the_language(language, graph):
    text = TEXTS[language][graph]

    assert strangers(language, text) == []
    assert text.endswith("\n")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", text)


def test_a_line_that_a_name_has_broken_is_noticed():
    assert strangers("plantuml", "@startuml\n!include x\n") == ["!include x"]
    assert strangers("d2", 'direction: right\n"a": "${b}" {\n') == ['"a": "${b}" {']
    assert strangers("er", '[a]\n    b {label:"x"y"}\n') == ['    b {label:"x"y"}']
    assert strangers("mermaid", 'erDiagram\n    "a"b" {\n') == ['    "a"b" {']


any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(any_text, min_size=4, max_size=4))
@settings(deadline=None)
def test_no_text_breaks_out_of_any_language(texts):
    name, column, kind, words = texts
    row = Row((Cell(column), Cell(kind, Role.TYPE)), port=column or "c", tip=f"x — {words}")
    node = Node(f"s.{name}", name, (row, Row((Cell(words),))), tip=f"x — {words}", note=words, hue=kind)
    graph = Graph((node,), (Edge(node.id, node.id, row.port, row.port, label=words),), title=words, summary=name)
    for language in LANGUAGES:
        assert strangers(language, RENDERERS[language].render(graph)) == []


def counts(language: str, text: str) -> tuple[int, int]:
    """Return how many tables and how many edges a text has, edges in comments too."""
    table, edge = {
        "plantuml": (r"(?m)^(?:entity|enum) ", r"(?m)^e_\w* \S*-\["),
        "d2": (r"(?m)^  shape: sql_table$", r" <-> .* \{$"),
        "er": (r"(?m)^(?:# )?\[", r"(?m)^(?:# )?[\w.]+ (?:->|[1?*+]--[1?*+]) "),
        "dot": (r"(?m)\[label=<<TABLE", r'(?m)^  "(?:[^"\\]|\\.)*"(?::p\d+)? -> '),
        "mermaid": (r'(?m)^    "[^"]+"(?:\["[^"]+"\])?(?::::\w+)?(?: \{)?$', r'(?m)^    ".* : "[^"]*"$'),
    }[language]
    flags = re.MULTILINE
    return len(re.findall(table, text, flags)), len(re.findall(edge, text, flags))


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_and_every_relation_is_in_the_text_once(language, graph):
    drawn = GRAPHS[graph]
    nodes, edges = len(drawn.nodes), len(drawn.edges)
    if language == "mermaid":  # it tells enums in the columns that have them
        enums = {node.id for node in drawn.nodes if node.kind == "enum"}
        nodes, edges = nodes - len(enums), sum(edge.tail not in enums for edge in drawn.edges)

    assert counts(language, TEXTS[language][graph]) == (nodes, edges)


PRINT_ALL = """
import hashlib
from tests.diagrams.languages import GRAPHS
from planroom.diagrams import RENDERERS
for name in RENDERERS.names():
    if name not in {"svg", "structurizr"}:
        print(name, hashlib.sha256("".join(map(RENDERERS[name].render, GRAPHS.values())).encode()).hexdigest())
"""


def test_the_bytes_do_not_depend_on_the_hash_seed():
    said = {
        subprocess.run(
            [sys.executable, "-c", PRINT_ALL], capture_output=True, text=True, check=True,
            cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip

    assert len(said) == 1
    assert said.pop().count("\n") == len(LANGUAGES)


def test_the_work_grows_with_the_tables():
    """A quadratic walk would be 64 times the work for eight times the tables."""
    few, many = (er(generated(count)).graph for count in (150, 1_200))
    for language in LANGUAGES:
        render = RENDERERS[language].render
        assert calls(lambda: render(many)) < 12 * calls(lambda: render(few)), language  # noqa: B023  (called at once)


# States and guesses


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_happened_to_a_thing_is_a_glyph_and_where_there_are_colours_a_colour(language):
    text = RENDERERS[language].render(with_states())

    glyphs = {"+": "+", "−": "−", "~": "~"}
    if language == "plantuml":
        glyphs = {"+": "<U+002B>", "−": "<U+2212>", "~": "<U+007E>"}
    for state, glyph, ink in (("added", "+", "1a7f37"), ("removed", "−", "cf222e"), ("changed", "~", "9a6700")):
        lines = [line for line in text.splitlines() if state in line]
        assert sum(line.count(glyphs[glyph]) for line in lines) >= 3, (language, state)
        assert language == "er" or any(ink in line.lower() for line in text.splitlines()), (language, state)
    assert language == "er" or "8c959f" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_inferred_relation_is_never_drawn_like_a_declared_one(language):
    guess = Edge(
        "a", "b", "id", "a_id", End.ZERO_OR_ONE, End.ZERO_OR_MORE, "0.87", LineStyle.DASHED, meaning="inferred"
    )
    declared = Edge("a", "b", "id", "a_id", End.ZERO_OR_ONE, End.ZERO_OR_MORE)
    nodes = tuple(Node(name, name, (Row((Cell("id"),), port="id"), Row((Cell("a_id"),), port="a_id"))) for name in "ab")
    first, second = (set(RENDERERS[language].render(Graph(nodes, (edge,))).splitlines()) for edge in (guess, declared))
    sign = {"plantuml": "dashed", "d2": "stroke-dash", "er": "# a -> b", "dot": "style=dashed", "mermaid": "|o..o{"}

    drawn = "\n".join(first - second)
    assert sign[language] in drawn
    assert "inferred 0.87" in drawn
    assert sign[language] not in "\n".join(second)


def test_the_words_of_each_language():
    graph = er(small(), include=["orders", "customers"]).graph
    said = {name: RENDERERS[name].render(graph) for name in LANGUAGES}

    assert 'entity "customers" as e_public_customers #ffffff;header:f6f8fa;line:8c959f {' in said["plantuml"]
    assert "  {field} * id: bigint <<PK>>\n" in said["plantuml"]
    assert "e_public_customers ||-[#59636e]-o{ e_public_orders : customer_id\n" in said["plantuml"]
    assert '  "customer_id": "bigint" {constraint: ["FK"]}\n' in said["d2"]
    assert '"public.customers"."id" <-> "public.orders"."customer_id": "customer_id" {\n' in said["d2"]
    assert "  target-arrowhead: {shape: cf-many}\n" in said["d2"]
    assert '    *id {label:"bigint"}\n' in said["er"]
    assert "customers 1--* orders  # customer_id\n" in said["er"]


# The formats


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_model_converts_to_each_language_by_its_name(language):
    found = FORMATS[language]

    assert found.write(small()) == Diagram(er(small()).graph).text(language)
    assert found.loses
    assert set(found.suffixes) <= set(RENDERERS[language].suffixes)


# What the languages' own tools say


@pytest.mark.skipif(not shutil.which("plantuml"), reason="no plantuml on the PATH; Debian has it as a package")
def test_plantuml_itself_finds_no_fault(tmp_path):
    assert plantuml_faults(TEXTS["plantuml"], tmp_path) == []
    (tmp_path / "broken.puml").write_text("@startuml\nentity {{{ -->\n@enduml\n")
    assert plantuml_faults({}, tmp_path) != []


@pytest.mark.skipif(
    not shutil.which("plantuml") or not shutil.which("dot"), reason="no plantuml and dot on the PATH; Debian has both"
)
def test_plantuml_draws_names_as_they_are(tmp_path):
    (tmp_path / "x.puml").write_text(TEXTS["plantuml"]["tricky"], encoding="utf-8")
    subprocess.run(
        ["plantuml", "-charset", "UTF-8", "-tsvg", str(tmp_path / "x.puml")], check=True, capture_output=True, timeout=120,
        env={**os.environ, "JAVA_TOOL_OPTIONS": "-Djava.awt.headless=true -Dfile.encoding=UTF-8"},
    )  # fmt: skip
    svg = (tmp_path / "x.svg").read_text(encoding="utf-8").replace("\u00a0", " ")

    assert "Syntax Error" not in svg
    shown = [
        "!include /etc/passwd",
        "@enduml",
        "%date()",
        "$name",
        "**bold** //it// __u__ --s--",
        "&lt;b&gt;x&lt;/b&gt;",
    ]
    for words in shown:
        assert words in svg, words


def test_eralchemy2_itself_reads_every_er_text():
    parser = pytest.importorskip("eralchemy2.parser")
    for name, graph in GRAPHS.items():
        tables, relations = parser.line_iterator_to_intermediary(TEXTS["er"][name].splitlines())
        enums = {node.id for node in graph.nodes if node.kind == "enum"}
        said = [line for line in TEXTS["er"][name].splitlines() if re.match(r"[\w.]+ [1?*+]--", line)]

        assert len(tables) == len(graph.nodes) - len(enums)
        assert len(relations) == len(said)
        assert sum(len(table.columns) for table in tables) == sum(
            bool(row.port) for node in graph.nodes if node.id not in enums for row in node.rows
        )


def test_graphviz_itself_reads_every_dot_text():
    pygraphviz = pytest.importorskip("pygraphviz")
    for name, graph in GRAPHS.items():
        drawn = pygraphviz.AGraph(string=TEXTS["dot"][name])
        assert len(drawn.nodes()) == len(graph.nodes)
        assert len(drawn.edges()) == len(graph.edges)
        drawn.close()


def test_tricks_are_all_different_and_all_drawn():
    assert len(tricky().by_id) == len(tricky().nodes)
    assert State.FAINT in {node.state for node in with_states().nodes}
    assert er(deep(3)).text("d2").count("sql_table") == 3
