"""What users call: a picture of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.diagrams.diagram import Diagram
from planroom.diagrams.views.base import View
from planroom.diagrams.views.er import Detail, er_graph
from planroom.errors import UnknownNameError
from planroom.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planroom.model import Model, Relation

__all__ = ["VIEWS", "er"]

VIEWS: Registry[View[Any]] = Registry("view", "planroom.diagrams.views", View)  # type: ignore[type-abstract]


def er(
    model: Model,
    *,
    focus: str | Sequence[str] | None = None,
    hops: int = 1,
    detail: str | None = None,
    cluster: str | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    views: bool = True,
    overview: bool | None = None,
    relations: Iterable[Relation] = (),
) -> Diagram:
    """Return an ER diagram of a model.

    Args:
        model: What to draw.
        focus: A table, or several: draw only what lies within ``hops`` relations of it.
        hops: How far to go from the focus.
        detail: ``columns``, ``keys`` or ``names``; by default the most that can be read.
        cluster: Draw frames around each ``schema`` or ``context``, or each ``community``: tables that are related to
            each other more than to the rest.
        include: Selectors such as ``sales.*``, ``*_log`` or ``context:ordering``: draw only what one of them names.
        exclude: Selectors: leave out what one of them names.
        views: Draw views too.
        overview: True: draw groups of tables instead of tables. False: never; what is too large for a page becomes a
            poster, with a grid to find tables by. By default, when the text would be too small on a page of 1,280 px.
        relations: Inferred relations to draw beside the declared ones: dashed, each with its score.

    Raises:
        UnknownNameError: No table bears the name in ``focus`` or is named by a selector, or ``detail`` or ``cluster``
            is none of the above.
        ModelError: A text is no selector.
    """
    level = _one_of("detail", detail, [level.value for level in Detail]) if detail is not None else Detail.COLUMNS.value
    grouping = _one_of("cluster", cluster, ["community", "context", "schema"]) if cluster is not None else None
    graph = er_graph(
        model,
        focus=focus,
        hops=hops,
        detail=Detail(level),
        cluster=grouping,
        include=include,
        exclude=exclude,
        views=views,
        relations=relations,
    )
    return Diagram(graph, may_reduce=detail is None, overview=overview)


def _one_of(kind: str, name: str, known: Sequence[str]) -> str:
    if name not in known:
        raise UnknownNameError.of(kind, name, known)
    return name
