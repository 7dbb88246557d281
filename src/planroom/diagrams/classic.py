"""eralchemy2's own picture of a graph, for those whose documents have always looked like that.

It is made by the eralchemy2 package from ``.er`` text, in a child process without standard error and without fonts.
eralchemy2 compares every table with every other, so larger graphs are refused before it starts. Of its output modes
only the one that draws with Graphviz is used: its Markdown modes embed the whole model in a link to a web service.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.diagrams.renderers.er import ErRenderer
from planroom.display import Displayable, details, figure, preformatted
from planroom.drawing.graphviz import NO_FONTS
from planroom.errors import FormatError, LayoutError, MissingExtraError
from planroom.files import write_whole

if TYPE_CHECKING:
    from planroom.drawing import Graph

__all__ = ["ClassicPicture", "classic_picture"]

MOST_BOXES = 400
MOST_LINES = 1_000
SECONDS = 60.0
_WORKER = Path(__file__).with_name("_eralchemy2_worker.py")
_NOT_DRAWN = re.compile(r'<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*|<!--.*?-->\s*| xmlns:xlink="[^"]*"', re.DOTALL)


@dataclass(frozen=True, repr=False)
class ClassicPicture(Displayable):
    """A picture as eralchemy2 draws it; its text is the ``.er`` text that it was drawn from.

    Attributes:
        svg: The picture as a stand-alone SVG document.
        text: What eralchemy2 was given.
        summary: What the picture says, in a line.
    """

    svg: str
    text: str
    summary: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<ClassicPicture: {self.summary}>"

    def _svg(self) -> str:
        return self.svg

    def _html(self) -> str:
        return figure(self.svg, self.summary) + details("As text (.er)", preformatted(self.text))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture as an SVG file, whole or not at all.

        Raises:
            FormatError: The file's name does not end in ``.svg``.
            SourceError: The file cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() != ".svg":
            raise FormatError(
                f"The classic picture cannot be written as {target.name!r}.",
                why="it is SVG.",
                fix="end the name in .svg, or leave the look to planroom for other languages.",
            )
        write_whole(target, self.svg)
        return target


def classic_picture(graph: Graph, *, seconds: float = SECONDS) -> ClassicPicture:
    """Return eralchemy2's picture of a graph; equal graphs give equal bytes.

    Args:
        graph: What to draw. States, comments and inferred relations stand in the text alone.
        seconds: The safety net, in seconds of wall time.

    Raises:
        MissingExtraError: eralchemy2 is not installed.
        LayoutError: The graph is too large for eralchemy2, or it could not draw it.
    """
    _refuse_large(graph)
    if importlib.util.find_spec("eralchemy2") is None:
        raise MissingExtraError.of("The classic look", "eralchemy2", "icons")
    text = ErRenderer().render(graph)
    if not graph.nodes:
        raise LayoutError("There is no classic picture of nothing.", fix="leave the look to planroom.")
    return ClassicPicture(_NOT_DRAWN.sub("", _drawn(text, seconds)), text, graph.summary or graph.title)


def _refuse_large(graph: Graph) -> None:
    for count, most, what in ((len(graph.nodes), MOST_BOXES, "boxes"), (len(graph.edges), MOST_LINES, "lines")):
        if count > most:
            raise LayoutError(
                f"{count:,} {what} are too many for the classic look.",
                why=f"eralchemy2 compares each with all others; planroom asks it for {most:,} at most.",
                fix="planroom's own picture draws any size; focus= and include= choose a part for this one.",
            )


def _drawn(text: str, seconds: float) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_WORKER)],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "FONTCONFIG_FILE": str(NO_FONTS), "PYTHONHASHSEED": "0"},
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LayoutError(
            f"eralchemy2 took longer than {seconds:g} s.",
            fix="choose a part with focus= or include=, or leave the look to planroom.",
        ) from None
    except OSError as error:
        raise LayoutError("eralchemy2 could not be run.", why=str(error)) from error
    if done.returncode or "<svg" not in done.stdout:
        raise LayoutError("eralchemy2 could not draw this graph.", why=f"its process ended with {done.returncode}.")
    return done.stdout
