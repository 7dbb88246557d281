"""planroom: a workbench for architecture and data modelling, in a notebook.

Everything that a user calls is here; nothing is imported before it is used::

    import planroom as pr

    shop = pr.read("schemas/shop.sql")
    pr.er(shop, focus="orders")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom import adr
    from planroom.architecture import System
    from planroom.errors import PlanroomError
    from planroom.model import Model
    from planroom.workbench import (
        arch,
        at_scale,
        check_decisions,
        compare,
        coverage,
        database,
        decisions,
        diff,
        duckdb,
        er,
        explain,
        explorer,
        generate,
        infer_relations,
        lint,
        plan,
        postgres,
        read,
        statistics,
        workload,
        write,
    )

__all__ = [
    "Model",
    "PlanroomError",
    "System",
    "adr",
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

__version__ = "0.1.0"

_HOMES = {"Model": "planroom.model", "PlanroomError": "planroom.errors", "System": "planroom.architecture"}
_FLOORS = frozenset({"adr"})  # called by their own names: `pr.adr.new(...)`
_HOOKS = {"load_ipython_extension": "planroom.notebook.magics"}  # what %load_ext looks for


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in __all__ and name not in _HOOKS:
        raise AttributeError(f"module 'planroom' has no attribute {name!r}")
    if name in _FLOORS:
        value: Any = import_module(f"{__name__}.{name}")
    else:
        value = getattr(import_module({**_HOMES, **_HOOKS}.get(name, "planroom.workbench")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
