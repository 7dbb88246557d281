"""Plans of rows that are not there: TPC-H's 22 from statistics of scale factor 1, and its tables at other sizes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import planroom as pr
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.scaling.growing import grown
from tests.benchmarks.tpch import measured
from tests.tpch import QUERIES, SCHEMA, outline

SWEEP = (1e4, 1e5, 5e5, 1e6, 5e6, 1e7, 5e7, 1e8, 1e9, 1e10, 5e10, 1e11)


def prepare(what, *arguments):
    model, known = pr.read(SCHEMA), measured(1)
    ScaledPostgres(model, known.statistics).close()  # the server is started by now
    return {"plans": _plans, "build": _build, "sweep": _sweep}[what], model, known, arguments


def work(prepared):
    call, model, known, arguments = prepared
    return call(model, known, *arguments)


def _plans(model, known):
    with ScaledPostgres(model, known.statistics) as database:
        found = {name: outline(database.explain(sql).document) for name, sql in QUERIES.items()}
    shapes = sum(found[name][0] == shape for name, (shape, _) in known.plans.items())
    costs = sum(found[name][1] == cost for name, (_, cost) in known.plans.items())
    return f"{shapes} of {len(found)} shapes and {costs} costs are those of the rows"


def _build(model, known, rows):
    statistics = grown(known.statistics, model, {table.id: float(rows) for table in model.tables})
    with ScaledPostgres(model, statistics) as database:
        database.explain(QUERIES["q03"])
        failed = sum(not check.holds for check in database.checks)
        return f"{database.disk_bytes / 1e6:.0f} MB on disk, {failed} of {len(database.checks)} self-checks failed"


def _sweep(model, known):
    shapes = set()
    with ScaledPostgres(model, known.statistics) as database:
        for rows in SWEEP:
            database.resize(grown(known.statistics, model, {"public.lineitem": rows}))
            shapes.add(outline(database.explain(QUERIES["q03"]).document)[0])
    return f"{len(SWEEP)} sizes of one table, {len(shapes)} plans"
