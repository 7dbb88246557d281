"""Plans foretold: from declarations alone, and from the statistics of a tenth of the rows."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import planroom as pr
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.scaling.growing import grown
from tests.benchmarks.shop import LARGE, measured_shop, predicted, verdict
from tests.benchmarks.shop_queries import SHOP
from tests.benchmarks.tpch import measured
from tests.tpch import NOTES, QUERIES, SCHEMA, outline

TENFOLD = 10


def prepare(what):
    if what == "declared":
        return _declared, pr.read(str(SHOP)), measured_shop(LARGE)
    return _grown, pr.read(SCHEMA, notes=NOTES), (measured(0.1), measured(1))


def work(prepared):
    call, model, told = prepared
    return call(model, told)


def _declared(model, told):
    rows, plans = told
    return str(verdict(plans, predicted(model, rows)))


def _grown(model, told):
    small, large = told
    rows = {
        table.id: small.statistics.by_relation[table.schema, table.name].rows
        * (1 if table.annotations.domain == "closed" else TENFOLD)
        for table in model.tables
    }
    with ScaledPostgres(model, grown(small.statistics, model, rows)) as database:
        found = {name: outline(database.explain(sql).document) for name, sql in QUERIES.items()}
    return str(verdict(large.plans, found))
