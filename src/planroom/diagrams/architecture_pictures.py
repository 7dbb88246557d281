"""What users call: a picture of a system."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.architecture import Picture
from planroom.diagrams.diagram import Diagram
from planroom.diagrams.draw import VIEWS
from planroom.diagrams.views.base import ArchitectureView, Scope
from planroom.drawing.graph import Notation
from planroom.errors import ModelError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.architecture import Element, Flow, System
    from planroom.drawing import Graph

__all__ = ["arch", "architecture_views", "graphs_of", "pictures_of", "view_called"]


def architecture_views() -> Mapping[str, ArchitectureView]:
    """Return the views of a system, by name."""
    found = ((name, VIEWS[name]) for name in VIEWS.names())
    return {name: view for name, view in found if isinstance(view, ArchitectureView)}


def pictures_of(system: System) -> tuple[Picture, ...]:
    """Return the views that a system keeps, or else every view that there is something to see in."""
    if system.views:
        return tuple(system.views)
    return tuple(
        Picture(f"{name}-{of}".replace(".", "-").replace(" ", "-") if of else name, name, of)
        for name, view in architecture_views().items()
        for of in view.subjects(system)
        if _can_be_drawn(system, view, of)
    )


def graphs_of(system: System) -> tuple[tuple[Picture, Graph], ...]:
    """Return the views that a system keeps, or else all that there are, each before it is drawn."""
    return tuple(
        (each, view_called(each.view).graph(Scope(system, each.of, each.include, each.sequence)))
        for each in pictures_of(system)
    )


def _can_be_drawn(system: System, view: ArchitectureView, of: str) -> bool:
    try:
        return bool(view.graph(Scope(system, of)).nodes)
    except ModelError:
        return False


def view_called(name: str) -> ArchitectureView:
    """Return the view of a system that is called so.

    Raises:
        UnknownNameError: There is none; the message names the nearest.
    """
    views = architecture_views()
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    if wanted not in views:
        raise UnknownNameError.of("view of a system", name, views, listing="planroom arch SYSTEM.py --list")
    return views[wanted]


def arch(
    system: System,
    view: str = "container",
    *,
    of: str = "",
    include: Callable[[Element | Flow], bool] | None = None,
    sequence: bool = False,
) -> Diagram:
    """Return a view of a system.

    Args:
        system: What to draw.
        view: ``landscape``, ``context``, ``container``, ``component``, ``deployment``, ``dynamic``, ``data-flow`` or
            ``ownership``, or the key of a view that the system keeps or that `pictures_of` lists.
        of: The system, container, environment or scenario that the view is about; by default the first there is.
        include: A predicate such as ``tag("pii")`` of `planroom.architecture`: only what it names, and both ends of
            the relations that it names.
        sequence: A scenario as a sequence instead of a collaboration.

    Raises:
        UnknownNameError: There is no such view, or it knows nothing called ``of``.
        ModelError: There is nothing to draw in this view.
    """
    kept = next((each for each in system.views if each.key == view), None)
    if kept is None and view not in architecture_views():
        kept = next((each for each in pictures_of(system) if each.key == view), None)
    if kept is not None:
        view, of, include = kept.view, of or kept.of, include or kept.include
        sequence = sequence or kept.sequence
    graph = view_called(view).graph(Scope(system, of, include, sequence))
    return Diagram(graph, may_reduce=True, overview=None, smaller=tuple(_smaller(graph)))


def _smaller(graph: Graph) -> list[Graph]:
    """Return graphs that say the same with less: no sentences in boxes, no protocols, no kinds, no words on lines."""
    if graph.notation is not Notation.BOXES:
        return []
    bare = replace(graph, nodes=tuple(replace(node, text="") for node in graph.nodes))
    named = replace(bare, edges=tuple(replace(edge, note="") for edge in graph.edges))
    plain = replace(bare, nodes=tuple(replace(node, subtitle="") for node in bare.nodes))
    mute = replace(bare, edges=tuple(replace(edge, label="", note="") for edge in graph.edges))
    names = replace(mute, nodes=plain.nodes)
    left_out = {
        "sentences": bare,
        "sentences and protocols": named,
        "sentences and kinds": plain,
        "sentences and what lines are about": mute,
        "everything but names": names,
    }
    return [
        replace(each, caption=f"{graph.caption} Left out to stay legible: {what}.".strip())
        for what, each in left_out.items()
    ]
