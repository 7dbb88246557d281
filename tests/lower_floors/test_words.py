"""Plurals become singular, singulars stay, and nothing moves twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.model.inflection import singular
from planroom.model.words import name_of, words_of

PAIRS = """
    people person, children child, statuses status, addresses address, companies company, categories category,
    analyses analysis, media medium, data datum, indices index, indexes index, matrices matrix, criteria criterion,
    men man, women woman, mice mouse, leaves leaf, shelves shelf, boxes box, batches batch, branches branch,
    dishes dish, classes class, processes process, buses bus, viruses virus, houses house, warehouses warehouse,
    causes cause, clauses clause, licenses license, purchases purchase, releases release, databases database,
    cases case, responses response, aliases alias, canvases canvas, heroes hero, photos photo, movies movie,
    cookies cookie, keys key, days day, caches cache, quizzes quiz, taxes tax, axes axis, menus menu, skus sku,
    apis api, areas area, schemas schema, personas persona, orders order, archives archive, salespeople salesperson,
    grandchildren grandchild, bases base, diagnoses diagnosis, wolves wolf, shoes shoe, campuses campus
"""
CASES = [tuple(pair.split()) for pair in PAIRS.split(",")]


@pytest.mark.parametrize(("plural", "expected"), CASES)
def test_a_plural_has_its_singular(plural, expected):
    assert singular(plural) == expected


@pytest.mark.parametrize(
    "word",
    "status address analysis basis news series species lens gas bus canvas alias atlas class process business "
    "campus corpus virus bonus census person datum staff equipment sheep feedback".split(),
)
def test_a_singular_stays(word):
    assert singular(word) == word


@given(st.one_of(st.text("abcdehinoprstuvxyz", max_size=12), st.sampled_from([plural for plural, _ in CASES])))
def test_once_is_enough(word):
    assert singular(singular(word)) == singular(word)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=9).filter(
        lambda word: word[-1] in "bdfgklmnprtw" and singular(word) == word
    )
)
def test_the_regular_plural_of_a_word_becomes_the_word(word):
    assert singular(f"{word}s") == singular(word)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("OrderHTTPLog", ("order", "http", "log")),
        ("order_items", ("order", "items")),
        ("order-Items 2", ("order", "items", "2")),
        ("CustomerID", ("customer", "id")),
        ("straße_öl", ("straße", "öl")),
        ("", ()),
        ("__", ()),
    ],
)
def test_a_name_is_taken_apart_whatever_its_style(name, words):
    assert "".join(words_of(name)) == "".join(words)
    if name.isascii():
        assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "stem", "mark"),
    [
        ("customer_id", ("customer",), "id"),
        ("customerid", ("customer",), "id"),
        ("CustomerId", ("customer",), "id"),
        ("id_cliente", ("cliente",), "id"),
        ("fk_user_id", ("user",), "id"),
        ("country_code", ("country",), "code"),
        ("tag_2", ("tag", "2"), ""),
        ("dept_no", ("department",), "no"),
        ("id", ("id",), ""),
        ("name", ("name",), ""),
    ],
)
def test_a_name_has_a_stem_and_perhaps_a_mark_of_a_key(name, stem, mark):
    assert (name_of(name).stem, name_of(name).mark) == (stem, mark)
