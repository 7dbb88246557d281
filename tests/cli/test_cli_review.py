"""planroom review: the document, the summary, and what they mean for whoever gates on them."""

from __future__ import annotations

import json

import pytest

from planroom.notebook.files import notebook_text
from tests.notebook.books import code, notebook, shown, words


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a notebook and a schema that has an error, and no settings."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.ipynb").write_text(
        notebook_text(notebook(words("# Orders"), code("1 + 1", shown(text_plain="3"), count=1)))
    )
    (tmp_path / "shop.sql").write_text("CREATE TABLE orders (id int, total real);")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_review_prints_a_summary_and_writes_the_page(planroom, here):
    result = planroom("review", "a.ipynb", "--schema", "shop.sql")
    written = planroom("review", "a.ipynb", "--schema", "shop.sql", "-o", "review.html", "--fail-on", "never")

    assert result.status == 1
    assert "1. Orders (a.ipynb)" in result.out
    assert "SCH005" in result.out
    assert (written.status, written.out) == (0, "")
    assert "review.html: 1 notebook" in written.err
    assert (here / "review.html").read_text().startswith("<!doctype html>")


def test_review_gives_programs_one_object_and_a_pull_request_markdown(planroom, here):
    found = json.loads(planroom("review", "a.ipynb", "--schema", "shop.sql", "--format", "json").out)

    assert found["schema"] == "planroom.review/1"
    assert found["notebooks"] == [{"file": "a.ipynb", "title": "Orders", "cells": 1, "faults": []}]
    assert "SCH005" in {each["code"] for part in found["judged"] for each in part["findings"]}
    assert planroom("review", "a.ipynb", "--format", "markdown").out.startswith("## Design review: ")


def test_stored_outputs_are_shown_as_they_are_unless_the_notebooks_are_executed(planroom, here):
    before = (here / "a.ipynb").read_text()
    planroom("review", "a.ipynb", "-o", "stored.html")
    assert planroom("review", "a.ipynb", "--execute", "-o", "run.html").status == 0

    assert "<pre>3</pre>" in (here / "stored.html").read_text()
    assert "<pre>2</pre>" in (here / "run.html").read_text()
    assert (here / "a.ipynb").read_text() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.ipynb"], "none.ipynb"),
        (["a.ipynb", "-o", "a.pdf"], "form of a review"),
        (["a.ipynb", "--since", "nowhere"], "nowhere"),
        ([], "nothing to review"),
    ],
)
def test_what_cannot_be_done_is_said(planroom, here, words, said):
    result = planroom("review", *words)

    assert result.status == 2
    assert said in result.err
