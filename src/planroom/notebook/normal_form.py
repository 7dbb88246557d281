"""The normal form of a notebook: what a rerun changes without meaning it is taken out.

A notebook in normal form differs from its last version only where its sources or its results do.
"""

from __future__ import annotations

import copy
import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.notebook.files import Notebook

__all__ = ["normalise"]

_CELL_NOISE = frozenset(
    "ExecuteTime collapsed execution executionInfo outputId papermill pycharm scrolled trusted vscode".split()
)
_NOTEBOOK_NOISE = frozenset({"papermill", "signature", "toc", "varInspector", "vscode", "widgets"})
_ID_LENGTH = 8  # hexadecimal digits, as JupyterLab's own


def normalise(notebook: Notebook) -> Notebook:
    """Return a notebook in normal form; normalising twice changes nothing more.

    Cell ids come from the cells' sources, so they are the same on every machine and a new cell leaves the others
    alone. Times, folds and widget state go; so does the interpreter's patch version. Pieces of one stream are joined.
    An expected error keeps its name and message and loses its traceback, which holds paths of the machine.

    Args:
        notebook: A notebook in nbformat 4; it is not changed.
    """
    normal = copy.deepcopy(notebook)
    normal["metadata"] = _notebook_metadata(normal["metadata"])
    normal["nbformat"], normal["nbformat_minor"] = 4, 5
    seen: Counter[str] = Counter()
    for cell in normal["cells"]:
        cell["id"] = _cell_id(cell, seen)
        cell["metadata"] = _cell_metadata(cell["metadata"])
        if cell["cell_type"] == "code":
            cell["outputs"] = _outputs(cell["outputs"])
    return normal


def _cell_id(cell: dict[str, Any], seen: Counter[str]) -> str:
    """Return an id from the source; equal cells are told apart by their order."""
    digest = hashlib.sha256(f"{cell['cell_type']}\n{cell['source']}".encode()).hexdigest()[:_ID_LENGTH]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _cell_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in sorted(metadata.items()) if key not in _CELL_NOISE}
    if "tags" in kept:
        kept["tags"] = sorted(set(kept["tags"]))
    return kept


def _notebook_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in sorted(metadata.items()) if key not in _NOTEBOOK_NOISE}
    if "language_info" in kept:
        kept["language_info"] = {key: value for key, value in kept["language_info"].items() if key != "version"}
    return kept


def _outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    normal: list[dict[str, Any]] = []
    for output in outputs:
        output.pop("transient", None)
        previous = normal[-1] if normal else {}
        if output["output_type"] == "stream" and previous.get("name") == output["name"]:
            previous["text"] += output["text"]
        else:
            normal.append(_without_traceback(output))
    return normal


def _without_traceback(output: dict[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "error":
        output["traceback"] = [f"{output['ename']}: {output['evalue']}"]
    return output
