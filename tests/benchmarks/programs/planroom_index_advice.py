"""Indexes for TPC-H's 22 queries from statistics of scale factor 1; and the same indexes really built on the rows."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import planroom as pr
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.engines.postgres.server import embedded
from planroom.engines.postgres.statistics import read_statistics
from planroom.engines.postgres.supervisor import DATA
from planroom.experiments.at_scale.advising import advise
from planroom.experiments.at_scale.index_costs import sizes_of_candidates, with_sizes
from planroom.quantities import format_bytes, parse_bytes
from planroom.scaling.storing import statistics_from
from planroom.sqltext import parse_postgres
from planroom.sqltext.weighted_queries import WeightedQuery
from tests.benchmarks.tpch import loaded
from tests.benchmarks.tpch_rows import folder
from tests.tpch import QUERIES, SCHEMA, STATISTICS, outline

WORKLOAD = [WeightedQuery(name, sql.strip().rstrip(";")) for name, sql in QUERIES.items()]


def prepare(what, budget=""):
    statements = [each for each in parse_postgres(SCHEMA) if each.kind not in {"IndexStmt", "empty"}]
    model = pr.read("".join(f"{each.text};\n" for each in statements))  # the keys alone
    known = statistics_from(STATISTICS.read_text(encoding="utf-8"))
    ScaledPostgres(model, known).close()  # the server is started by now
    return what, model, known, parse_bytes(budget) if budget else None


def work(prepared):
    what, model, known, budget = prepared
    if what == "built":
        return _told(_kept(model, budget))
    server, wall = _server_cpu_s(), time.perf_counter()
    advice = advise(model, known, WORKLOAD, budget_bytes=budget)
    server, wall = _server_cpu_s() - server, time.perf_counter() - wall
    return (
        f"{advice.candidates} candidates, {advice.asked} costs, {len(advice.chosen)} indexes of"
        f" {format_bytes(advice.size_bytes)}; the server's own CPU {server:.1f} s"
    )


def _server_cpu_s():
    """Return the CPU time of the server and of all its processes, those that have ended too."""
    directory = embedded().directory / DATA
    server = int((directory / "postmaster.pid").read_text().split()[0])
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            own, waited = (int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]))
            total += (own if int(fields[1]) == server else 0) + (own + waited if entry.name == str(server) else 0)
    return total / os.sysconf("SC_CLK_TCK")


def _kept(model, budget):
    """Return what came out when the indexes were really built; asked once, and kept."""
    kept = folder() / f"sf1.advice.{budget}.json"
    if not kept.exists():
        kept.write_text(json.dumps(_built(model, budget)), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))


def _built(model, budget):
    """Advise on the rows' own statistics, build what is advised, and hold the two against each other."""
    with loaded(1) as rows:
        for statement in parse_postgres(SCHEMA):
            if statement.kind == "IndexStmt":
                rows.run(f"DROP INDEX {statement.tree['idxname']}")
        known = read_statistics(rows, ends=True)
        advice = advise(model, known, WORKLOAD, budget_bytes=budget)
        chosen = [each.candidate for each in advice.chosen]  # as `advice.ddl` makes them: later ones win ties
        complete = with_sizes(known, sizes_of_candidates(chosen, model, known))
        statements = [each.statement for each in chosen]
        with ScaledPostgres(model, complete, candidates=statements) as scaled:
            names = scaled.candidates
            foretold = {name: outline(scaled.explain(sql, visible=names).document) for name, sql in QUERIES.items()}
        for statement in statements:
            rows.run(statement)
        found = {name: outline(rows.explain(sql).document) for name, sql in QUERIES.items()}
        sizes = {each.name: rows.query(f"SELECT pg_relation_size('{each.name}')").rows[0][0] for each in chosen}
    expected = {each.candidate.name: each.size_bytes for each in advice.chosen}
    return {"foretold": foretold, "found": found, "sizes": {name: (expected[name], sizes[name]) for name in sizes}}


def _told(kept):
    pairs = [(kept["foretold"][name], found) for name, found in kept["found"].items()]
    same = sum(told[0] == found[0] for told, found in pairs)
    near = [told[1] / found[1] for told, found in pairs]
    sizes = [told / found for told, found in kept["sizes"].values()]
    return (
        f"{same} of {len(pairs)} plans are those of the rows, costs {min(near):.3f} to {max(near):.3f} of theirs"
        f" ({sum(abs(each - 1) <= 0.05 for each in near)} within 5 %);"
        f" {len(sizes)} indexes, sizes {min(sizes):.2f} to {max(sizes):.2f} of the real"
        f" ({sum(abs(each - 1) <= 0.1 for each in sizes)} within 10 %)"
    )
