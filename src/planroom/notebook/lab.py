"""JupyterLab, opened on planroom's tour or on any notebook, with nothing asked and nothing fetched."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from planroom.errors import SourceError
from planroom.notebook.files import missing, read_notebook
from planroom.notebook.running import quiet_transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["lab_command", "lab_environment", "open_lab", "trust"]

TOUR = Path("notebooks/00_tour.ipynb")
_DEFAULTS = Path(__file__).parent / "lab_defaults"


def open_lab(notebook: str | Path | None = None, *, arguments: Sequence[str] = ()) -> int:
    """Open JupyterLab in the current folder; on Linux and macOS this process becomes JupyterLab, and nothing returns.

    The notebooks beside the opened one are trusted, so that everything in them shows before it has been run.

    Args:
        notebook: What to open, below the current folder; by default the tour if it is there, else nothing.
        arguments: More arguments for JupyterLab; those in the variable ``PLANROOM_LAB_ARGS`` come after them.

    Returns:
        JupyterLab's exit status, where it is another process.

    Raises:
        SourceError: There is no such notebook below the current folder.
        MissingExtraError: JupyterLab is not installed.
    """
    if find_spec("jupyterlab") is None:
        raise missing("jupyterlab")
    opened = _chosen(notebook)
    if opened:
        trust(sorted(opened.parent.glob("*.ipynb")))
    extra = [*arguments, *shlex.split(os.environ.get("PLANROOM_LAB_ARGS", ""))]
    return _run(lab_command(opened, extra), lab_environment(os.environ))


def _chosen(notebook: str | Path | None) -> Path | None:
    """Return the notebook to open, relative to the current folder."""
    if notebook is None:
        return TOUR if TOUR.is_file() else None
    here, path = Path.cwd(), Path(notebook).resolve()
    if not path.is_file():
        raise SourceError(f"There is no notebook {str(notebook)!r}.", fix="check the path, or leave it out.")
    if not path.is_relative_to(here):
        raise SourceError(
            f"{str(notebook)!r} cannot be opened from here.",
            why="JupyterLab shows only what is below the folder it was started in.",
            fix=f"cd {shlex.quote(str(path.parent))} first.",
        )
    return path.relative_to(here)


def trust(paths: Iterable[Path]) -> None:
    """Sign notebooks as the user's own, so that JupyterLab shows all their outputs at once."""
    from nbformat import from_dict
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for path in paths:
        notary.sign(from_dict(read_notebook(path)))


def lab_command(notebook: Path | None, extra: Sequence[str] = ()) -> list[str]:
    """Return the command that starts JupyterLab in the current folder."""
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=.", "--LabApp.news_url="]
    command += [f"--KernelManager.transport={quiet_transport(_runtime_folder())}"]
    command += [f"--LabApp.default_url=/lab/tree/{quote(notebook.as_posix())}"] if notebook else []
    command += ["--allow-root"] if _is_root() else []
    return [*command, *extra]


def _runtime_folder() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir())


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def lab_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables to start JupyterLab with: planroom's defaults stand behind the user's own settings.

    They are in ``lab_defaults/labconfig``: news and updates are not fetched, nor asked about; saved notebooks hold no
    times, so that git shows changes of meaning only.
    """
    known = environment.get("JUPYTER_CONFIG_PATH", "")
    path = os.pathsep.join(filter(None, (known, str(_DEFAULTS))))
    return {**environment, "JUPYTER_CONFIG_PATH": path}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Become the command where the system can, so that signals reach it; else run it and return its exit status."""
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], list(command), dict(environment))  # noqa: S606  (fixed arguments, no shell)
    return subprocess.run(command, env=dict(environment), check=False).returncode
