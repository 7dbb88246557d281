"""The actions of an ALTER TABLE have places of their own."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.sqltext import action_at, parse_postgres

CASES = {
    "plain": ("ALTER TABLE t ADD a int, DROP b", ["ADD a int", "DROP b"]),
    "brackets": (
        "alter table s.t * add a numeric(10, 2), add check (a in (1, 2))",
        ["add a numeric(10, 2)", "add check (a in (1, 2))"],
    ),
    "only": ("ALTER TABLE ONLY s . t DROP a, DROP b", ["DROP a", "DROP b"]),
    "quotes": (
        """ALTER TABLE IF EXISTS "a,""b"."c, d" ADD e text DEFAULT 'x, y', ALTER "f,g" SET DEFAULT $$h, i$$""",
        ["ADD e text DEFAULT 'x, y'", """ALTER "f,g" SET DEFAULT $$h, i$$"""],
    ),
    "comments": ("ALTER TABLE t\n  ADD a int, -- one, two\n  /* three, */ DROP b", ["ADD a int", "DROP b"]),
    "arrays": ("ALTER TABLE t ADD a int[] DEFAULT ARRAY[1, 2], DROP b", ["ADD a int[] DEFAULT ARRAY[1, 2]", "DROP b"]),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "expected"), CASES.values(), ids=CASES)
def test_each_action_is_found_where_it_stands(sql, expected):
    before = "SELECT 1;\n "
    text = before + sql
    statement = parse_postgres(text, "m.sql")[1]
    places = [action_at(statement, number) for number in range(len(expected))]
    lines = text.split("\n")
    found = ["\n".join(lines[place.line - 1 :])[place.column - 1 :][: place.length] for place in places]

    assert found == expected


def test_one_action_is_the_whole_statement():
    (statement,) = parse_postgres("ALTER TABLE t ADD a int", "m.sql")

    assert (action_at(statement, 0).column, action_at(statement, 0).length) == (1, len(statement.text))


def test_a_finding_points_at_the_action_that_does_the_work():
    sql = "ALTER TABLE t\n  ADD COLUMN b int,\n  ALTER COLUMN a TYPE bigint,\n  DROP COLUMN c"
    report = pr.lint(sql, model="CREATE TABLE t (id int PRIMARY KEY, a int, c int)")
    places = {each.code: (each.location.line, each.location.column, each.location.length) for each in report.findings}

    assert places["MIG023"] == (4, 3, len("DROP COLUMN c"))
    assert (3, 3, len("ALTER COLUMN a TYPE bigint")) in places.values()
