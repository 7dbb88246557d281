"""A finding says for about how long, where the rows are known, and does not where they are not."""

from __future__ import annotations

import pytest

import planroom as pr

TABLE = "create table t (id int primary key, n int); create table u (id int primary key, t_id int)"


@pytest.mark.parametrize(
    ("sql", "seconds"),
    [
        ("create index on t (n)", 60.0),
        ("alter table t alter n set not null", 8.0),
        ("alter table t alter n type bigint", 300.0),
        ("alter table t add check (n > 0), add check (n < 9)", 8.0),
        ("alter table t add foreign key (n) references u", 24.0 + 0.2),
    ],
)
def test_rows_make_a_duration(sql, seconds):
    found = pr.lint(sql, model=TABLE, rows={"t": 120e6, "u": 1e6}, ignore=["no-lock-timeout"]).findings[0]

    assert found.facts["seconds"] == pytest.approx(seconds, rel=0.05)
    assert "for about" in found.message


def test_unknown_rows_make_none():
    (found,) = pr.lint("create index on t (n)", model=TABLE, ignore=["no-lock-timeout"]).findings

    assert "seconds" not in found.facts
    assert found.message.endswith("meanwhile")


def test_a_table_known_to_be_small_makes_a_note():
    (found,) = pr.lint("create index on t (n)", model=TABLE, rows={"t": 500}, ignore=["no-lock-timeout"]).findings

    assert str(found.severity) == "note"
