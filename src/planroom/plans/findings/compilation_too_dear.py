"""Queries compiled for longer than it helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._survey import UNITS_PER_MS, Load
from planroom.plans.findings.base import Example, Told, WholeRule
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.findings._survey import Survey

__all__ = ["CompilationTooDear"]

_SHARE = 0.1
_DOCUMENT = """[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders", "Alias": "o", "Startup Cost": 0,
"Total Cost": 2000, "Plan Rows": 100000, "Plan Width": 8, "Actual Rows": 100000, "Actual Loops": 1,
"Actual Startup Time": 0.01, "Actual Total Time": 30}, "Planning Time": 0.1, "Execution Time": 90,
"JIT": {"Functions": 12, "Options": {"Inlining": true, "Optimization": true, "Expressions": true, "Deforming": true},
"Timing": {"Generation": 2, "Inlining": 8, "Optimization": 40, "Emission": 10, "Total": 60}}}]"""


class CompilationTooDear(WholeRule):
    """Just-in-time compilation took a good part of the whole time.

    It is decided by the plan's cost alone, before anyone knows how many rows will come: a plan of many parts, each
    for few rows (partitions, say), is compiled part by part and hardly run.
    """

    code = "PLN022"
    fix = "Raise jit_above_cost for this statement, or SET LOCAL jit = off."
    source = "https://www.postgresql.org/docs/current/jit-decision.html"
    needs = "time"
    bad = (Example("", by="time", document=_DOCUMENT),)
    good = (Example("", by="time", document=_DOCUMENT.replace('"Total": 60', '"Total": 3')),)
    unproven = "the server's package comes without the compiler (llvmjit)"

    def judge(self, survey: Survey) -> Iterator[tuple[Load, Told]]:
        """Yield the compilation when it took a tenth of the time."""
        jit, whole = survey.plan.jit, survey.plan.total_ms
        if jit is None or not jit.total_ms or not whole or jit.total_ms < _SHARE * whole:
            return
        message = f"compiling {format_count(jit.functions)} functions took a good part of the time"
        load = Load(min(1.0, jit.total_ms / whole), jit.total_ms * UNITS_PER_MS, "time")
        yield load, Told(message, replacement="SET LOCAL jit = off;", facts={"functions": jit.functions})
