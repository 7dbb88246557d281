"""Each command does its work, as text and as JSON, and says how it went by its exit status."""

from __future__ import annotations

import json

import pytest
from click import Context, Group

import planroom as pr
from planroom.cli._commands import planroom_command
from planroom.engines import ENGINES
from planroom.formats import FORMATS

COMMANDS = planroom_command.list_commands(None)


def test_show_prints_the_card(planroom, shop):
    result = planroom("show", shop)

    assert result.status == 0
    assert result.out == f"{pr.read(shop)}\n"
    assert result.err == ""


def test_show_gives_programs_one_object_with_counts_areas_findings_and_what_was_not_read(planroom, flawed):
    result = planroom("show", flawed, "--format", "json")
    found = json.loads(result.out)

    assert result.status == 1
    assert found["schema"] == "planroom.show/1"
    assert found["counts"]["tables"] == 1
    assert found["areas"] == [{"name": "public", "tables": 1, "columns": 1, "views": 0, "rows": 0}]
    assert [(each["severity"], each["line"], each["column"]) for each in found["findings"]] == [
        ("error", 3, 24),
        ("warning", 4, 1),
    ]
    assert [(each["kind"], each["line"]) for each in found["unread"]] == [
        ("session", 1),
        ("broken", 3),
        ("structure", 4),
    ]
    assert {each["file"] for each in found["unread"]} == {str(flawed)}
    assert all(each["reason"] for each in found["unread"])


@pytest.mark.parametrize(
    ("fail_on", "broken", "merely_odd", "clean"),
    [("error", 1, 0, 0), ("warning", 1, 1, 0), ("note", 1, 1, 0), ("never", 0, 0, 0)],
)
def test_fail_on_draws_the_line(planroom, tmp_path, flawed, shop, fail_on, broken, merely_odd, clean):
    odd = tmp_path / "odd.sql"
    odd.write_text("CREATE TABLE a (id int); DO $$ BEGIN EXECUTE 'x'; END $$;")

    assert planroom("show", flawed, "--fail-on", fail_on).status == broken
    assert planroom("show", odd, "--fail-on", fail_on).status == merely_odd
    assert planroom("show", shop, "--fail-on", fail_on).status == clean


def test_a_selector_in_the_notes_that_matches_nothing_is_a_finding(planroom, shop):
    shop.with_name("shop.notes.yml").write_text("ordrs: {rows: 3}\n")

    assert planroom("show", shop).status == 0
    assert planroom("show", shop, "--fail-on", "warning").status == 1
    assert "'ordrs'" in planroom("show", shop).out


def test_convert_prints_the_document_and_nothing_else(planroom, shop):
    result = planroom("convert", shop, "--to", "json")

    assert result.out == pr.write(shop, "json")
    assert (result.status, result.err) == (0, "")


def test_convert_writes_a_file_whose_suffix_means_the_format(planroom, shop, tmp_path):
    result = planroom("convert", shop, "-o", tmp_path / "out.json")

    assert (result.status, result.out) == (0, "")
    assert (tmp_path / "out.json").read_text() == pr.write(shop, "json")
    assert pr.read(tmp_path / "out.json") == pr.read(shop)


def test_convert_takes_any_name_when_the_format_is_named(planroom, shop, tmp_path):
    assert planroom("convert", shop, "--to", "json", "-o", tmp_path / "model.txt").status == 0
    assert (tmp_path / "model.txt").read_text() == pr.write(shop, "json")


def test_convert_tells_programs_what_was_written_and_what_is_lost(planroom, flawed, tmp_path):
    written = json.loads(planroom("convert", flawed, "-o", tmp_path / "out.sql", "--format", "json").out)
    printed = json.loads(planroom("convert", flawed, "--to", "json", "--format", "json").out)

    assert written["schema"] == "planroom.convert/1"
    assert written["to"] == "postgres"
    assert written["file"].endswith("out.sql")
    assert written["loses"] == list(FORMATS["postgres"].loses)
    assert len(written["findings"]) == 2
    assert json.loads(printed["text"])["schema"].startswith("planroom.model/")


def test_what_was_not_read_is_said_beside_a_result_that_does_not_show_it(planroom, flawed, tmp_path):
    for words in (["convert", flawed, "--to", "json"], ["er", flawed], ["er", flawed, "-o", tmp_path / "x.svg"]):
        result = planroom(*words)

        assert result.status == 1
        assert f"{flawed}:3:24: ● error READ001" in result.err


def test_er_prints_mermaid_and_writes_pictures(planroom, shop, tmp_path):
    printed = planroom("er", shop)
    drawn = planroom("er", shop, "-o", tmp_path / "shop.svg")

    assert printed.out == str(pr.er(shop))
    assert (drawn.status, drawn.out) == (0, "")
    assert "2 tables" in drawn.err
    assert (tmp_path / "shop.svg").read_text() == pr.er(shop).svg


def test_er_passes_every_option_on(planroom, shop, tmp_path):
    result = planroom(
        "er", shop, "--focus", "orders", "--hops", "0", "--detail", "names", "--cluster", "schema", "--no-views",
        "--include", "sales.*", "--exclude", "customers", "--no-overview",
    )  # fmt: skip

    assert result.status == 0
    assert "orders" in result.out
    assert "customers" not in result.out
    assert planroom("er", shop, "--exclude", "orders").out == str(pr.er(shop, exclude=["orders"]))


def test_explorer_writes_one_page_and_says_what_it_holds(planroom, shop, flawed, tmp_path):
    written = planroom("explorer", shop, "-o", tmp_path / "shop.html")
    told = json.loads(planroom("explorer", flawed, "-o", tmp_path / "flawed.html", "--format", "json").out)

    assert (written.status, written.out) == (0, "")
    assert "Explorer of shop: 2 tables" in written.err
    assert (tmp_path / "shop.html").read_text() == pr.explorer(shop).html
    assert told["schema"] == "planroom.explorer/1"
    assert told["size_bytes"] == (tmp_path / "flawed.html").stat().st_size
    assert "READ001" in {each["code"] for each in told["findings"]}


def test_an_explorer_that_cannot_be_written_leaves_nothing(planroom, shop, tmp_path):
    result = planroom("explorer", shop, "-o", tmp_path / "missing" / "shop.html")

    assert result.status == 2
    assert "cannot be written" in result.err
    assert not (tmp_path / "missing").exists()


def test_er_tells_programs_what_the_picture_shows(planroom, shop, tmp_path):
    found = json.loads(planroom("er", shop, "-o", tmp_path / "a.svg", "--overview", "--format", "json").out)

    assert found["schema"] == "planroom.er/1"
    assert "2 tables" in found["summary"]
    assert found["shown"] != found["summary"]
    assert found["text"] == ""


@pytest.mark.parametrize(("command", "registry"), [("engines", ENGINES), ("formats", FORMATS)])
def test_what_can_be_named_is_listed(planroom, command, registry):
    listed = json.loads(planroom(command, "--format", "json").out)

    assert listed["schema"] == f"planroom.{command}/1"
    assert tuple(each["name"] for each in listed[command]) == registry.names()
    for name in registry.names():
        assert name in planroom(command).out
        assert name in planroom(command, name).out
        (one,) = json.loads(planroom(command, name, "--format", "json").out)[command]
        assert one["name"] == name


def test_lab_hands_its_words_to_jupyterlab(planroom, monkeypatch):
    called = []
    monkeypatch.setattr(
        "planroom.notebook.lab.open_lab", lambda notebook, *, arguments: called.append((notebook, arguments)) or 0
    )

    assert planroom("lab", "a.ipynb", "--no-browser", "--port=0").status == 0
    assert planroom("lab").status == 0
    assert called == [("a.ipynb", ("--no-browser", "--port=0")), (None, ())]


def test_lab_takes_options_without_a_notebook(planroom, monkeypatch):
    called = []
    monkeypatch.setattr(
        "planroom.notebook.lab.open_lab", lambda notebook, *, arguments: called.append((notebook, arguments)) or 0
    )

    planroom("lab", "--no-browser")

    assert called == [(None, ("--no-browser",))]


# -- all of them -------------------------------------------------------------------------------------------------------


def test_every_file_without_an_underscore_is_a_command_and_the_other_way_round():
    from pathlib import Path

    import planroom.cli

    files = {path.stem for path in Path(planroom.cli.__file__).parent.glob("[!_]*") if path.suffix in {"", ".py"}}

    assert {name.replace("-", "_") for name in COMMANDS} == files
    assert {"show", "convert", "er", "engines", "formats", "doctor", "lab"} <= files


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(planroom, name):
    result = planroom(name, "--help")

    assert result.status == 0
    assert result.out.startswith(f"Usage: planroom {name} ")
    assert name in planroom("--help").out


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "lab"])
def test_every_command_with_a_result_has_it_as_json(planroom, name):
    group = planroom_command.get_command(Context(planroom_command), name)
    inside = group.list_commands(Context(group)) if isinstance(group, Group) else []
    for words in [[name, each] for each in inside] or [[name]]:
        assert "--format [text|json" in planroom(*words, "--help").out


def test_relations_lists_what_no_foreign_key_declares_and_er_draws_it(planroom, tmp_path):
    source = tmp_path / "notes.sql"
    source.write_text("create table users (id int primary key); create table notes (user_id int, comment text);")
    told = planroom("relations", source, "--format", "json")
    found = json.loads(told.out)

    assert planroom("relations", source).out == f"{pr.infer_relations(source)}\n"
    assert (told.status, found["schema"], found["declared"]) == (0, "planroom.relations/1", 0)
    assert [(each["child"], each["columns"], each["parent"], each["score"]) for each in found["relations"]] == [
        ("public.notes", ["user_id"], "public.users", 0.95)
    ]
    assert json.loads(planroom("relations", source, "--minimum", "0.99", "--format", "json").out)["relations"] == []
    assert "user_id, inferred 0.95" in planroom("er", source, "--infer").out
    assert "inferred" not in planroom("er", source).out
