"""Rows of six tables go from DuckDB to PostgreSQL: as binary COPY, with proof; or by a CSV file, the rows alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from _six_tables import model, rows

from planroom.workbench import database, generate


def prepare(route, count):
    design = model()
    made = generate(design, rows(int(count)), seed=7, verify=False)
    context = database(design)
    return route, made, context, context.__enter__()


def work(prepared):
    route, made, context, target = prepared
    loaded = {"proven": _proven, "binary": _binary, "csv": _csv}[route](made, target)
    unproven = target.query("SELECT count(*) FROM pg_constraint WHERE NOT convalidated OR NOT conenforced").scalar()
    context.__exit__(None, None, None)
    return f"{loaded:,} rows taken, {unproven} constraints not validated"


def _proven(made, target):
    return made.load(target, statistics="none").rows


def _binary(made, target):
    from planroom.generating.copying import copy_plan, framed

    target.query("SET session_replication_role = replica")
    plans = [copy_plan(table) for table in made.plan.tables]
    return sum(target.copy_in(each.statement, framed(each, made.engine.batches(each.query))) for each in plans)


def _csv(made, target):
    target.query("SET session_replication_role = replica")
    loaded = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        for table in made.plan.tables:
            made.engine.run(f"COPY {table.target} TO '{file}' (FORMAT csv, HEADER false)")
            loaded += target.copy_in(f"COPY {table.target} FROM STDIN (FORMAT csv)", _chunks(file))
    return loaded


def _chunks(file):
    with file.open("rb") as opened:
        while chunk := opened.read(1 << 20):
            yield chunk
