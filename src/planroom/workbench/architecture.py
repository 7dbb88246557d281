"""Systems: read from the files that define them, and drawn."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.architecture import System
from planroom.errors import PlanroomError, SourceError

if TYPE_CHECKING:
    from planroom.diagrams import Diagram

__all__ = ["arch", "system_in", "systems_in"]


def arch(system: System | str | Path, view: str = "container", **options: Any) -> Diagram:
    """Return a view of a system.

    Args:
        system: A system, or the Python file that defines one, which is run.
        view: ``landscape``, ``context``, ``container``, ``component``, ``deployment``, ``dynamic``, ``data-flow`` or
            ``ownership``.
        options: What `planroom.diagrams.arch` takes: ``of``, ``include``, ``sequence``.

    Raises:
        UnknownNameError: There is no such view, or nothing is called what ``of`` says.
        ModelError: There is nothing to draw in this view.
        SourceError: The file cannot be run, or defines no system.
    """
    from planroom.diagrams import arch as draw

    if not isinstance(system, (System, str, Path)):
        raise SourceError(
            f"A {type(system).__name__} is no system.", fix="give a System, or the path of the file that defines one."
        )
    return draw(system if isinstance(system, System) else system_in(system), view, **options)


def systems_in(path: str | Path) -> dict[str, System]:
    """Run a Python file and return the systems that it defines, by the names of their variables.

    The file is the user's own; it is run as ``python FILE`` would run it, with its folder first on the path.

    Raises:
        SourceError: It cannot be read or run, or defines no system.
    """
    file = Path(path)
    if not file.is_file():
        raise SourceError(f"{str(path)!r} is no file.", fix="name the Python file that defines the system.")
    before = list(sys.path)
    sys.path.insert(0, str(file.resolve().parent))
    try:
        found = runpy.run_path(str(file), run_name="planroom_system")
    except PlanroomError:
        raise
    except Exception as error:
        raise SourceError(f"{str(path)!r} cannot be run.", why=f"{type(error).__name__}: {error}") from error
    finally:
        sys.path[:] = before
    systems = {name: value for name, value in found.items() if isinstance(value, System)}
    if not systems:
        raise SourceError(f"{str(path)!r} defines no system.", fix="shop = pr.System(...) defines one.")
    return systems


def system_in(path: str | Path) -> System:
    """Run a Python file and return the one system that it defines; of several the last.

    Raises:
        SourceError: It cannot be read or run, or defines no system.
    """
    from dataclasses import replace

    return replace(list(systems_in(path).values())[-1], source=str(path))
