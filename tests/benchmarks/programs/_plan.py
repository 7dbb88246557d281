"""Writes a plan as PostgreSQL's FORMAT JSON prints it, to standard output: ``_plan.py NODES``.

It is the self join of a partitioned table, run with VERBOSE and BUFFERS: two Appends, each over half of the scans.
"""

from __future__ import annotations

import json
import sys

BLOCKS = {
    **{f"{kind} {what} Blocks": 0 for kind in ("Shared", "Local") for what in ("Hit", "Read", "Dirtied", "Written")},
    "Temp Read Blocks": 0,
    "Temp Written Blocks": 0,
}


def node(kind, relationship, cost, rows, *, hit=0, plans=(), **more):
    """Return one node; ``more`` are the keys of its kind, in the server's order."""
    return {
        "Node Type": kind,
        **({"Parent Relationship": relationship} if relationship else {}),
        "Parallel Aware": False,
        "Async Capable": False,
        **more.pop("named", {}),
        "Startup Cost": 0.0,
        "Total Cost": cost,
        "Plan Rows": rows,
        "Plan Width": 40,
        "Actual Startup Time": 0.011,
        "Actual Total Time": round(cost / 1000, 3),
        "Actual Rows": float(rows),
        "Actual Loops": 1,
        "Disabled": False,
        **more,
        **BLOCKS,
        "Shared Hit Blocks": hit,
        **({"Plans": list(plans)} if plans else {}),
    }


def scan(at, alias):
    """Return the scan of one partition."""
    name = f"{alias}_{at + 1}"
    return node(
        "Seq Scan",
        "Member",
        25.0 + at % 7,
        400 + at % 11,
        hit=2 + at % 5,
        named={"Relation Name": f"measure_{at:05}", "Schema": "public", "Alias": name},
        Output=[f"{name}.id", f"{name}.value", f"{name}.note"],
        Filter=f"({name}.id > {at})",
        **{"Rows Removed by Filter": at % 3},
    )


def append(scans, alias, relationship):
    """Return the Append over so many partitions."""
    members = [scan(at, alias) for at in range(scans)]
    cost = sum(each["Total Cost"] for each in members)
    hit = sum(each["Shared Hit Blocks"] for each in members)
    return node("Append", relationship, round(cost, 2), 400 * scans, hit=hit, plans=members, **{"Subplans Removed": 0})


def main(nodes):
    """Write the plan."""
    scans = (nodes - 4) // 2
    outer, inner = append(scans, "a", "Outer"), append(scans, "b", "Outer")
    table = {"Hash Buckets": 2048, "Original Hash Buckets": 2048, "Hash Batches": 1, "Original Hash Batches": 1}
    hash_node = node(
        "Hash", "Inner", inner["Total Cost"], 400 * scans, hit=inner["Shared Hit Blocks"], plans=[inner],
        Output=["b.id"], **table, **{"Peak Memory Usage": 900}
    )  # fmt: skip
    root = node(
        "Hash Join", "", round(outer["Total Cost"] + inner["Total Cost"] * 1.1, 2), 1000,
        hit=outer["Shared Hit Blocks"] + inner["Shared Hit Blocks"], plans=[outer, hash_node],
        named={"Join Type": "Inner"}, Output=["a.id", "b.id"], **{"Inner Unique": False, "Hash Cond": "(a.id = b.id)"}
    )  # fmt: skip
    document = [{"Plan": root, "Planning": {**BLOCKS}, "Planning Time": 40.0, "Triggers": [], "Execution Time": 200.0}]
    sys.stdout.write(json.dumps(document, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]))
