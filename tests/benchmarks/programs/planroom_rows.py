"""planroom makes rows of six tables; ``verified`` asks DuckDB about every constraint, ``customers`` makes one table."""

from __future__ import annotations

from _six_tables import model, rows

from planroom.workbench import generate


def prepare(what, count):
    design = model()
    if what == "customers":
        return design.only({"public.customer"}), {"customer": int(count)}, False
    return design, rows(int(count)), what == "verified"


def work(prepared):
    design, asked, verified = prepared
    with generate(design, asked, seed=7, verify=verified) as made:
        broken = sum(verdict.rows for _, verdict in made.unmet)
        verdicts = sum(len(table.verdicts) for table in made.tables)
        return f"{made.rows:,} rows, {verdicts} constraints asked, {broken} rows break one"
