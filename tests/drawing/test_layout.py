"""Layouts: nothing overlaps, ways are clear, effort follows the counted size, and there is always a picture."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from planroom.drawing import Box, Cluster, Edge, Effort, Graph, graphviz, lay_out
from planroom.drawing.layout import effort_for
from planroom.drawing.measure import label_width, measure
from planroom.errors import LayoutError
from tests.drawing.graphs import chain, graphs, node


def legs(layout):
    return [(route.edge, a, b) for route in layout.routes for a, b in pairwise(route.points)]


def crosses(box, a, b):
    """Whether a leg runs through the inside of a box."""
    leg = Box(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x), abs(a.y - b.y))
    inside = box.grown(-1)
    return leg.x < inside.right and inside.x < leg.right and leg.y < inside.bottom and inside.y < leg.bottom


def assert_sound(graph, layout):
    boxes = layout.boxes
    assert list(boxes) == [node.id for node in graph.nodes]
    assert [route.edge for route in layout.routes] == list(range(len(graph.edges)))
    for (one, box), (other, second) in combinations(boxes.items(), 2):
        assert not box.overlaps(second), (one, other)
    for box in boxes.values():
        assert box.x >= -0.05
        assert box.y >= -0.05
        assert box.right <= layout.width + 0.05
        assert box.bottom <= layout.height + 0.05
    for edge, a, b in legs(layout):
        assert a.x == pytest.approx(b.x, abs=0.06) or a.y == pytest.approx(b.y, abs=0.06), "a leg is level or upright"
        assert min(a.x, b.x) >= -0.05
        assert max(a.x, b.x) <= layout.width + 0.05
        for name, box in boxes.items():
            assert not crosses(box, a, b), (graph.edges[edge], name)
    for route in layout.routes:
        edge = graph.edges[route.edge]
        for point, end, port in (
            (route.points[0], edge.tail, edge.tail_port),
            (route.points[-1], edge.head, edge.head_port),
        ):
            box = boxes[end]
            assert min(abs(point.x - box.x), abs(point.x - box.right)) < 0.06
            row = box.y + measure(graph.by_id[end]).port(port)
            assert abs(point.y - row) <= (10 if port else box.height / 2), "an edge ends at the row of its column"


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_any_graph_is_laid_out_without_overlap_and_no_way_runs_through_a_box(graph):
    assert_sound(graph, lay_out(graph))


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_without_graphviz_there_is_a_sound_picture_too(graph):
    available, graphviz.available = graphviz.available, lambda: False
    try:
        assert_sound(graph, lay_out(graph))
    finally:
        graphviz.available = available


def test_a_picture_stays_within_the_width_asked_for():
    assert lay_out(chain(40), width=900).width <= 900


def test_parallel_edges_and_loops_are_kept_apart():
    graph = Graph((node("a"), node("b")), (Edge("a", "b"), Edge("a", "b"), Edge("a", "a", "p0", "p2")))

    layout = lay_out(graph)

    assert_sound(graph, layout)
    assert len({route.points for route in layout.routes}) == 3
    loop = layout.routes[2].points
    assert len(loop) == 4
    assert loop[0].x == loop[-1].x


def test_clusters_are_framed_and_frames_enclose_no_stranger():
    nodes = tuple(node(f"{side}{at}") for side in "ab" for at in range(4))
    edges = (Edge("a0", "b0"), Edge("a1", "b2"), Edge("a2", "a3"), Edge("b1", "b3"))
    clusters = tuple(Cluster(side, side, tuple(f"{side}{at}" for at in range(4))) for side in "ab")

    layout = lay_out(Graph(nodes, edges, clusters))

    assert [name for name, _ in layout.frames] == ["a", "b"]
    frames = dict(layout.frames)
    for name, box in layout.boxes.items():
        assert frames[name[0]].overlaps(box)
        assert not frames["ab".replace(name[0], "")].overlaps(box)
    assert not frames["a"].overlaps(frames["b"])


def test_effort_falls_with_nodes_edges_and_depth():
    assert effort_for(30, 40, 6) is Effort.FULL
    assert effort_for(300, 500, 8) is Effort.LINES
    assert effort_for(300, 500, 40) is Effort.OWN
    assert effort_for(5_000, 10, 2) is Effort.OWN
    assert effort_for(30, 4_000, 6) is Effort.OWN


def test_the_deep_chain_of_1000_nodes_is_laid_out_by_its_size_alone():
    layout = lay_out(chain(1_000))

    assert layout.efforts == (Effort.OWN,)
    assert not layout.timed_out
    assert len(layout.boxes) == 1_000


def test_the_safety_net_gives_a_picture_and_says_that_it_was_used():
    graph = Graph((node("a"), node("b")), (Edge("a", "b"),))
    graphviz.stop()

    layout = lay_out(graph, seconds=0.000_001)

    assert layout.timed_out
    assert "longer than" in layout.note
    assert_sound(graph, layout)


def test_a_missing_graphviz_is_said_in_the_note(monkeypatch):
    monkeypatch.setattr(graphviz, "available", lambda: False)

    layout = lay_out(Graph((node("a"), node("b")), (Edge("a", "b"),)))

    assert "not installed" in layout.note
    assert layout.efforts == (Effort.OWN,)


def test_a_graphviz_that_cannot_be_run_is_said_in_the_note(monkeypatch):
    def fail(*_args, **_more):
        raise LayoutError("Graphviz could not be run.")

    monkeypatch.setattr(graphviz, "place", fail)

    assert "could not be run" in lay_out(Graph((node("a"), node("b")), (Edge("a", "b"),))).note


def test_an_empty_graph_has_an_empty_layout():
    layout = lay_out(Graph())

    assert (layout.width, layout.height, layout.places, layout.routes) == (0, 0, (), ())


SMALL = """
from planroom.drawing import Edge, Graph, Node, graphviz, lay_out
graph = Graph((Node("a", "a"), Node("b", "b")), (Edge("a", "b"),))
print(lay_out(graph).efforts, graphviz._worker.process.pid if graphviz._worker else 0, flush=True)
"""


def run(code, *, after=""):
    script = textwrap.dedent(SMALL) + textwrap.dedent(after)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid, seconds=5.0):
    """Wait until the process has ended; an orphan is collected by init a little later."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not is_running(pid) or _is_zombie(pid):
            return True
        time.sleep(0.05)
    return False


def _is_zombie(pid):
    try:
        with Path(f"/proc/{pid}/stat").open(encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


@pytest.mark.parametrize("end", ["", "import os; os._exit(1)", "import os; os.kill(os.getpid(), 9)"])
def test_no_process_stays_behind_however_this_one_ends(end):
    done = run(SMALL, after=end)
    pid = int(done.stdout.split()[-1])

    assert pid
    assert done.stderr == ""
    assert gone(pid)


def test_an_interrupt_ends_the_layout_and_its_process():
    """KeyboardInterrupt while Graphviz works: the child, which cannot be interrupted, is killed."""
    code = """
        import os, signal, threading, sys
        sys.path.insert(0, {tests!r})
        from graphs import chain
        from planroom.drawing import graphviz, lay_out, layout
        layout._LIMITS = ((layout.Effort.FULL, 10**6, 10**6, 10**6),)
        layout._least_width = lambda *_: 0
        layout._own = lambda *_: None
        threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            lay_out(chain(400), seconds=60)
        except KeyboardInterrupt:
            print("interrupted", graphviz._worker, flush=True)
    """
    done = run(SMALL, after=textwrap.dedent(code).format(tests=str(Path(__file__).parent)))

    assert done.stdout.splitlines()[-1] == "interrupted None", done.stderr
    assert gone(int(done.stdout.splitlines()[0].split()[-1]))


def test_a_worker_that_was_killed_is_replaced():
    graph = Graph((node("a"), node("b")), (Edge("a", "b"),))
    lay_out(graph)
    first = graphviz._worker.process
    os.kill(first.pid, signal.SIGKILL)
    first.wait()

    assert not lay_out(graph).note
    assert graphviz._worker.process.pid != first.pid


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_gets_a_worker_of_its_own():
    code = """
        import os
        first = graphviz._worker.process.pid
        child = os.fork()
        if child == 0:
            layout = lay_out(graph)
            os._exit(0 if not layout.note and graphviz._worker.process.pid != first else 1)
        _, status = os.waitpid(child, 0)
        print("same" if lay_out(graph).note else "fine", os.waitstatus_to_exitcode(status))
    """
    assert run(SMALL, after=code).stdout.splitlines()[-1] == "fine 0"


@pytest.mark.parametrize("tail_row", ["p0", "p2"])
def test_the_way_round_a_column_leaves_room_for_its_label_on_both_sides(tail_row):
    names = [f"n{at}" for at in range(4)]
    edges = tuple(Edge(old, new, tail_row, "p1", label="is superseded by") for old, new in pairwise(names))
    graph = Graph(tuple(map(node, names)), (*edges, Edge("n3", "n0", "p0", "p2", label="conflicts with")), title="Log")
    layout = lay_out(graph, width=200)
    half = label_width("is superseded by") / 2
    upright = [a.x for _, a, b in legs(layout) if a.x == b.x and abs(a.y - b.y) >= 24]
    boxes = dict(layout.places).values()

    assert len({box.x for box in boxes}) == 1, "one column: all ways lead round it"
    assert upright
    assert all(half <= x <= layout.width - half for x in upright)
    assert all(x - half >= box.right or x + half <= box.x for x in upright for box in boxes)
