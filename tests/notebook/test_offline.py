from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from planroom.errors import SourceError
from planroom.notebook import export_html
from planroom.notebook.files import notebook_text
from tests.notebook.books import code, notebook, shown, words

SHIPPED = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
LOADING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}
POLICY = "default-src 'none'"


class Loads(HTMLParser):
    """Collects what a page would load, and whether a policy stands before it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0
        self.policy_first = False
        self.images_without_words = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if values.get("http-equiv") == "Content-Security-Policy" and POLICY in values["content"]:
            self.policy_first = not self.found
        self.scripts += tag == "script"
        self.images_without_words += tag == "img" and values.get("alt", "No description").startswith("No description")
        links = {"href"} if tag in {"link", "base", "use", "image"} else set()
        self.found += [value for name, value in values.items() if name in LOADING | links]
        self.found += re.findall(r"url\(([^)]+)\)", values.get("style", ""))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style":
            self.found += re.findall(r"url\(([^)]+)\)|@import\s+(\S+)", data)  # type: ignore[arg-type]


def loads(page: str) -> Loads:
    parser = Loads()
    parser.feed(page)
    return parser


def is_inside(reference: object) -> bool:
    text = "".join(reference) if isinstance(reference, tuple) else str(reference)
    return text.strip("\"' ").startswith(("data:", "#")) or text in {"", "none"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_notebook_becomes_a_page_that_loads_nothing(path: Path, tmp_path: Path) -> None:
    _, page = export_html([path], tmp_path)
    found = loads(page.read_text(encoding="utf-8"))

    assert [each for each in found.found if not is_inside(each)] == []
    assert found.scripts == 0
    assert found.policy_first
    assert found.images_without_words == 0
    assert page.stat().st_size < 2_000_000


def test_whatever_a_cell_holds_the_policy_stands_first(tmp_path: Path) -> None:
    hostile = notebook(
        words('# Review\n\n<script src="https://example.com/x.js"></script> ![x](https://example.com/x.png) $a^2$'),
        code(
            "x", shown(text_html='<img src="https://example.com/y.png"><style>@import "https://example.com";</style>')
        ),
        code("y", {**shown(), "data": {"text/vnd.mermaid": "flowchart LR"}}),
    )
    path = tmp_path / "hostile.ipynb"
    path.write_text(notebook_text(hostile))

    _, page = export_html([path], tmp_path / "out")

    assert loads(page.read_text(encoding="utf-8")).policy_first


def test_a_diagram_shows_as_its_picture_with_its_words(tmp_path: Path) -> None:
    import planroom as pr

    diagram = pr.er("create table planets (id int primary key)")
    bundle = {mime.replace("/", "_").replace("+xml", ""): text for mime, text in diagram._repr_mimebundle_().items()}
    path = tmp_path / "er.ipynb"
    path.write_text(notebook_text(notebook(code("pr.er(shop)", shown(**bundle)))))

    _, page = export_html([path], tmp_path)
    text = page.read_text(encoding="utf-8")

    assert 'alt="ER diagram' in text
    assert loads(text).images_without_words == 0


def test_the_page_holds_both_themes_and_leaves_the_choice_to_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook_text(notebook(words("# A"))))

    _, page = export_html([path], tmp_path)
    text = page.read_text(encoding="utf-8")

    assert 'media="screen and (prefers-color-scheme: dark)"' in text
    assert text.count("--jp-layout-color0:") == 2


def test_a_page_is_the_same_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook_text(notebook(words("# A"), code("1", shown(text_plain="1"), count=1))))

    pages = [export_html([path], tmp_path / folder)[1].read_bytes() for folder in ("one", "two")]

    assert pages[0] == pages[1]


def test_the_index_links_the_pages_by_their_titles_and_escapes_them(tmp_path: Path) -> None:
    named, unnamed = tmp_path / "a.ipynb", tmp_path / "b & c.ipynb"
    named.write_text(notebook_text(notebook(words("# Orders <now>\n\nWhat we\nsell.\n\nMore."))))
    unnamed.write_text(notebook_text(notebook(code("1"))))

    index, *_ = export_html([named, unnamed], tmp_path / "out")
    text = index.read_text(encoding="utf-8")

    assert '<a href="a.html">Orders &lt;now&gt;</a><br><span>What we sell.</span>' in text
    assert '<a href="b%20%26%20c.html">b &amp; c</a>' in text


def test_two_notebooks_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "a.ipynb" for folder in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(notebook_text(notebook()))

    with pytest.raises(SourceError, match="no page of its own"):
        export_html(paths, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "a.ipynb").write_text(notebook_text(notebook()))

    with pytest.raises(SourceError, match="file/out"):
        export_html([tmp_path / "a.ipynb"], tmp_path / "file" / "out")
