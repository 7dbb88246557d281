"""One DROP of several tables: what is between them goes with them, in whatever order they are named."""

from __future__ import annotations

import pytest

from planroom.ddl import Catalog, apply
from planroom.sqltext import parse_postgres


def tables_after(sql: str) -> tuple[list[str], list[str]]:
    catalog = Catalog()
    for statement in parse_postgres(sql):
        apply(catalog, statement, last=True)
    return sorted(name for _, name in catalog.tables), [each.reason for each in catalog.unread]


BEFORE = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int REFERENCES p);"


@pytest.mark.parametrize("order", ["p, c", "c, p"])
def test_a_table_and_what_refers_to_it_are_dropped_in_any_order(order: str) -> None:
    assert tables_after(f"{BEFORE} DROP TABLE {order}") == ([], [])


def test_tables_that_refer_to_each_other_are_dropped_together() -> None:
    circle = "ALTER TABLE p ADD COLUMN c_id int; CREATE UNIQUE INDEX ON c (id);"
    tie = "ALTER TABLE p ADD FOREIGN KEY (c_id) REFERENCES c (id);"

    assert tables_after(f"{BEFORE} {circle} {tie} DROP TABLE p, c") == ([], [])


def test_an_heir_may_be_named_after_its_parent() -> None:
    assert tables_after("CREATE TABLE p (a int); CREATE TABLE h () INHERITS (p); DROP TABLE p, h") == ([], [])


def test_a_table_that_is_referred_to_by_another_stays() -> None:
    left, reasons = tables_after(f"{BEFORE} CREATE TABLE o (); DROP TABLE p, o")

    assert left == ["c", "o", "p"]
    assert reasons == ["public.c refers to public.p"]
