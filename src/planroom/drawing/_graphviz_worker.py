"""The child process that runs Graphviz: it knows nothing of planroom.

One JSON object a line comes in, ``{"dot": ..., "seconds": ...}``; one goes out, ``{"nodes": {id: [x, y]}, "edges": {id:
[[x, y], ...]}, "labels": {id: [x, y]}, "frames": {name: [left, bottom, right, top]}}`` in points with y upwards, or
``{"error": ...}``. It ends when its input does. Graphviz holds the GIL,
so an alarm with the kernel's default action, which is to kill the process, ends a layout that nobody waits for.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from typing import Any

_SPARE_SECONDS = 5.0


def _main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever C code prints must not mix with the answers
    import pygraphviz

    for line in sys.stdin:
        request = json.loads(line)
        _alarm(request["seconds"] + _SPARE_SECONDS)
        try:
            answer = _lay_out(pygraphviz, request["dot"])
        except Exception as error:  # noqa: BLE001, RUF100  (the parent decides what to do about it)
            answer = {"error": f"{type(error).__name__}: {error}"}
        _alarm(0.0)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _lay_out(pygraphviz: Any, dot: str) -> dict[str, Any]:  # noqa: ANN401, RUF100  (an untyped module)
    graph = pygraphviz.AGraph(string=dot)
    answer = json.loads(graph.draw(format="json0", prog="dot"))
    graph.close()
    placed = (thing for thing in answer.get("objects", ()) if "pos" in thing)
    nodes = {node["name"]: _numbers(node["pos"]) for node in placed}
    edges = {edge["id"]: _spline(edge.get("pos", "")) for edge in answer.get("edges", ())}
    labels = {edge["id"]: _numbers(edge["lp"]) for edge in answer.get("edges", ()) if "lp" in edge}
    frames = {thing["name"]: _numbers(thing["bb"]) for thing in answer.get("objects", ()) if "bb" in thing}
    return {"nodes": nodes, "edges": edges, "labels": labels, "frames": frames}


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def _spline(position: str) -> list[list[float]]:
    """Return the control points of an edge: the end points marked ``s,`` and ``e,`` are left out."""
    pairs = re.findall(r"(?:^|[ ;])(-?[\d.e+-]+),(-?[\d.e+-]+)", position)
    return [[float(x), float(y)] for x, y in pairs]


if __name__ == "__main__":
    _main()
