"""A frozen value is changed as `dataclasses.replace` changes it."""

from __future__ import annotations

import dataclasses

import pytest

from planroom.changing import changed, each_changed, replace
from planroom.findings import Location
from planroom.model import Column, PrimaryKey, Table
from planroom.sqltext import DataType, Expression

COLUMN = Column("total", DataType("numeric", ("12", "2")), default=Expression("0", "0"), origin=Location("a.sql", 3))
VALUES = [
    (COLUMN, {"nullable": False, "comment": "money"}),
    (PrimaryKey(name="orders_pkey", columns=("id",)), {"columns": ("id", "at")}),
    (Table(schema="sales", name="orders", columns=(COLUMN,)), {"columns": (), "comment": "all of them"}),
    (DataType("text"), {}),
]


@pytest.mark.parametrize(("value", "changes"), VALUES, ids=[type(value).__name__ for value, _ in VALUES])
def test_what_is_changed_is_new_and_the_rest_stays(value, changes):
    made, expected = replace(value, **changes), dataclasses.replace(value, **changes)

    assert made is not value
    assert all(getattr(made, each.name) == getattr(expected, each.name) for each in dataclasses.fields(value))
    assert value == dataclasses.replace(value)


def test_a_value_that_holds_what_it_is_given_stays_itself():
    table = Table(schema="sales", name="orders", columns=(COLUMN,))

    assert changed(table, columns=table.columns, comment="") is table
    assert changed(table, columns=(), comment="").columns == ()
    assert each_changed(table.columns, lambda each: each) is table.columns
    assert each_changed((1, 2), lambda each: each + 1) == (2, 3)


def test_a_text_that_differs_is_a_change_though_it_means_the_same():
    column = changed(COLUMN, default=Expression("(0)", "0"))

    assert column.default is not None
    assert (column == COLUMN, column.default.text) == (True, "(0)")


def test_what_a_value_has_computed_is_computed_again():
    table = Table(schema="sales", name="orders", columns=(COLUMN,))
    assert (table.id, list(table.columns_by_name)) == ("sales.orders", ["total"])

    made = replace(table, name="sales", columns=())

    assert (made.id, list(made.columns_by_name)) == ("sales.sales", [])


@pytest.mark.parametrize("value", [COLUMN, Table(schema="sales", name="orders")], ids=["slots", "dictionary"])
def test_a_field_that_is_not_there_is_refused_by_name(value):
    with pytest.raises(TypeError, match="has no field 'colour'"):
        replace(value, colour="red")
