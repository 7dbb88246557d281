"""A catalog that begins with a model goes on as if the model's statements had been read into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from planroom.ddl import Catalog, apply_all, catalog_of
from planroom.sqltext import parse_postgres
from tests.strategies import models

SHOP = Path("schemas/shop.sql").read_text()
OTHERS = """
create table p (id bigint generated always as identity) partition by range (id);
create table p1 partition of p for values from (1) to (9);
create type t as (a int); create view v as select * from p; create sequence s; create table q (x serial unique);
create table c (y int) inherits (q);
"""


def folded(text: str, onto: Catalog | None = None) -> Catalog:
    catalog = onto or Catalog()
    apply_all(catalog, parse_postgres(text, "x.sql"))
    return catalog


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(models())
def test_a_model_comes_out_as_it_went_in(model):
    assert replace(catalog_of(model).model(), schemas=()) == replace(model, schemas=()), "public goes without saying"


@pytest.mark.parametrize("text", [SHOP, OTHERS])
def test_it_knows_the_same_names_as_the_catalog_that_read_the_statements(text):
    read = folded(text)
    resumed = catalog_of(read.model())

    for store in ("relations", "index_tables", "constraint_names", "children", "routine_names"):
        assert dict(getattr(resumed, store)) == {k: v for k, v in getattr(read, store).items() if v}, store


@pytest.mark.parametrize(
    "migration",
    [
        "alter table ordering.orders add column note text unique, add check (note <> '')",
        "alter table ordering.orders rename to purchases; alter table ordering.purchases drop column channel",
        "drop schema payments cascade; create index on ordering.orders (channel, status)",
    ],
)
def test_a_migration_means_the_same_on_either(migration):
    resumed = folded(migration, catalog_of(folded(SHOP).model()))

    assert resumed.model() == folded(SHOP + ";" + migration).model()
