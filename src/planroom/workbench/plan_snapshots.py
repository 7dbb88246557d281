"""The file of accepted plans: checked against, and rewritten where plans changed and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planroom.errors import SourceError, UnknownNameError
from planroom.files import write_whole
from planroom.plans.checking import CheckedQuery, PlanCheck, Standing, check_plans
from planroom.plans.snapshots import Snapshot, snapshot_of, snapshots_of_text, text_of_snapshots
from planroom.workbench.files import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.workbench.workloads import Workload

__all__ = ["DEFAULT_NAME", "accepted", "beside", "checked"]

DEFAULT_NAME = "plans.json"


def beside(queries: Path) -> Path:
    """Return where the accepted plans of a folder or file of queries are: ``plans.json`` in the folder."""
    return (queries if queries.is_dir() else queries.parent) / DEFAULT_NAME


def checked(found: Workload, path: Path, *, tolerance: float) -> PlanCheck:
    """Return how the plans of a workload stand to those in a file.

    Raises:
        SourceError: There is no such file, or it holds no accepted plans.
    """
    if not path.exists():
        raise SourceError(
            f"There are no accepted plans in {str(path)!r}.",
            why="the file does not exist.",
            fix="`planroom plan accept` writes it; commit it, and `planroom plan check` holds plans against it.",
        )
    return check_plans(_read(path), found.queries, tolerance=tolerance, source=str(path))


def accepted(found: Workload, path: Path, *, names: Sequence[str], tolerance: float) -> PlanCheck:
    """Write the plans of a workload down; entries whose plan did not change stay as they are.

    Raises:
        SourceError: The file cannot be read or written.
        UnknownNameError: There is no such query.
    """
    known = {each.name for each in found.queries}
    for name in names:
        if name not in known:
            raise UnknownNameError.of("query", name, known)
    before = _read(path) if path.exists() else ()
    check = check_plans(before, found.queries, tolerance=tolerance, source=str(path))
    text = text_of_snapshots(_kept(check, names))
    if not path.exists() or read_text(path) != text:
        write_whole(path, text)
    return check


def _read(path: Path) -> tuple[Snapshot, ...]:
    return snapshots_of_text(read_text(path), source=str(path))


def _kept(check: PlanCheck, names: Sequence[str]) -> list[Snapshot]:
    """Return what the file is to hold."""
    found = (_entry(each, wanted=not names or each.name in names) for each in check.queries)
    return [each for each in found if each is not None]


def _entry(each: CheckedQuery, *, wanted: bool) -> Snapshot | None:
    """Return what the file is to hold of a query: as it was, as it is, or nothing."""
    if not wanted or each.standing is Standing.LOST or _is_as_written(each):
        return each.accepted
    return snapshot_of(each.current) if each.current else None


def _is_as_written(each: CheckedQuery) -> bool:
    """Whether the entry says what is so: the same query by the same name, with the same plan."""
    if each.accepted is None or each.current is None or each.standing is not Standing.SAME:
        return False
    return (each.accepted.name, each.accepted.query) == (each.current.name, each.current.query)
