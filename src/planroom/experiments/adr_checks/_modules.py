"""Modules of the project's own that a check names: found without being run, imported only where they are allowed."""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError, StatementRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.experiments.adr_checks.base import Ground

__all__ = ["file_of", "member"]

_NAME = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_]\w*)")


def file_of(reference: str, ground: Ground) -> Iterator[tuple[str, bytes]]:
    """Yield the file of ``module:name``, with its path from the root, where the project has it; nothing is imported."""
    module = reference.partition(":")[0].strip().replace(".", "/")
    for path in (ground.root / f"{module}.py", ground.root / module / "__init__.py"):
        if path.is_file():
            yield path.relative_to(ground.root).as_posix(), path.read_bytes()


def member(reference: str, ground: Ground, kind: str) -> Any:
    """Return what ``module:name`` names.

    Args:
        reference: The module, which may stand in the project's own folder, and the name in it.
        ground: What says which modules the project allows.
        kind: What it should be, in messages: ``function``.

    Raises:
        StatementRefusedError: The project does not allow the module; nothing is imported.
        PlanroomError: There is no such thing.
    """
    found = _NAME.fullmatch(reference.strip())
    if found is None:
        raise PlanroomError(f"{reference!r} names no {kind}.", fix="write module:name.")
    module, name = found.groups()
    if not any(module == each or module.startswith(f"{each}.") for each in ground.allow):
        raise StatementRefusedError(
            f"planroom does not import {module}.",
            why="the project does not allow it.",
            fix=f'add it to [tool.planroom.adr]: allow = ["{module}"].',
        )
    return _imported(module, name, str(ground.root), kind)


def _imported(module: str, name: str, root: str, kind: str) -> Any:
    added = root not in sys.path
    if added:
        sys.path.insert(0, root)
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise PlanroomError(f"There is no {kind} {module}:{name}.", why=f"{error}.") from None
    finally:
        if added:
            sys.path.remove(root)
