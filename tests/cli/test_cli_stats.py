"""planroom stats export: to a file, for people and for programs."""

from __future__ import annotations

import json

import pytest

import planroom as pr
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.scaling.statistics import ColumnStatistics, Statistics

KNOWN = Statistics(
    columns=(
        ColumnStatistics(schema="sales", table="customers", column="email", histogram=("a@sesame.org", "b@sesame.org")),
        ColumnStatistics(schema="sales", table="customers", column="id", histogram=("1", "9")),
    ),
    source="elsewhere",
)


@pytest.fixture
def stored(tmp_path):
    return KNOWN.save(tmp_path / "known.json")


def test_an_export_is_treated_anew_by_the_annotations_of_a_schema(planroom, shop, stored, tmp_path):
    shop.with_name("shop.notes.yml").write_text("customers.email: {pii: email}\n")
    target = tmp_path / "out.json"
    result = planroom("stats", "export", stored, "-o", target, "--schema", shop, "--format", "json")
    told = json.loads(result.out)

    assert result.status == 0
    assert told["schema"] == "planroom.stats/1"
    assert (told["file"], told["columns"]) == (str(target), 2)
    assert told["left_out"] == [{"column": "sales.customers.email", "how": "left out: personal data: email"}]
    assert "sesame" not in result.out + target.read_text()
    assert "left out" in planroom("stats", "export", stored, "-o", target, "--schema", shop).out
    made = planroom("stats", "export", stored, "-o", target, "--schema", shop, "--replace")
    assert "replaced" in made.out
    assert pr.statistics(target).columns[0].histogram == ("v000000", "v000001")


def test_without_a_file_the_statistics_themselves_are_printed(planroom, stored):
    result = planroom("stats", "export", stored)

    assert result.status == 0
    assert result.out == stored.read_text()


@pytest.mark.server
def test_a_live_database_is_exported(planroom, server, tmp_path):
    with OwnedPostgres(server) as engine:
        engine.run(
            "CREATE TABLE t (id int PRIMARY KEY, email text); INSERT INTO t SELECT i, i FROM generate_series(1, 99) i"
        )
        engine.run("ANALYZE t")
        database = engine.query("SELECT current_database()").scalar()
        address = f"postgresql://postgres:sesame@/{database}?host={engine.server.directory}"
        result = planroom("stats", "export", address, "-o", tmp_path / "t.json", "--ends")

    assert result.status == 0
    assert "sesame" not in result.out + result.err + (tmp_path / "t.json").read_text()
    found = pr.statistics(tmp_path / "t.json")
    assert found.by_column["public", "t", "id", False].ends == ("1", "99")
    assert [name for name, _ in found.left_out] == ["public.t.email"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.json",), "missing.json"),
        (("postgresql://u:sesame@127.0.0.1:1/x", "-o", "x.json"), "127.0.0.1"),
        (("known.json", "-o", "x.txt"), ".json"),
    ],
)
def test_what_cannot_be_exported_is_said(planroom, stored, monkeypatch, words, said):
    monkeypatch.chdir(stored.parent)
    result = planroom("stats", "export", *words)

    assert result.status == 2
    assert said in result.err
    assert "sesame" not in result.err
