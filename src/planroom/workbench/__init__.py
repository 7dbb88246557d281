"""What ``pr.*`` and the command line call: sources resolved, floors joined; modules imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.workbench.architecture import arch
    from planroom.workbench.databases import database, duckdb, postgres
    from planroom.workbench.decision_log import check_decisions, decisions
    from planroom.workbench.differences import diff
    from planroom.workbench.documentation import coverage
    from planroom.workbench.explaining import explain
    from planroom.workbench.generating import generate
    from planroom.workbench.inferring import infer_relations
    from planroom.workbench.judging import lint
    from planroom.workbench.pictures import er, explorer
    from planroom.workbench.plan_comparison import compare
    from planroom.workbench.reading_plans import plan
    from planroom.workbench.scaled import at_scale
    from planroom.workbench.scaled_databases import ScaledDatabase
    from planroom.workbench.scaled_warehouses import ScaledWarehouse
    from planroom.workbench.scaling import statistics
    from planroom.workbench.sources import read
    from planroom.workbench.storing import write
    from planroom.workbench.workloads import workload

__all__ = [
    "ScaledDatabase",
    "ScaledWarehouse",
    "arch",
    "at_scale",
    "check_decisions",
    "compare",
    "coverage",
    "database",
    "decisions",
    "diff",
    "duckdb",
    "er",
    "explain",
    "explorer",
    "generate",
    "infer_relations",
    "lint",
    "plan",
    "postgres",
    "read",
    "statistics",
    "workload",
    "write",
]

_HOMES = {
    "ScaledDatabase": "scaled_databases",
    "ScaledWarehouse": "scaled_warehouses",
    "arch": "architecture",
    "at_scale": "scaled",
    "compare": "plan_comparison",
    "coverage": "documentation",
    "check_decisions": "decision_log",
    "database": "databases",
    "decisions": "decision_log",
    "diff": "differences",
    "duckdb": "databases",
    "er": "pictures",
    "explain": "explaining",
    "explorer": "pictures",
    "generate": "generating",
    "infer_relations": "inferring",
    "lint": "judging",
    "plan": "reading_plans",
    "postgres": "databases",
    "read": "sources",
    "statistics": "scaling",
    "workload": "workloads",
    "write": "storing",
}


def __getattr__(name: str) -> Any:
    """Import a function when it is first used (PEP 562): a command pays for what it calls alone."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
