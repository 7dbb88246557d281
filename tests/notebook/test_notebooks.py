"""The notebooks that planroom ships: run, small, compared, and free of what only one machine knows."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path
from typing import Any

import pytest

from planroom.notebook import normalise
from planroom.notebook.files import notebook_text, read_notebook

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 300_000  # bytes that the outputs of one cell may take
UNCOMPARED = {"nbval-ignore-output", "nbval-skip"}

every_notebook = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]


def tags(cell: dict[str, Any]) -> set[str]:
    return set(cell["metadata"].get("tags", ()))


def test_the_tour_and_its_successors_are_there() -> None:
    assert {"00_tour", "01_modelling", "02_compare_and_share"} <= {path.stem for path in SHIPPED}


@every_notebook
def test_every_code_cell_was_run_in_order(path: Path) -> None:
    counts = [cell["execution_count"] for cell in code_cells(path)]

    assert counts == list(range(1, len(counts) + 1)), "run `make notebooks`"


@every_notebook
def test_no_cell_shows_an_error_unless_it_says_so(path: Path) -> None:
    failed = [
        cell["source"]
        for cell in code_cells(path)
        if any(output["output_type"] == "error" for output in cell["outputs"]) and "raises-exception" not in tags(cell)
    ]

    assert failed == []


@every_notebook
def test_no_cell_writes_to_stderr(path: Path) -> None:
    assert [cell["source"] for cell in code_cells(path) for out in cell["outputs"] if out.get("name") == "stderr"] == []


@every_notebook
def test_the_outputs_of_a_cell_stay_small(path: Path) -> None:
    sizes = {cell["source"]: len(json.dumps(cell["outputs"]).encode()) for cell in code_cells(path)}

    assert {source: size for source, size in sizes.items() if size > LARGEST} == {}


@every_notebook
def test_nearly_every_cell_is_compared(path: Path) -> None:
    cells = code_cells(path)
    uncompared = [cell for cell in cells if tags(cell) & UNCOMPARED or re.search(r"#\s*NBVAL_", cell["source"])]

    assert len(uncompared) < len(cells) / 10


@every_notebook
def test_it_is_in_normal_form(path: Path) -> None:
    assert notebook_text(normalise(read_notebook(path))) == path.read_text(encoding="utf-8"), "run `make notebooks`"


@every_notebook
def test_it_holds_no_path_of_a_machine_no_password_and_no_script(path: Path) -> None:
    outputs = json.dumps([cell["outputs"] for cell in code_cells(path)])

    assert re.findall(r"/(?:home|Users|root|tmp|work)/[\w./-]*", outputs) == []
    assert re.findall(r"://[^\s:/@]+:[^\s@]+@", outputs) == []
    assert "<script" not in outputs


@every_notebook
def test_every_picture_has_words(path: Path) -> None:
    html = [
        output["data"]["text/html"]
        for cell in code_cells(path)
        for output in cell["outputs"]
        if "text/html" in output.get("data", {})
    ]
    pictures = [picture for text in html for picture in re.findall(r"<img [^>]*>", text)]

    assert [picture[:80] for picture in pictures if not re.search(r'alt="[^"]{10,}"', picture)] == []


@every_notebook
def test_it_begins_with_a_title_and_a_paragraph(path: Path) -> None:
    first = read_notebook(path)["cells"][0]

    assert first["cell_type"] == "markdown"
    assert re.match(r"# \S.*\n\n\S", first["source"])


def test_the_comparison_forgives_two_things_and_no_more() -> None:
    rules = configparser.ConfigParser(interpolation=None)
    rules.read(ROOT / "tests" / "nbval_sanitize.cfg", encoding="utf-8")

    assert len(rules.sections()) <= 2


@pytest.mark.parametrize(
    ("text", "sanitised"),
    [
        ("planned in 0.31 ms", "planned in <DURATION>"),
        ("<object at 0x7f4b868977e0>", "<object at <ADDRESS>>"),
        ("31 tables, 48 relations", "31 tables, 48 relations"),
        ("3 sections of 4711 rows cost 12.5", "3 sections of 4711 rows cost 12.5"),
    ],
)
def test_what_it_forgives_is_only_noise(text: str, sanitised: str) -> None:
    rules = configparser.ConfigParser(interpolation=None)
    rules.read(ROOT / "tests" / "nbval_sanitize.cfg", encoding="utf-8")
    for name in rules.sections():
        text = re.sub(rules[name]["regex"], rules[name]["replace"], text)

    assert text == sanitised
