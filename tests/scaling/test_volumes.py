"""How many rows tables have: what is asked, declared, known, and what follows."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.errors import QuantityError, UnknownNameError
from planroom.scaling.volumes import asked_rows, growing_with, volumes

SHOP = pr.read(
    """
    CREATE TABLE customers (id bigint PRIMARY KEY);
    CREATE TABLE products (id bigint PRIMARY KEY);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
    CREATE TABLE lines (order_id bigint REFERENCES orders, product_id bigint REFERENCES products);
    CREATE TABLE words (word text);
    """
)


def test_what_is_asked_for_holds_and_what_refers_to_it_grows_in_step() -> None:
    rows, assumed = volumes(
        SHOP, asked_rows(SHOP, {"orders": "1M"}), {"public.orders": 1e3, "public.lines": 4e3, "public.customers": 50.0}
    )

    assert rows["public.orders"] == 1e6
    assert rows["public.lines"] == pytest.approx(4e6)
    assert rows["public.customers"] == 50.0
    assert ("public.lines", "rule") in {(each.subject, each.source) for each in assumed}


def test_where_nothing_is_said_children_outnumber_their_parents() -> None:
    rows, assumed = volumes(SHOP, asked_rows(SHOP, {"orders": 3000}))

    assert rows == {
        "public.customers": 405.0,
        "public.lines": 9000.0,
        "public.orders": 3000.0,
        "public.products": 924.0,
        "public.words": 1000.0,
    }
    assert {each.subject for each in assumed} == rows.keys() - {"public.orders"}


def test_the_tables_that_grow_with_one_are_those_that_refer_to_it() -> None:
    assert growing_with(SHOP, "public.customers") == ("public.lines", "public.orders")
    assert growing_with(SHOP, "public.words") == ()


def test_a_cycle_of_references_ends() -> None:
    cycle = pr.read(
        "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);"
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;"
    )

    assert volumes(cycle, {})[0] == {"public.a": 1000.0, "public.b": 3000.0}
    assert growing_with(cycle, "public.a") == ("public.b",)


def test_numbers_and_names_that_make_no_sense_are_refused() -> None:
    with pytest.raises(QuantityError, match="cannot have"):
        asked_rows(SHOP, {"orders": 1e16})
    with pytest.raises(QuantityError):
        asked_rows(SHOP, {"orders": -1})
    with pytest.raises(UnknownNameError):
        asked_rows(SHOP, {"ordres": 1})
