"""Plans foretold: from declarations alone, and from the statistics of a tenth of the rows."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[3]))

import planroom as pr
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.scaling.growing import grown
from tests.benchmarks.shop import LARGE, measured_shop, predicted, verdict
from tests.benchmarks.shop_queries import SHOP
from tests.benchmarks.tpch import analysed, measured
from tests.tpch import NOTES, PLANS, QUERIES, SCHEMA, outline

TENFOLD = 10


def prepare(what):
    if what == "declared":
        return _declared, pr.read(str(SHOP)), measured_shop(LARGE)
    return _grown, pr.read(SCHEMA, notes=NOTES), (measured(0.1).statistics, [_recorded(), *analysed(1)])


def _recorded():
    """Return the plans that the tests hold predictions to: of one load and one ANALYZE."""
    return json.loads(PLANS.read_text(encoding="utf-8"))["all indexes"]


def work(prepared):
    call, model, told = prepared
    return call(model, told)


def _declared(model, told):
    rows, plans = told
    return str(verdict(plans, predicted(model, rows)))


def _grown(model, told):
    small, samples = told
    rows = {
        table.id: small.by_relation[table.schema, table.name].rows
        * (1 if table.annotations.domain == "closed" else TENFOLD)
        for table in model.tables
    }
    with ScaledPostgres(model, grown(small, model, rows)) as database:
        found = {name: outline(database.explain(sql).document) for name, sql in QUERIES.items()}
    return _against(samples, found)


def _against(samples, found):
    """Say how near plans come to those of the rows after each of several ANALYZEs, the recorded one first."""
    verdicts = [verdict(each, found) for each in samples]
    shapes = [each.shapes for each in verdicts]
    missed = Counter(name for each in samples for name, (shape, _) in each.items() if found[name][0] != shape)
    names = ", ".join(f"{name} in {count}" for name, count in sorted(missed.items()))
    return (
        f"{median(shapes):g} of {verdicts[0].queries} shapes is the median: {shapes[0]} as recorded,"
        f" {', '.join(map(str, shapes[1:]))} after other ANALYZEs ({names or 'none'} of {len(samples)} differ);"
        f" at least {min(each.costs for each in verdicts)} costs within 2x"
    )
