"""What is documented is counted once each, and nothing that nobody should describe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

import planroom as pr
from planroom.advice.documentation import Coverage, Tally, documentation_of
from planroom.advice.documentation_card import headline
from planroom.errors import UnknownNameError
from planroom.model import Model, Table, annotate
from tests.strategies import HOSTILE_NAMES, models

DDL = """
create schema s;
create type mood as enum ('good', 'bad');
create domain money_amount as numeric check (value >= 0);
create table a (id bigint generated always as identity primary key, name text, email text);
create table s.b (id int primary key, a_id bigint references a, p date, primary_email text);
create table parted (day date, v int) partition by range (day);
create table parted_1 partition of parted for values from ('2026-01-01') to ('2026-02-01');
create view v as select id, name from a;
create function f() returns int language sql as 'select 1';
comment on table a is 'First.';
comment on column a.name is 'What it is called.';
comment on column s.b.p is ' ';
comment on view v is 'All of them.';
comment on type mood is 'How it goes.';
"""


@pytest.fixture(scope="module")
def found() -> Coverage:
    return pr.coverage(DDL)


def test_each_object_counts_once_partitions_and_columns_of_views_not_at_all(found):
    assert dict(found.kinds) == {
        "table": Tally(1, 3),
        "column": Tally(1, 9),
        "view": Tally(1, 1),
        "enum": Tally(1, 1),
        "domain": Tally(0, 1),
        "routine": Tally(0, 1),
    }
    assert found.total == Tally(4, 16)
    assert found.total.percent == 25
    assert headline(found) == "25 % of 16 objects are documented"


def test_a_column_that_comes_from_a_parent_counts_as_the_parents():
    model = pr.read("create table p (a int, b int); create table c (own int) inherits (p);")

    assert dict(documentation_of(model).kinds)["column"].total == 3


def test_areas_are_contexts_where_they_are_declared_else_schemas(found):
    model = annotate(pr.read(DDL), {"a": {"context": "c"}})

    assert [area.name for area in found.areas] == ["public", "s"]
    assert [(area.name, area.total.total) for area in documentation_of(model).areas] == [
        ("c", 4),
        ("public", 7),
        ("s", 5),
    ]


def test_gaps_name_what_is_missing_the_largest_first(found):
    assert [(gap.subject, gap.kind, gap.size) for gap in found.gaps] == [
        ("s.b", "table", 5),
        ("public.parted", "table", 3),
        ("public.a", "table", 2),
        ("public.f()", "routine", 1),
        ("public.money_amount", "domain", 1),
    ]
    assert found.gaps[2].columns == ("public.a.id", "public.a.email")
    assert "columns id, email" in str(found)


def test_columns_of_keys_are_left_out_when_asked_and_that_is_said():
    with_keys, without = pr.coverage(DDL), pr.coverage(DDL, keys=False)

    assert without.left_out == 2, "a.id is filled by the database and b.a_id refers; b.id is somebody's number"
    assert without.total.total == with_keys.total.total - 2
    assert "2 columns of keys are not counted" in str(without)
    assert "not counted" not in str(with_keys)


def test_names_like_personal_data_are_listed_and_never_counted(found):
    assert found.suspects == ("public.a.email", "s.b.primary_email")
    declared = documentation_of(
        annotate(pr.read("create table a (email text, phone_id int)"), {"a.email": {"pii": "email"}})
    )
    assert (declared.classified, declared.suspects) == (1, ())


@pytest.mark.parametrize(
    ("column", "suspect"),
    [("email text", True), ("email_verified boolean", False), ("phone_count int", False), ("emails_sent text", False),
     ("date_of_birth date", True), ("ip_address inet", True), ("customer_email varchar(20)", True), ("iban text", True),
     ("urban text", False), ("email_id text", False), ("\"firstName\" text", True)],
)  # fmt: skip
def test_what_is_named_like_personal_data(column, suspect):
    assert bool(pr.coverage(f"create table t ({column})").suspects) == suspect


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(models())
def test_areas_kinds_and_gaps_tell_of_the_same_objects(model):
    found = documentation_of(model)

    assert sum((area.total for area in found.areas), Tally()) == found.total
    assert sum(gap.size for gap in found.gaps) == found.total.missing
    assert 0 <= found.total.share <= 1
    assert (found.total.percent == 100) == (found.total.missing == 0)
    ET.fromstring(found.svg)
    bundle = found._repr_mimebundle_()
    assert bundle["text/plain"]
    assert "<script>" not in bundle.get("text/html", "")


def test_nothing_to_document_is_said_and_drawn_as_nothing():
    found = documentation_of(Model(name="empty"))

    assert str(found) == "empty: There is nothing to document"
    assert found.total.percent == 100
    assert "image/svg+xml" not in found._repr_mimebundle_()


def test_one_missing_of_many_is_not_a_hundred_percent():
    assert Tally(999, 1000).percent == 99


def test_the_picture_shows_each_area_with_its_number_and_fits_whatever_the_names():
    tables = tuple(Table(schema=name, name="t") for name in HOSTILE_NAMES)
    model = Model(name=HOSTILE_NAMES[0], tables=tables)
    found = documentation_of(model)
    root = ET.fromstring(found.svg)

    assert "alert(1)" in root.attrib["aria-label"]
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert f"{len(HOSTILE_NAMES) - 24} more areas lack less." in found.svg
    assert float(root.attrib["width"]) < 800


def test_it_is_saved_as_picture_page_and_markdown_and_as_nothing_else(tmp_path, found):
    for ending, sign in ((".svg", "<svg"), (".html", "<!doctype html>"), (".md", "### ")):
        path = found.save(tmp_path / f"coverage{ending}")
        assert path.read_text().startswith(sign)
    with pytest.raises(UnknownNameError, match=r"called '\.pdf'"):
        found.save(tmp_path / "coverage.pdf")
    assert "| `s.b` | table | the table itself and columns `id`, `a_id`, `p`, `primary_email` |" in found.markdown


def test_the_bytes_do_not_depend_on_the_hash_seed():
    code = (
        "import sys, planroom as pr; found = pr.coverage('schemas/shop.sql'); sys.stdout.write(found.svg + str(found))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }

    assert len(texts) == 1


def test_the_command_fails_under_a_share_and_says_so(capsys, tmp_path):
    from planroom.cli import main

    path = tmp_path / "a.sql"
    path.write_text("create table a (id int); comment on table a is 'x';")

    assert main(["coverage", str(path), "--fail-under", "50"]) == 0
    assert main(["coverage", str(path), "--fail-under", "50.1"]) == 1
    assert "50.0 % is less than the 50.1 % of --fail-under." in capsys.readouterr().err
    assert main(["coverage", str(path), "--fail-under", "101"]) == 2
    capsys.readouterr()

    assert main(["coverage", str(path), "--format", "json", "-o", str(tmp_path / "a.svg")]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["schema"] == "planroom.coverage/1"
    assert printed["total"] == {"documented": 1, "total": 2, "share": 0.5}
    assert printed["gaps"] == [{"subject": "public.a", "kind": "table", "itself": False, "columns": ["public.a.id"]}]
    assert (tmp_path / "a.svg").exists()
