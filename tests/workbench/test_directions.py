"""A file that holds both ways of a migration is read as the way up, every line in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

import planroom as pr
from planroom.workbench.directions import up_only
from planroom.workbench.files import documents_in


@pytest.mark.parametrize(
    ("up", "down"),
    [("-- +goose Up", "-- +goose Down"), ("--  migrate:up", "-- migrate:down transaction:false"),
     ("-- +migrate Up", "  -- +migrate Down notransaction")],
)  # fmt: skip
def test_what_undoes_is_left_out_whichever_section_comes_first(tmp_path, up, down):
    ways = f"{up}\ncreate table a (id int);\n", f"{down}\ndrop table a;\n"
    for at, text in enumerate(("".join(ways), "".join(reversed(ways)))):
        (tmp_path / f"{at}.sql").write_text(text)
        model = pr.read(tmp_path / f"{at}.sql")

        assert [table.name for table in model.tables] == ["a"]
        assert model.tables[0].origin.line == text.split("\n").index("create table a (id int);") + 1


def test_a_script_that_goes_one_way_is_as_it_was():
    for text in ("select 1; -- migrate:up\n", "select '\n-- down'", ""):
        assert up_only(text) == text


def test_lines_and_columns_stay():
    text = "-- +goose Down\r\ndrop table ä;\n-- +goose Up\ncreate table b ();"

    assert len(up_only(text)) == len(text)
    assert up_only(text).split("\n")[3] == "create table b ();"


def names(folder, *found, form=""):
    for name in found:
        (folder / name).write_text(f"create table t{len(name)} (id int);")
    return [Path(each.source).name for each in documents_in(folder, form)]


def test_files_for_other_databases_are_left_out_where_some_are_for_this_one(tmp_path):
    files = ["1_a.mysql.up.sql", "1_a.postgres.up.sql", "1_a.sqlite3.up.sql", "2_b.up.sql", "2_b.pg.up.sql"]
    files += ["3_c.up.sql", "4_d.postgres.autocommit.up.sql", "4_d.cockroach.autocommit.up.sql"]

    assert names(tmp_path, *files) == [
        "1_a.postgres.up.sql", "2_b.pg.up.sql", "3_c.up.sql", "4_d.postgres.autocommit.up.sql",
    ]  # fmt: skip
    assert names(tmp_path, form="mysql") == [
        "1_a.mysql.up.sql", "2_b.up.sql", "3_c.up.sql",
    ]  # fmt: skip


def test_files_for_one_other_database_alone_are_all_there_is(tmp_path):
    assert names(tmp_path, "1_a.mysql.sql", "2_b.sql") == ["1_a.mysql.sql", "2_b.sql"]
