"""What changed between two versions of a notebook, in words a reviewer can act on."""

from __future__ import annotations

import difflib
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.notebook.files import Notebook

__all__ = ["Change", "changes"]

_PICTURE = re.compile(r"data:image/[^\"')\s]+")
_TAG = re.compile(r"<[^>]+>")
_IMAGE = "image/"
_SHOWN_LINES = 12


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is not what it was.

    Attributes:
        cell: The cell's number in the newer version, from 1; in the older one when it is gone.
        what: What became of it: ``new cell``, ``cell removed``, ``source``, ``text``, ``picture``, ``form`` (the same
            text and pictures, presented otherwise) or ``tags``.
        lines: The difference, a line an item, as in a unified diff.
    """

    cell: int
    what: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = [f"  {line}" for line in self.lines[:_SHOWN_LINES]]
        more = len(self.lines) - len(shown)
        shown += [f"  ... {more} more lines"] if more > 0 else []
        return "\n".join([f"cell {self.cell}: {_WORDS[self.what]}", *shown])


_WORDS = {
    "new cell": "new",
    "cell removed": "removed",
    "source": "source changed",
    "text": "text changed",
    "picture": "picture changed",
    "form": "presentation changed",
    "tags": "tags changed",
}


def changes(before: Notebook, after: Notebook) -> tuple[Change, ...]:
    """Return what a reader would notice, cell by cell, in the order of the newer version.

    Execution counts, ids and metadata other than tags are not noticed. Of a picture it says only that it changed.
    """
    older, newer = before["cells"], after["cells"]
    matcher = difflib.SequenceMatcher(None, _sources(older), _sources(newer), autojunk=False)
    found: list[Change] = []
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        paired = min(old_to - old_from, new_to - new_from)
        for offset in range(paired):
            found += _of_cell(new_from + offset + 1, older[old_from + offset], newer[new_from + offset])
        if operation != "equal":
            found += [
                Change(n + 1, "cell removed", _diff(older[n]["source"], "")) for n in range(old_from + paired, old_to)
            ]
            found += [
                Change(n + 1, "new cell", _diff("", newer[n]["source"])) for n in range(new_from + paired, new_to)
            ]
    return tuple(found)


def _sources(cells: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(cell["cell_type"], cell["source"]) for cell in cells]


def _of_cell(number: int, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    if before["source"] != after["source"]:
        yield Change(number, "source", _diff(before["source"], after["source"]))
    if sorted(before["metadata"].get("tags", ())) != sorted(after["metadata"].get("tags", ())):
        yield Change(number, "tags")
    old, new = before.get("outputs", []), after.get("outputs", [])
    if (lines := _diff(_text(old), _text(new))) != ():
        yield Change(number, "text", lines)
    if _pictures(old) != _pictures(new):
        yield Change(number, "picture")
    if not lines and _forms(old) != _forms(new):
        yield Change(number, "form")


def _diff(before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _bundles(outputs: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield every form of every output: its type and its text."""
    for output in outputs:
        if output["output_type"] == "stream":
            yield f"stream {output['name']}", output["text"]
        elif output["output_type"] == "error":
            yield "error", f"{output['ename']}: {output['evalue']}"
        else:
            yield from ((mime, str(value)) for mime, value in sorted(output["data"].items()))


def _text(outputs: list[dict[str, Any]]) -> str:
    """Return what an output says: streams, errors and plain text, and of HTML without plain text its words."""
    said = []
    for output in outputs:
        forms = dict(_bundles([output]))
        plain = [text for mime, text in forms.items() if not mime.startswith((_IMAGE, "text/html"))]
        said += plain or [html.unescape(_TAG.sub("\n", text)) for mime, text in forms.items() if mime == "text/html"]
    return "\n".join(said)


def _pictures(outputs: list[dict[str, Any]]) -> list[str]:
    forms = list(_bundles(outputs))
    inside = [picture for mime, text in forms if mime == "text/html" for picture in _PICTURE.findall(text)]
    return [text for mime, text in forms if mime.startswith(_IMAGE)] + inside


def _forms(outputs: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(mime, _PICTURE.sub("", text)) for mime, text in _bundles(outputs) if not mime.startswith(_IMAGE)]
