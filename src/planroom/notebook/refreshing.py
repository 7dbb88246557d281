"""Notebooks run afresh and put back in normal form, so that what git shows is what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.errors import PlanroomError
from planroom.notebook.files import notebook_text, read_notebook, write_notebook
from planroom.notebook.meaning import Change, changes
from planroom.notebook.normal_form import normalise
from planroom.notebook.running import execute
from planroom.workbench.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Refreshed", "refresh"]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one notebook.

    Attributes:
        path: The notebook's file.
        changes: What a reader would notice, cell by cell.
        written: Whether the file was rewritten; it is not when nothing changed.
        failure: Why it could not be run; the file is then as it was.
    """

    path: Path
    changes: tuple[Change, ...] = ()
    written: bool = False
    failure: PlanroomError | None = None

    def __str__(self) -> str:
        if self.failure:
            return f"{self.path}: failed, left as it was\n{self.failure}"
        if not self.changes:
            return f"{self.path}: {'same meaning, brought to normal form' if self.written else 'unchanged'}"
        count = len(self.changes)
        return "\n".join([f"{self.path}: {count} change{'s' if count > 1 else ''}", *map(str, self.changes)])


def refresh(paths: Iterable[Path], *, timeout_s: int = 120) -> tuple[Refreshed, ...]:
    """Run notebooks afresh, normalise them, and rewrite those that changed, each whole or not at all.

    One that fails is left as it was and does not stop the others.

    Args:
        paths: The notebooks, in the order to run them.
        timeout_s: Seconds that one cell may take.

    Raises:
        MissingExtraError: Jupyter is not installed.
    """
    return tuple(_refreshed(path, timeout_s) for path in paths)


def _refreshed(path: Path, timeout_s: int) -> Refreshed:
    try:
        before = read_notebook(path)
        after = normalise(execute(before, path.parent, name=str(path), timeout_s=timeout_s))
        differs = notebook_text(after) != read_text(path)
        if differs:
            write_notebook(path, after)
    except PlanroomError as error:
        return Refreshed(path, failure=error)
    return Refreshed(path, changes(normalise(before), after), differs)
