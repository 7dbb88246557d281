"""Notebooks run from top to bottom in a kernel of their own."""

from __future__ import annotations

import copy
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from planroom.errors import PlanroomError
from planroom.notebook.files import missing

if TYPE_CHECKING:
    from planroom.notebook.files import Notebook

__all__ = ["execute", "quiet_transport"]

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST_FOLDER = 50  # characters; a Unix socket's path may have 104 (macOS), the name of a kernel's takes 50
_REINSTALL = "pip install --force-reinstall ipykernel"


def execute(notebook: Notebook, folder: Path, *, name: str = "notebook", timeout_s: int = 120) -> Notebook:
    """Return a notebook with the outputs of a fresh run.

    Args:
        notebook: What to run; it is not changed.
        folder: The kernel's working directory, as in JupyterLab the notebook's own.
        name: What to call the notebook in an error.
        timeout_s: Seconds that one cell may take.

    Raises:
        PlanroomError: A cell failed, took too long, or took the kernel with it; the message names the cell.
        MissingExtraError: nbclient or the kernel is not installed.
    """
    try:
        from jupyter_client.kernelspec import NoSuchKernel
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
        from nbformat import from_dict
    except ImportError as error:
        raise missing(error.name or "nbclient") from None
    ran = from_dict(copy.deepcopy(notebook))
    with TemporaryDirectory(prefix="planroom-") as private:
        client = NotebookClient(
            ran,
            config=_kernel_config(Path(private)),
            kernel_name="python3",
            timeout=timeout_s,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise _failed(name, ran, f"{error.ename}: {error.evalue}") from None
        except CellTimeoutError:
            raise _failed(name, ran, f"it took more than {timeout_s} s.") from None
        except DeadKernelError:
            raise _failed(name, ran, "the kernel died.") from None
        except (NoSuchKernel, RuntimeError) as error:
            raise PlanroomError(f"{name} does not run.", why=f"no kernel: {error}", fix=_REINSTALL) from None
    result: Notebook = ran
    return result


def _failed(name: str, notebook: Notebook, why: str) -> PlanroomError:
    position, cell = _last_started(notebook)
    source = cell.get("source", "").strip().partition("\n")[0]
    return PlanroomError(
        f"{name} does not run.",
        where=f"{name}, cell {position}: {source}",
        why=_COLOUR.sub("", why),
        fix="open it in JupyterLab, run all cells and mend this one; a cell that should fail has the tag "
        "raises-exception.",
    )


def _last_started(notebook: Notebook) -> tuple[int, dict[str, Any]]:
    """Return the failing cell and its number, from 1: the first with an untagged error, else the first not done."""
    for position, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code" or not cell["source"].strip():
            continue
        expected = "raises-exception" in cell["metadata"].get("tags", ())
        failed = any(output["output_type"] == "error" for output in cell["outputs"]) and not expected
        if failed or cell["execution_count"] is None:
            return position, cell
    return len(notebook["cells"]), notebook["cells"][-1] if notebook["cells"] else {}


def quiet_transport(folder: Path) -> str:
    """Return how to talk to kernels: through sockets in a folder of the user's own, where their paths are short enough.

    Over TCP, a kernel warns that anyone on the machine may listen.
    """
    return "ipc" if sys.platform != "win32" and len(str(folder)) <= _LONGEST_FOLDER else "tcp"


def _kernel_config(private: Path) -> Any:
    """Return what puts the kernel's sockets into a folder that is this run's alone."""
    from traitlets.config import Config

    connection = {"transport": quiet_transport(private), "connection_file": str(private / "kernel.json")}
    return Config({"KernelManager": connection})
