"""A review holds what a project has, and names everything that changed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planroom.errors import PlanroomError, SourceError, UnknownNameError
from planroom.findings import Severity
from planroom.notebook.files import notebook_text
from planroom.reviews import gathered, review_settings
from planroom.reviews.markdown import LIMIT
from planroom.reviews.plain import json_text
from planroom.reviews.shared_styles import shared_styles
from planroom.workbench import lint
from tests.notebook.books import code, notebook, shown, stream, words

if TYPE_CHECKING:
    from planroom.reviews import Review
    from tests.reviews.conftest import Project


def since(revision: str) -> Review:
    return gathered(replace(review_settings(), since=revision))


def test_a_review_holds_notebooks_findings_decisions_and_the_design(project: Project) -> None:
    found = gathered()

    assert [each.title for each in found.chapters] == ["First <b>", "Old"]
    assert [(each.subject, each.source) for each in found.judged] == [
        ("schema", "schemas/till.sql"), ("migrations", "schemas/migrations"), ("queries", "schemas/queries"),
    ]  # fmt: skip
    assert "MIG006" in {each.code for each in found.findings}
    assert found.decisions is not None
    assert [each.title for each in found.decisions.log.records] == ["Orders keep their customer"]
    assert found.since is None
    for title in ("Findings", "Decisions", "The design", "First &lt;b&gt;", "till &lt;1&gt;"):
        assert title in found.html


def test_every_planted_change_is_named_in_every_form(project: Project) -> None:
    project.plant()
    found = since("main")

    assert found.since is not None
    changes = found.since
    assert changes.difference is not None
    assert {each.subject for each in changes.difference.changes} >= {"public.orders.note", "public.orders.total"}
    new = {(each.code, Path(each.location.source).name) for each in found.new}
    assert ("MIG006", "0002_later.sql") in new
    assert "till.sql" in {name for _, name in new}, "the index is gone from a line that did not change"
    assert [(each.name, str(each.state)) for each in changes.plans] == [("orders_of", "flipped")]
    assert [each.record.id for each in changes.touched] == ["ADR-0001", "ADR-0002"]
    assert [(each.path, each.state) for each in changes.records] == [("adr/0002-other.md", "added")]
    assert [(each.path, each.state) for each in changes.notebooks] == [
        ("notebooks/b.ipynb", "added"), ("notebooks/old.ipynb", "removed"),
    ]  # fmt: skip
    for form in (found.html, found.markdown, str(found), json_text(found)):
        for name in (
            "orders_of",
            "MIG006",
            "ADR-0001",
            "adr/0002-other.md",
            "notebooks/b.ipynb",
            "notebooks/old.ipynb",
        ):
            assert name in form, name
    for form in (found.html, found.markdown, json_text(found)):
        assert "orders.total" in form
        assert "Seq Scan on orders" in form
    assert found.worst() is Severity.ERROR


def test_nothing_changed_is_nothing_named(project: Project) -> None:
    found = since("main")

    assert found.since is not None
    assert found.since.difference is not None
    assert found.since.difference.outcome == "equal"
    assert (found.new, found.gone) == ((), ())
    assert (found.since.plans, found.since.touched, found.since.records, found.since.notebooks) == ((), (), (), ())
    assert found.worst() is None, "what was there before holds nobody up"


def test_a_schema_is_judged_as_one_now_and_then_whatever_it_would_be_taken_for(project: Project) -> None:
    schema = Path("schemas/till.sql")
    loose = schema.read_text().replace("CREATE INDEX orders_customer_id_idx ON orders (customer_id);", "")
    schema.write_text(f"{loose}ALTER FUNCTION elsewhere(i integer, OUT o text) OWNER TO clerk;\n")
    assert lint("schemas/till.sql").taken[0].subject == "migrations"
    project.commit()

    found = since("main")
    judged = found.judged[0]

    assert judged.report.taken[0].subject == "schema"
    assert judged.report.findings, "the foreign key has no index"
    assert (judged.new, judged.gone) == ((), ())


def test_moving_a_finding_within_its_file_does_not_make_it_new(project: Project) -> None:
    path = project.root / "schemas" / "migrations" / "0001_first.sql"
    path.write_text(f"-- first\n\n{path.read_text()}")
    found = since("main")

    assert (found.new, found.gone) == ((), ())


def test_what_was_mended_is_told_as_gone(project: Project) -> None:
    project.write("schemas/migrations/0001_first.sql", "CREATE INDEX CONCURRENTLY first ON orders (id);\n")

    assert "MIG006" in {each.code for each in since("main").gone}


def test_a_project_whose_files_are_all_new_has_no_schema_to_compare_with(project: Project) -> None:
    project.git("checkout", "-q", "--orphan", "empty")
    project.git("rm", "-rq", "--cached", ".")
    project.git("commit", "-q", "--allow-empty", "-m", "nothing")
    project.git("checkout", "-q", "-f", "-B", "work", "main")
    found = since("empty")

    assert found.since is not None
    assert found.since.difference is None
    assert "the schema is new: empty has no schemas/till.sql" in found.since.untold
    assert found.new == found.findings


def test_a_review_started_in_a_folder_below_is_the_same(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.plant()
    above = since("main")
    monkeypatch.chdir(project.root / "notebooks")
    below = since("main")

    assert len(below.new) == len(above.new)
    assert below.since is not None
    assert above.since is not None
    assert below.since.plans[0].new == above.since.plans[0].new
    assert [each.state for each in below.since.notebooks] == [each.state for each in above.since.notebooks]


def test_what_the_settings_ignore_in_a_folder_is_not_told_as_gone(project: Project) -> None:
    ignored = '\n[tool.planroom.lint.paths."schemas/migrations"]\nignore = ["MIG006"]\n'
    project.write("pyproject.toml", (project.root / "pyproject.toml").read_text() + ignored)
    found = since("main")

    assert "MIG006" not in {each.code for each in found.findings}
    assert found.gone == ()


def test_files_that_could_not_be_read_then_are_told_and_the_rest_is_compared(project: Project) -> None:
    project.write("schemas/till.sql", "nothing that parses ((")
    (project.root / "schemas" / "migrations" / "0001_first.sql").unlink()
    project.write("schemas/migrations/readme.txt", "none yet")
    project.commit()
    project.plant()
    project.write("schemas/till.sql", "CREATE TABLE orders (id int PRIMARY KEY);")
    found = since("main")

    assert found.since is not None
    assert found.since.difference is None
    assert len(found.since.untold) >= 2
    assert ("MIG006", "schemas/migrations/0002_later.sql") in {(each.code, each.location.source) for each in found.new}
    assert [each.name for each in found.since.plans] == ["orders_of"]


def test_an_unknown_revision_is_an_error(project: Project) -> None:
    with pytest.raises(SourceError, match="no revision 'mian'"):
        since("mian")


# -- the page ----------------------------------------------------------------------------------------------------------


def test_every_link_leads_to_one_anchor(project: Project) -> None:
    project.plant()
    page = since("main").html
    anchors = re.findall(r'\sid="([^"]*)"', page)

    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(anchors)
    assert 'href="#n2">second</a>' in page
    assert 'href="#n1-Part">here</a>' in page
    assert "x.txt" not in page


def test_what_cells_hold_stays_in_its_place(project: Project) -> None:
    hostile = notebook(
        words('# H\n\n<script>alert(1)</script> <img src="https://example.com/x.png" onerror="alert(2)">'),
        code(
            "x",
            shown(text_html='</div></div></section></main><style>body{display:none}</style><b id="since">b'),
            count=1,
        ),
        code("y", shown(text_html='<form action="https://example.com"><a href="javascript:alert(3)">go</a>'), count=2),
        code("z", shown(text_html='<p style="position:fixed;top:0">over</p><a href=" #x">r</a>'), count=3),
    )
    project.write("notebooks/old.ipynb", notebook_text(hostile))
    page = gathered().html

    for wrong in ("alert(", "example.com", "display:none", "javascript:", "<form", "position:fixed", 'id="since"'):
        assert wrong not in page, wrong
    assert page.count("<section") == page.count("</section>")
    assert page.count("<div") == page.count("</div>")


def test_secrets_are_in_no_form(project: Project) -> None:
    import base64

    url = "postgresql://ann:geheim@db.example/shop"
    drawing = base64.b64encode(f"<svg><text>{url}</text></svg>".encode()).decode()
    planted = notebook(
        words(f"# {url}\n\n{url}"),
        code(f"pr.postgres('{url}')", stream(url), shown(text_plain=url), count=1),
        code(
            "x",
            shown(text_html=f'<b title="{url}">{url}</b><img alt="x" src="data:image/svg+xml;base64,{drawing}">'),
            count=2,
        ),
    )
    project.write("notebooks/old.ipynb", notebook_text(planted))
    project.write("adr/0003-url.md", f"# Use it\n\n## Context\n\n{url}\n")
    project.write("schemas/migrations/0003_x.sql", f"CREATE INDEX u ON orders (note); -- {url}\n")
    found = since("main")

    for form in (found.html, found.markdown, str(found), json_text(found)):
        assert "geheim" not in form
    assert "***" in found.html


def test_a_run_that_failed_is_said(project: Project) -> None:
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["no"]}
    failing = [code("x", error, count=1), code("y"), code("z", error, count=2, tags=["raises-exception"])]
    project.write("notebooks/old.ipynb", notebook_text(notebook(*failing)))
    found = gathered()

    assert found.faults == (
        "notebooks/old.ipynb: cell 1 failed: ValueError: no", "notebooks/old.ipynb: cell 2 was never run",
    )  # fmt: skip
    assert "cell 1 failed" in found.html
    assert found.worst() is Severity.ERROR


def test_markdown_is_never_longer_than_a_comment_may_be(project: Project) -> None:
    many = "".join(f"CREATE TABLE t{n} (a real, b money, c timestamp);\n" for n in range(400))
    project.write("schemas/till.sql", many)

    assert 1_000 < len(since("main").markdown) <= LIMIT


def test_a_review_is_the_same_twice(project: Project) -> None:
    assert gathered().html == gathered().html


def test_a_review_is_saved_in_the_form_of_its_suffix(project: Project, tmp_path: Path) -> None:
    found = gathered()

    assert found.save(tmp_path / "a.html").read_text() == found.html
    assert json.loads(found.save(tmp_path / "a.json").read_text())["schema"] == "planroom.review/1"
    assert found.save(tmp_path / "a.md").read_text() == found.markdown
    with pytest.raises(UnknownNameError, match="form of a review"):
        found.save(tmp_path / "a.pdf")


# -- settings ----------------------------------------------------------------------------------------------------------


def test_without_settings_a_review_holds_the_notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "a.ipynb").write_text(notebook_text(notebook(words("# A"))))
    monkeypatch.chdir(tmp_path)

    assert review_settings().notebooks == (Path("notebooks/a.ipynb"),)
    assert [each.title for each in gathered().chapters] == ["A"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('notebook = "a"', "did you mean 'notebooks'"),
        ('schema = "none.sql"', "no file or folder 'none.sql'"),
        ('notebooks = "none/*.ipynb"', "no notebook 'none/"),
        ("queries = 3", "list of paths"),
        ("since = 3", "to be a text"),
    ],
)
def test_settings_that_cannot_be_meant_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, said: str
) -> None:
    (tmp_path / "planroom.toml").write_text(f"[review]\n{wrong}\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(PlanroomError) as raised:
        review_settings()
    assert said in str(raised.value)
    assert "planroom.toml" in str(raised.value)


def test_nothing_to_review_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SourceError, match="nothing to review"):
        gathered()


# -- styles written once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "style",
    [
        "color:red} body{display:none",
        "color:red/*",
        "background:url(",
        "x:'",
        "a:calc(1px + (2px))",
        "a:\\7d",
        "@import x",
    ],
)
def test_a_style_that_a_sheet_could_misread_stays_with_its_element(style: str) -> None:
    html = f'<b style="{style}">a</b>'

    assert shared_styles(html) == (html, "")


def test_styles_are_shared_and_nothing_else_changes() -> None:
    html = '<p style="a:b">x</p><br style="a:b"/>style="a:b" '
    html += '<i id="c" class="d" style="e:&#x27;f g&#x27;,var(--h, #fff)">y</i>'
    shared, sheet = shared_styles(html)

    assert shared == '<p class="s-1">x</p><br class="s-1"/>style="a:b" <i id="c" class="d s-2">y</i>'
    assert sheet == ":is(#_,.s-1){a:b}\n:is(#_,.s-2){e:'f g',var(--h, #fff)}\n"
