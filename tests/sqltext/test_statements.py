"""A script is parsed at once where it can be, and piece by piece where something in it is broken."""

from __future__ import annotations

import pytest

from planroom.sqltext import broken_statements, parse_postgres

SCRIPTS = {
    "right": "select 1;\nselect 2",
    "empty": "",
    "broken": "select 1;\nselec 2;\nselect 3 from;\nselect 4",
    "beside a line for psql": "\\set x 1\nselec 2;\nselect 1",
    "with rows": "copy t from stdin;\n1\tselec\n\\.\nselec 2",
    "with a NUL": "select 1;\nselect '\0'",
    "with a mark and umlauts": "\ufeffselect 'äöü';\nselec 'ä'",
    "half a character": "select '\ud800'",
    "deep": f"select {'(' * 3000}1{')' * 3000}; selec 2",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_what_is_broken_is_known_without_the_trees(text: str) -> None:
    expected = tuple(each for each in parse_postgres(text, "a.sql") if each.kind == "broken")

    assert broken_statements(text, "a.sql") == expected
