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
    from planroom.errors import PlanroomError
    from planroom.model import Model
    from planroom.workbench import (
        coverage,
        database,
        diff,
        duckdb,
        er,
        explorer,
        generate,
        infer_relations,
        lint,
        postgres,
        read,
        write,
    )

__all__ = [
    "Model",
    "PlanroomError",
    "coverage",
    "database",
    "diff",
    "duckdb",
    "er",
    "explorer",
    "generate",
    "infer_relations",
    "lint",
    "postgres",
    "read",
    "write",
]

__version__ = "0.1.0"

_HOMES = {"Model": "planroom.model", "PlanroomError": "planroom.errors"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'planroom' has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "planroom.workbench")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
