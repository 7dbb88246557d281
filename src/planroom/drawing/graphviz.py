"""Graphviz, kept at arm's length: it places boxes in a child process, and gives back positions only.

A layout can take minutes and cannot be interrupted from Python, prints warnings that a notebook would store, and
asks the host's fonts. So it runs in a child with closed stderr and no fonts, on nodes of fixed size with made-up
names; the child lives as long as this process wants it and ends by itself when its input closes.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import os
import queue
import subprocess
import sys
import threading
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planroom.drawing.columns import LANE, Columns, Item, Lane, heights_of, lanes_of, settle
from planroom.errors import LayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.drawing.links import Link
    from planroom.drawing.measure import Shape

__all__ = ["NO_FONTS", "LayoutTimeoutError", "ask", "available", "place", "stop"]

_WORKER = Path(__file__).with_name("_graphviz_worker.py")
NO_FONTS = Path(__file__).with_name("_no_fonts.conf")
_RANK_GAP = 90  # between columns, in points; only the order and the heights are used


class LayoutTimeoutError(LayoutError):
    """Graphviz took longer than the safety net allows."""


def available() -> bool:
    """Whether Graphviz can be had: pygraphviz is installed and a child process can be started."""
    return bool(sys.executable) and importlib.util.find_spec("pygraphviz") is not None


def place(
    nodes: Sequence[str],
    links: Sequence[Link],
    shapes: Mapping[str, Shape],
    clusters: Sequence[Sequence[str]],
    *,
    lines: bool,
    seconds: float,
) -> Columns:
    """Return the nodes in the columns, order and heights that Graphviz's ``dot`` finds.

    Args:
        nodes: The nodes of one connected part.
        links: The links between them.
        shapes: Their sizes.
        clusters: Nodes to keep together.
        lines: Spend less effort: capped simplex iterations, straight lines.
        seconds: The safety net.

    Raises:
        LayoutTimeoutError: The safety net was needed.
        LayoutError: Graphviz could not do it.
    """
    names = {node: f"n{at}" for at, node in enumerate(nodes)}
    answer = ask(_dot(names, links, shapes, clusters, lines=lines), seconds)
    centres = {node: (answer["nodes"][name][0], -answer["nodes"][name][1]) for node, name in names.items()}
    return _columns(nodes, links, shapes, centres, answer["edges"])


def _dot(
    names: Mapping[str, str],
    links: Sequence[Link],
    shapes: Mapping[str, Shape],
    clusters: Sequence[Sequence[str]],
    *,
    lines: bool,
) -> str:
    """Return a DOT text with no text in it: fixed-size tables with a cell at each height where a link ends."""
    effort = "splines=line nslimit=2 nslimit1=2 mclimit=0.1" if lines else "splines=true"
    ends: dict[str, dict[int, None]] = defaultdict(dict)
    for link in links:
        if link.tail != link.head:
            ends[link.tail][round(link.tail_y)] = ends[link.head][round(link.head_y)] = None
    parts = [
        f"digraph {{ graph [rankdir=LR nodesep=0.4 ranksep={_RANK_GAP / 72:.2f} {effort}]",
        "node [shape=plain margin=0] edge [arrowhead=none]",
    ]
    parts += [f"{name} [label=<{_table(shapes[node], sorted(ends[node]))}>]" for node, name in names.items()]
    for at, members in enumerate(clusters):
        inside = " ".join(names[node] for node in members if node in names)
        parts.append(f"subgraph cluster_{at} {{ margin=16 {inside} }}")
    parts += [
        f"{names[link.tail]}:y{round(link.tail_y)}:e -> {names[link.head]}:y{round(link.head_y)}:w [id=e{link.index}]"
        for link in links
        if link.tail != link.head
    ]
    return "\n".join([*parts, "}"])


def _table(shape: Shape, heights: Sequence[int]) -> str:
    """Return an HTML-like table of the shape's size, with a two-point cell as port at each height."""
    width, total = round(shape.width), round(shape.height)
    rows, top = [], 0
    for height in heights:
        edge = max(top, min(height - 1, total - 2))
        rows += [_row(width, edge - top, ""), _row(width, 2, f' PORT="y{height}"')]
        top = edge + 2
    rows.append(_row(width, total - top, ""))
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{"".join(rows)}</TABLE>'


def _row(width: int, height: int, port: str) -> str:
    return f'<TR><TD FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}"{port}></TD></TR>' if height > 0 else ""


def _columns(
    nodes: Sequence[str],
    links: Sequence[Link],
    shapes: Mapping[str, Shape],
    centres: Mapping[str, tuple[float, float]],
    splines: Mapping[str, Sequence[Sequence[float]]],
) -> Columns:
    """Read columns, order and heights out of Graphviz's positions; lanes where its splines cross a column."""
    abscissas = sorted({round(x) for x, _ in centres.values()})
    column = {node: abscissas.index(round(centres[node][0])) for node in nodes}
    stacks: list[list[Item]] = [[] for _ in abscissas]
    middle: dict[Item, float] = {node: centres[node][1] for node in nodes}
    for node in nodes:
        stacks[column[node]].append(node)
    for lane, users in lanes_of(links, column).items():
        heights = [
            _height_at(abscissas[lane.column], centres, link, splines.get(f"e{link.index}", ())) for link in users
        ]
        middle[lane] = sum(heights) / len(heights)
        stacks[lane.column].append(lane)
    tops: dict[Item, float] = {}
    for stack in stacks:
        stack.sort(key=lambda item: (round(middle[item], 1), isinstance(item, Lane), str(item)))
        heights = heights_of(stack, shapes)
        wishes = [middle[item] - height / 2 for item, height in zip(stack, heights, strict=True)]
        tops.update(zip(stack, settle(stack, heights, wishes), strict=True))
    return Columns(tuple(tuple(stack) for stack in stacks), tops)


def _height_at(
    x: float, centres: Mapping[str, tuple[float, float]], link: Link, spline: Sequence[Sequence[float]]
) -> float:
    """Return the height at which a spline's control line, or else the straight line, passes ``x``."""
    points = [(at[0], -at[1]) for at in spline] or [centres[link.tail], centres[link.head]]
    for (x1, y1), (x2, y2) in pairwise(points):
        if min(x1, x2) <= x <= max(x1, x2) and x1 != x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return sum(y for _, y in points) / len(points) - LANE / 2


class _Worker:
    """One child process, and a thread that waits for its answers so that the main thread can be interrupted."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "FONTCONFIG_FILE": str(NO_FONTS), "PYTHONIOENCODING": "utf-8"},
            text=True,
            encoding="utf-8",
        )
        self.answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.listener = threading.Thread(target=self._listen, daemon=True, name="planroom-graphviz")
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None  # noqa: S101  (it is a pipe)
        with self.process.stdout as lines:
            for line in lines:
                self.answers.put(line)
        self.answers.put("")  # the child has ended

    def ask(self, dot: str, seconds: float) -> dict[str, Any]:
        assert self.process.stdin is not None  # noqa: S101  (it is a pipe)
        self.process.stdin.write(json.dumps({"dot": dot, "seconds": seconds}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.answers.get(timeout=seconds) or '{"error": "the process ended"}')
        return answer

    def stop(self) -> None:
        """Kill the child, collect it, and close what led to it."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None  # noqa: S101  (it is a pipe)
        with contextlib.suppress(OSError):  # what it was not told yet cannot be flushed any more
            self.process.stdin.close()
        self.listener.join()


_lock = threading.Lock()
_worker: _Worker | None = None


def ask(dot: str, seconds: float) -> dict[str, Any]:
    """Return what the child process makes of a DOT text: places of nodes, edges, labels and frames, in points.

    Raises:
        LayoutTimeoutError: The safety net was needed.
        LayoutError: Graphviz could not do it.
    """
    with _lock:
        try:
            answer = _running().ask(dot, seconds)
        except queue.Empty:
            _stop()
            raise LayoutTimeoutError(f"Graphviz took longer than {seconds:g} s.") from None
        except OSError as error:
            _stop()
            raise LayoutError("Graphviz could not be run.", why=str(error)) from error
        except BaseException:  # an interrupt: nobody waits for this layout any more
            _stop()
            raise
        if "error" in answer:
            _stop()
            raise LayoutError("Graphviz could not lay out this graph.", why=str(answer["error"]))
        return answer


def _running() -> _Worker:
    """Return this process's worker; a forked child must not share its parent's pipes."""
    global _worker  # noqa: PLW0603, RUF100  (one child a process, on purpose)
    if _worker is not None and (_worker.owner != os.getpid() or _worker.process.poll() is not None):
        _stop()
    if _worker is None:
        _worker = _Worker()
    return _worker


def _stop() -> None:
    global _worker  # noqa: PLW0603, RUF100
    worker, _worker = _worker, None
    if worker is not None and worker.owner == os.getpid():
        worker.stop()


@atexit.register
def stop() -> None:
    """End the child process, if there is one; the next layout starts another."""
    with _lock:
        _stop()
