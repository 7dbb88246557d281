"""Notebooks as parts of a larger page: their cells as HTML, what they are called, and what is wrong with their run."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.notebook.offline import as_node, html_exporter, title_of
from planroom.notebook.taming import Heading, tamed
from planroom.workbench.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from planroom.notebook.files import Notebook

__all__ = ["Fragment", "fragment"]

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TEXTS = ("text/plain", "text/markdown", "text/latex", "text/vnd.mermaid")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A notebook as a part of a page.

    Attributes:
        path: Its file.
        title: Its first heading.
        summary: The first words below it.
        html: Its cells; every anchor in it begins with the prefix.
        headings: Its headings, in order, with their anchors.
        cells: How many cells hold code.
        faults: What is wrong with its run, in words: a cell that failed or was never run.
    """

    path: Path
    title: str
    summary: str
    html: str
    headings: tuple[Heading, ...]
    cells: int
    faults: tuple[str, ...]


def fragment(notebook: Notebook, path: Path, *, prefix: str, links: Mapping[str, str], demote: int = 0) -> Fragment:
    """Return a notebook, as it is, as a part of a page that loads nothing.

    Args:
        notebook: What to show.
        path: Its file; pictures that its text names are found from there.
        prefix: What its anchors begin with.
        links: The anchors of other notebooks in the page, by the name of their file.
        demote: By how many levels its headings stand lower.

    Raises:
        MissingExtraError: nbconvert is not installed.
    """
    known = _without_secrets(notebook)
    title, summary = title_of(known, path)
    resources = {"metadata": {"path": str(path.parent), "name": title}}
    body: str = html_exporter("fragment", anchors=True).from_notebook_node(as_node(known), resources)[0]
    found = tamed(body, prefix=prefix, links=links, demote=demote)
    code = [cell for cell in known["cells"] if cell["cell_type"] == "code" and cell["source"].strip()]
    return Fragment(path, title, summary, found.html, found.headings, len(code), tuple(_faults(known)))


def _without_secrets(notebook: Notebook) -> Notebook:
    """Return a notebook whose texts hold no passwords; those of its HTML are looked at as it is written anew."""
    known: Notebook = deepcopy(dict(notebook))
    for cell in known["cells"]:
        cell["source"] = without_secrets(cell["source"])
        for output in cell.get("outputs", ()):
            _hide(output)
    return known


def _hide(output: dict[str, Any]) -> None:
    if "text" in output:
        output["text"] = without_secrets(output["text"])
    if output["output_type"] == "error":
        output["evalue"] = without_secrets(output["evalue"])
        output["traceback"] = [without_secrets(line) for line in output["traceback"]]
    data = output.get("data", {})
    for mime in (*_TEXTS, "image/svg+xml"):
        if isinstance(data.get(mime), str):
            data[mime] = without_secrets(data[mime])


def _faults(notebook: Notebook) -> Iterator[str]:
    """Yield what a reader should know before believing what is shown."""
    for position, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code" or not cell["source"].strip():
            continue
        expected = "raises-exception" in cell["metadata"].get("tags", ())
        for output in cell["outputs"]:
            if output["output_type"] == "error" and not expected:
                yield f"cell {position} failed: {output['ename']}: {_COLOUR.sub('', output['evalue'])}"[:300]
        if cell["execution_count"] is None:
            yield f"cell {position} was never run"
