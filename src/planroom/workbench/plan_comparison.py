"""Two plans, or two workloads, compared, whatever holds them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from planroom.errors import SourceError
from planroom.plans.comparing import PlanComparison, compared
from planroom.plans.plan import Plan
from planroom.plans.workloads import WorkloadComparison, compared_workloads
from planroom.workbench.files import missing, read_text

if TYPE_CHECKING:
    from planroom.workbench.workloads import Workload

__all__ = ["compare"]

_NAMES = ("old", "new")


@overload
def compare(
    old: Plan | str | Path,
    new: Plan | str | Path,
    *,
    by: str = ...,
    tolerance: float = ...,
    names: tuple[str, str] | None = ...,
) -> PlanComparison: ...


@overload
def compare(
    old: Workload, new: Workload, *, by: str = ..., tolerance: float = ..., names: tuple[str, str] | None = ...
) -> WorkloadComparison: ...


def compare(
    old: Any, new: Any, *, by: str = "cost", tolerance: float = 0.1, names: tuple[str, str] | None = None
) -> PlanComparison | WorkloadComparison:
    """Return what differs between two plans of one query, or between two workloads query by query.

    The trees are matched by what they read; the verdict says whether the shape is the same, and whether the new plan is
    cheaper. Plans of two engines are compared by what their operators do; costs of two engines cannot be.

    Args:
        old: A plan; the path of a file that holds what EXPLAIN printed, or that text; or a workload.
        new: Likewise.
        by: What makes the one better: ``cost``, ``rows``, ``buffers`` or ``time``.
        tolerance: By which share a number may grow and still count as the same.
        names: What to call the two; by default the files' names, or the engines', or old and new.

    Raises:
        SourceError: A file cannot be read, or holds no plan.
        UnknownNameError: There is no such measure.
        QuantityError: The tolerance is negative.
    """
    from planroom.workbench.workloads import Workload

    workloads = [isinstance(each, Workload) for each in (old, new)]
    if all(workloads):
        return compared_workloads(
            old.queries, new.queries, by=by, tolerance=tolerance, names=names or _of_workloads(old, new)
        )
    if any(workloads):
        raise SourceError(
            "A workload can only be compared with a workload.", fix="take one of its plans: workload['name']."
        )
    plans = _plan(old), _plan(new)
    return compared(*plans, by=by, tolerance=tolerance, names=names or _of_files(old, new))


def _plan(given: Any) -> Plan:
    """Return a plan from whatever holds it.

    Raises:
        SourceError: It holds none.
    """
    from planroom.plans import plan_of

    if isinstance(given, Plan):
        return given
    if not isinstance(given, str | Path):
        raise SourceError(
            f"A {type(given).__name__} is no plan.",
            fix="give what pr.explain returns, the path of a file that holds EXPLAIN's output, or that output.",
        )
    if isinstance(given, str) and ("\n" in given or given.lstrip()[:1] in {"[", "{"} or "(cost=" in given):
        return plan_of(given, source="<text>")
    path = Path(given)
    if not path.exists():
        raise missing(path)
    return plan_of(read_text(path), source=str(path))


def _of_files(old: Any, new: Any) -> tuple[str, str]:
    """Return the files' names where both are files of different names."""
    found = [Path(each).name if isinstance(each, str | Path) and "\n" not in str(each) else "" for each in (old, new)]
    return (found[0], found[1]) if all(found) and found[0] != found[1] and len(found[0] + found[1]) < 120 else _NAMES


def _of_workloads(old: Workload, new: Workload) -> tuple[str, str]:
    return (old.engine, new.engine) if old.engine != new.engine else _NAMES
