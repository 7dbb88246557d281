"""Named values become numbered placeholders, and nothing else in the text is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.errors import SyntaxProblem
from planroom.sqltext.placeholders import numbered


@pytest.mark.parametrize(
    ("text", "numbers", "names"),
    [
        ("SELECT :a", "SELECT $1", ("a",)),
        ("SELECT {{a}}, {{ b_2 }}", "SELECT $1   , $2       ", ("a", "b_2")),
        ("SELECT :a + :b * :a", "SELECT $1 + $2 * $1", ("a", "b")),
        ("SELECT (:größe)", "SELECT ($1    )", ("größe",)),
        ("x=:a", "x=$1", ("a",)),
    ],
)
def test_a_name_becomes_a_number(text: str, numbers: str, names: tuple[str, ...]) -> None:
    assert numbered(text) == (numbers, names)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a::int, b :: text",
        "SELECT a[1:n], a[lo:hi], a[:hi]",
        "SELECT {'k':v, 'l':w}",
        "CALL f(a := b)",
        "SELECT ':a', E'\\':a', \":a\", $$ :a $$, $x$ {{ a }} $x$",
        "SELECT 1 -- :a {{ b }}\n/* :a /* :b */ :c */",
        "SELECT '2026-01-01 10:30'::timestamp",
        "SELECT 'see {{ a }} there'",
    ],
)
def test_what_is_no_placeholder_stays(text: str) -> None:
    assert numbered(text) == (text, ())


def test_numbers_go_on_after_those_of_the_text() -> None:
    assert numbered("SELECT $2, :a", after=2) == ("SELECT $2, $3", ("a",))


def test_an_error_keeps_its_place() -> None:
    text = "SELECT {{ limit }},\n  :a, nonsense"
    assert numbered(text)[0].index("nonsense") == text.index("nonsense")


@pytest.mark.parametrize(
    ("text", "where"),
    [("SELECT '{{ a }}'", "sql:1:8"), ("SELECT\n  {{ a + 1 }}", "sql:2:3"), ("SELECT {{}}", "sql:1:8")],
)
def test_braces_that_cannot_be_bound_are_said(text: str, where: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        numbered(text)
    assert caught.value.where == where
    assert caught.value.fix


@given(st.text("ab:{}'\"$-/*\n \\", max_size=30))
def test_any_text_keeps_its_length_or_is_refused(text: str) -> None:
    try:
        sql, names = numbered(text)
    except SyntaxProblem:
        return
    assert names or sql == text
    assert sql.count("\n") == text.count("\n")
