"""planroom diff: text, Markdown, JSON and pictures; and what its exit status says."""

from __future__ import annotations

import json

import pytest

import planroom as pr


@pytest.fixture
def later(shop):
    """The small schema after a change of each severity: a column gone, one that must be given, a table more."""
    path = shop.with_name("later.sql")
    path.write_text(
        "CREATE SCHEMA sales;\n"
        "CREATE TABLE sales.customers (id int PRIMARY KEY);\n"
        "CREATE TABLE sales.orders (\n"
        "    id int PRIMARY KEY, customer_id int NOT NULL REFERENCES sales.customers, n int NOT NULL\n"
        ");\n"
        "CREATE TABLE sales.more (id int);\n"
    )
    return path


def test_diff_prints_what_the_library_says(planroom, shop, later):
    result = planroom("diff", shop, later)

    assert result.out == f"{pr.diff(shop, later)}\n"
    assert (result.status, result.err) == (1, "")


def test_equal_sources_are_fine(planroom, shop):
    result = planroom("diff", shop, shop, "--fail-on", "note")

    assert (result.status, result.out) == (0, "shop: equal\n")


def test_diff_gives_programs_one_object(planroom, shop, later):
    found = json.loads(planroom("diff", shop, later, "--format", "json").out)

    assert found["schema"] == "planroom.diff/1"
    assert (found["old"], found["new"]) == (str(shop), str(later))
    assert [(each["impact"], each["subject"]) for each in found["changes"]] == [
        ("destructive", "sales.customers.email"),
        ("breaking for writers", "sales.orders.n"),
        ("additive", "sales.more"),
    ]
    assert found["changes"][0]["old_place"]["line"] == 2


def test_diff_prints_markdown_for_a_pull_request(planroom, shop, later):
    assert planroom("diff", shop, later, "--format", "markdown").out == pr.diff(shop, later).markdown


@pytest.mark.parametrize("suffix", [".svg", ".html", ".md", ".json"])
def test_diff_writes_a_file_whose_ending_says_what_it_is(planroom, shop, later, tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    result = planroom("diff", shop, later, "-o", path)

    assert result.out == ""
    assert result.err.startswith(f"{path}: 1 table added")
    assert path.read_text() == pr.diff(shop, later).save(tmp_path / f"expected{suffix}").read_text()


@pytest.mark.parametrize(("fail_on", "status"), [("note", 1), ("warning", 1), ("error", 1), ("never", 0)])
def test_the_worst_change_decides_the_exit_status(planroom, shop, later, fail_on, status):
    assert planroom("diff", shop, later, "--fail-on", fail_on).status == status


def test_what_only_adds_is_no_error(planroom, shop, tmp_path):
    more = tmp_path / "more.sql"
    more.write_text(f"{shop.read_text()}CREATE TABLE sales.more (id int);")

    assert planroom("diff", shop, more).status == 0
    assert planroom("diff", shop, more, "--fail-on", "note").status == 1


def test_renames_can_be_left_to_those_that_are_pinned(planroom, shop, tmp_path):
    renamed = tmp_path / "renamed.sql"
    renamed.write_text(f"{shop.read_text()}ALTER TABLE sales.orders RENAME TO purchases;")

    assert "1 table renamed" in planroom("diff", shop, renamed).out
    assert "1 table added, 1 table removed" in planroom("diff", shop, renamed, "--no-renames").out


def test_a_source_that_is_missing_or_a_form_that_is_unknown_is_an_error(planroom, shop, tmp_path):
    missing = planroom("diff", shop, tmp_path / "shp.sql")
    form = planroom("diff", shop, shop, "-o", tmp_path / "x.pdf")

    assert (missing.status, form.status) == (2, 2)
    assert "did you mean" in missing.err
    assert "form of a difference" in form.err


def test_what_could_not_be_read_is_told_beside_the_result(planroom, shop, flawed):
    result = planroom("diff", shop, flawed)

    assert "cannot be told:" in result.out
    assert "READ001" in result.err
