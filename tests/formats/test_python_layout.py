"""Python source code laid out: what the formatter would do, already done."""

from __future__ import annotations

import ast

from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.formats._python.code import Call
from planroom.formats._python.identifiers import Scope, camel, constant, plural, singular, snake
from planroom.formats._python.layout import Layout, docstring, literal
from tests.formats.python_modules import objections
from tests.strategies import hostile_texts

_VALUES = st.recursive(
    st.integers() | st.booleans() | st.none() | st.text(st.characters(codec="utf-8"), max_size=120) | hostile_texts(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(hostile_texts(), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_is_the_text(text):
    assert ast.literal_eval(literal(text)) == text
    assert literal(text).isprintable()


@given(_VALUES)
def test_a_value_laid_out_is_the_value(value):
    text = "\n".join(Layout({}).assignment("a", value))

    assert ast.literal_eval(text.removeprefix("a = ")) == value


@settings(deadline=None, max_examples=40)
@given(st.lists(_VALUES, max_size=4), _VALUES)
def test_formatting_a_value_changes_nothing(values, named):
    call = Call("function", tuple(values), (("named", named),))
    text = "\n".join(Layout({}).assignment("value", call)) + "\n"

    assert objections(text, lint="F632") == ""


@settings(deadline=None, max_examples=40)
@given(hostile_texts() | st.text(st.sampled_from("aé \"\\'\n日"), min_size=80, max_size=200).filter(str.strip))
def test_a_docstring_is_a_docstring_and_stays_as_it_is(text):
    written = "class A:\n" + "\n".join(docstring(text.strip() or "a", indent=4)) + "\n"

    assert ast.get_docstring(ast.parse(written).body[0]).split() == (text.split() or ["a"])
    assert objections(written, lint="F632") == ""


@given(hostile_texts())
def test_a_name_becomes_an_identifier(text):
    for made in (snake(text), camel(text), constant(text)):
        assert Scope().take(made).isidentifier()


def test_no_name_is_given_twice():
    scope = Scope({"metadata"})

    assert [scope.take("metadata"), scope.take("metadata"), scope.take("ａ"), scope.take("a")] == [
        "metadata_", "metadata_2", "a", "a_",
    ]  # fmt: skip


def test_plurals_and_singulars_of_english():
    words = {"order": "orders", "category": "categories", "address": "addresses", "box": "boxes", "person": "people"}

    assert {singular(many): many for many in words.values()} == words
    assert {one: plural(one) for one in words} == words
    assert (singular("status"), singular("news"), plural("order_lines")) == ("status", "news", "order_lines")
