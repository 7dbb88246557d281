"""A Graph as Structurizr DSL: a workspace with one view.

People, systems, containers and components become what Structurizr calls so where they stand in the frames that it asks
for: containers in a system, components in a container. Any other graph, such as one of deployment nodes or of trust
boundaries, becomes custom elements in groups.

Source: the language reference of the Structurizr DSL, "model", "custom element", "group", "views".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.diagrams.renderers._wording import distinct, words_of
from planroom.diagrams.renderers.base import Renderer
from planroom.drawing.graph import Cluster, Edge, Form, Graph, LineStyle, Node, Notation
from planroom.drawing.palette import NO_HUE, OUTSIDE, assign_hues, dark_edge
from planroom.drawing.text import printable
from planroom.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["StructurizrRenderer"]

_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9]+")
_HOMES = {"person": "", "system": "", "container": "system", "component": "container"}
_WORDS = {"person": "person", "system": "softwareSystem", "container": "container", "component": "component"}
_SHAPES = {Form.PERSON: "Person", Form.CYLINDER: "Cylinder", Form.PIPE: "Pipe", Form.BOX: "RoundedBox"}


class StructurizrRenderer(Renderer):
    """A workspace with the elements, the relations, one view and its styles."""

    suffixes = (".dsl",)
    notations = frozenset({Notation.BOXES, Notation.SEQUENCE})

    def render(self, graph: Graph) -> str:
        """Return the workspace in the graph's order.

        Raises:
            FormatError: It is a picture of tables, which the language has no words for.
        """
        if graph.notation not in self.notations:
            raise FormatError(
                "A picture of tables cannot be written as Structurizr DSL.",
                why="the language knows the elements of a system.",
                fix="choose mermaid, plantuml, d2, dot or er.",
            )
        return "\n".join(_Workspace(graph).lines()) + "\n"


def _quoted(text: str) -> str:
    """Return a string of the language, which has no escape for a backslash and ends a line at none."""
    plain = printable(" ".join(text.split()))
    return '"' + plain.replace("\\", "\u29f5").replace('"', '\\"').replace("${", "$ {") + '"'


@dataclass(frozen=True)
class _Workspace:
    graph: Graph

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The identifier of each element; a frame that is an element of the graph has that one's."""
        ids = dict.fromkeys([*(node.id for node in self.graph.nodes), *(frame.id for frame in self.graph.clusters)])
        return distinct(((each, f"e_{_NOT_IN_NAME.sub('_', each)}") for each in ids), str.lower)

    @cached_property
    def frames(self) -> Mapping[str, Cluster]:
        return {frame.id: frame for frame in self.graph.clusters}

    @cached_property
    def home(self) -> Mapping[str, str]:
        """The innermost frame of each node, by id."""
        return {node: frame.id for frame in self.graph.clusters for node in frame.nodes}

    @cached_property
    def is_c4(self) -> bool:
        """Whether every element stands where C4 wants it."""
        return (
            self.graph.notation is Notation.BOXES
            and all(frame.kind == _HOMES_OF_FRAMES.get(self._kind(frame.parent), "") for frame in self.frames.values())
            and all(node.kind in _HOMES and self._stands(node) for node in self.graph.nodes)
        )

    def _kind(self, frame: str) -> str:
        return self.frames[frame].kind if frame else ""

    def _stands(self, node: Node) -> bool:
        home = self.home.get(node.id, "")
        return node.id in self.frames or self._kind(home) == _HOMES[node.kind]

    def lines(self) -> Iterator[str]:
        yield f"workspace {_quoted(self.graph.title or 'diagram')} {_quoted(self.graph.summary)} {{"
        yield "    model {"
        yield from self._within("", " " * 8)
        yield from (f"        {self._relation(edge)}" for edge in self.graph.edges)
        yield "    }"
        yield "    views {"
        yield from self._view()
        yield from self._styles()
        yield "    }"
        yield "}"

    def _within(self, parent: str, indent: str) -> Iterator[str]:
        """Yield what stands in a frame: frames, and the nodes that no inner frame holds."""
        for frame in self.graph.clusters:
            if frame.parent == parent:
                yield f"{indent}{self._frame(frame)} {{"
                yield from self._within(frame.id, f"{indent}    ")
                yield f"{indent}}}"
        for node in self.graph.nodes:
            if self.home.get(node.id, "") == parent and not (self.is_c4 and node.id in self.frames):
                yield f"{indent}{self._element(node)}"

    def _frame(self, frame: Cluster) -> str:
        if self.is_c4:
            own = self.graph.by_id.get(frame.id)
            return (
                self._element(own) if own else f"{self.names[frame.id]} = {_WORDS[frame.kind]} {_quoted(frame.label)}"
            )
        return f"group {_quoted(f'{frame.label} {frame.note}'.strip())}"

    def _element(self, node: Node) -> str:
        name, tags = self.names[node.id], _quoted(f"{self._tag(node)},{node.id}")
        text = node.text or ", ".join(map(words_of, node.rows))
        if not self.is_c4:
            return f"{name} = element {_quoted(node.title)} {_quoted(node.subtitle)} {_quoted(text)} {tags}"
        facts = [_quoted(text)] if node.kind in {"person", "system"} else [_quoted(text), _quoted(node.subtitle)]
        return f"{name} = {_WORDS[node.kind]} {_quoted(node.title)} {' '.join(facts)} {tags}"

    def _relation(self, edge: Edge) -> str:
        signs = [sign.value for sign in edge.signs]
        tags = [*(["dashed"] if edge.style is not LineStyle.SOLID else []), *signs]
        ends = f"{self.names[edge.tail]} -> {self.names[edge.head]}"
        return f"{ends} {_quoted(edge.label)} {_quoted(edge.note)} {_quoted(','.join(tags))}"

    def _view(self) -> Iterator[str]:
        scope = next((f for kind in ("container", "system") for f in self.frames.values() if f.kind == kind), None)
        if not self.is_c4:
            head = f"custom view {_quoted(self.graph.title)}"
        elif scope is None:
            head = "systemLandscape view"
        else:
            head = f"{'component' if scope.kind == 'container' else 'container'} {self.names[scope.id]} view"
        shown = [self.names[node.id] for node in self.graph.nodes if not (self.is_c4 and node.id in self.frames)]
        yield f"        {head} {{"
        if shown:
            yield f"            include {' '.join(shown)}"
        yield "            autoLayout tb"
        yield "        }"

    def _tag(self, node: Node) -> str:
        return f"{node.form.value} {'external' if node.external else node.hue}".strip()

    def _styles(self) -> Iterator[str]:
        hues = assign_hues([*self.graph.hues, *(node.hue for node in self.graph.nodes if node.hue)])
        looks = {
            self._tag(node): (OUTSIDE if node.external else hues.get(node.hue, NO_HUE), node.form)
            for node in self.graph.nodes
        }
        yield "        styles {"
        for tag, (fill, form) in sorted(looks.items()):
            yield f"            element {_quoted(tag)} {{"
            yield f"                shape {_SHAPES.get(form, 'Box')}"
            yield f"                background {fill}"
            yield f"                stroke {dark_edge(fill)}"
            yield "                color #1f2328"
            yield "            }"
        yield '            relationship "Relationship" {'
        yield "                style solid"
        yield "            }"
        yield '            relationship "dashed" {'
        yield "                style dashed"
        yield "            }"
        yield "        }"


_HOMES_OF_FRAMES = {"": "system", "system": "container"}
