"""planroom plan compare, check and accept, as they are called."""

from __future__ import annotations

import json

import pytest

from planroom.cli import main

PLAN = '[{"Plan": {"Node Type": "%s", "Relation Name": "orders", "Total Cost": %s, "Plan Rows": 1}}]'


@pytest.fixture
def files(tmp_path):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(PLAN % ("Seq Scan", 10))
    new.write_text(PLAN % ("Index Scan", 50))
    return str(old), str(new)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "shop.sql").write_text("CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL);")
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "q.sql").write_text("-- name: of\nSELECT * FROM orders WHERE customer_id = :id;\n")
    return tmp_path


def test_compare_says_the_verdict_first(files, capsys):
    assert main(["plan", "compare", *files]) == 0

    assert capsys.readouterr().out.startswith("old.json → new.json: flipped, dearer\n")


@pytest.mark.parametrize(("fail_on", "status"), [("flipped", 1), ("dearer", 1), ("never", 0)])
def test_compare_fails_on_what_it_is_told_to(files, fail_on, status):
    assert main(["plan", "compare", *files, "--fail-on", fail_on]) == status
    assert main(["plan", "compare", files[0], files[0], "--fail-on", fail_on]) == 0


def test_compare_gives_one_object_and_nothing_else(files, capsys):
    assert main(["plan", "compare", *files, "--format", "json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["flipped"]) == ("planroom.plan-comparison/1", True)


def test_compare_writes_a_page(files, tmp_path, capsys):
    assert main(["plan", "compare", *files, "-o", str(tmp_path / "c.html")]) == 0

    assert "flipped, dearer" in (tmp_path / "c.html").read_text()
    assert capsys.readouterr().out == ""


def test_compare_refuses_what_is_no_plan(files, capsys):
    assert main(["plan", "compare", files[0], "nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err
    assert main(["plan", "compare", *files, "--by", "coast"]) == 2
    assert "did you mean 'cost'" in capsys.readouterr().err


@pytest.mark.server
def test_a_flip_fails_until_it_is_accepted(project, server, capsys):
    schema, queries = str(project / "shop.sql"), ["--queries", str(project / "queries")]

    assert main(["plan", "check", schema, *queries]) == 2
    assert "`planroom plan accept` writes it" in capsys.readouterr().err
    assert main(["plan", "accept", schema, *queries]) == 0
    assert main(["plan", "check", schema, *queries]) == 0
    capsys.readouterr()

    with (project / "shop.sql").open("a") as file:
        file.write("\nCREATE INDEX orders_customer_id_idx ON orders (customer_id);")
    assert main(["plan", "check", schema, *queries]) == 1
    assert "- Seq Scan on orders became Bitmap Heap Scan using orders_customer_id_idx\n" in capsys.readouterr().out
    assert main(["plan", "check", schema, *queries, "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::error file=")
    assert main(["plan", "check", schema, *queries, "--format", "json", "--fail-on", "never"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] is True
    assert main(["plan", "accept", schema, *queries]) == 0
    assert main(["plan", "check", schema, *queries, "--fail-on", "note"]) == 0


@pytest.mark.server
def test_rows_are_not_made_up_in_a_database_that_the_user_named(project, capsys):
    arguments = ["--queries", str(project / "queries"), "--rows", "orders=5"]

    assert main(["plan", "check", "postgresql://nobody@127.0.0.1:1/x", *arguments]) == 2
    assert "planroom never changes a database that you named" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--rows", "orders"], ["--set", "work_mem"]])
def test_an_option_that_says_nothing_is_refused(project, option, capsys):
    assert main(["plan", "check", str(project / "shop.sql"), "--queries", str(project / "queries"), *option]) == 2
    assert "says nothing" in capsys.readouterr().err
