"""A file that holds both ways of a migration is read as the way up, every line in its place."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.workbench.directions import up_only


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
