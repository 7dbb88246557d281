"""A system as one value: its elements, found by name, and the flows between them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.architecture.elements import (
    Boundary,
    Component,
    Container,
    DeploymentNode,
    Kind,
    Person,
    Picture,
    Relation,
    Scenario,
    SoftwareSystem,
)
from planroom.architecture.flows import Element, Flow
from planroom.architecture.ownership import Ownership, owned_tables, personal_data
from planroom.architecture.protocols import is_encrypted
from planroom.architecture.settling import settle
from planroom.display import Displayable
from planroom.errors import ModelError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planroom.model import Model

__all__ = ["System", "names"]

_PARTS = {
    "containers": Container, "people": Person, "systems": SoftwareSystem, "relations": Relation,
    "boundaries": Boundary, "deployment": DeploymentNode, "scenarios": Scenario, "views": Picture,
}  # fmt: skip
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, repr=False)
class System(Displayable):
    """A software system: what it is made of, who uses it, where it runs, and which tables are whose.

    Attributes:
        name: What people call it.
        containers: What it is made of.
        people: Who uses it.
        systems: Other systems that it knows.
        relations: Who uses or feeds whom.
        boundaries: Trust boundaries and other lines around elements.
        deployment: Where its containers run.
        scenarios: What it does, step by step.
        model: The design of its data; selectors in ``owns`` and ``data`` name parts of it.
        views: The views of it that are kept; none where any may be drawn.
        source: The file that defines it, for findings.

    Raises:
        ModelError: Two elements share a key, or something contradicts itself.
        UnknownNameError: A key names nothing; the message names the nearest.

    Example:
        >>> shop = System("Shop", containers=[Container("web"), Container("db", kind="database")],
        ...               relations=[Relation("web", "db", "reads orders", "SQL/TLS")])
        >>> shop.element("db").id
        'container:db'
    """

    name: str
    description: str = ""
    containers: Sequence[Container] = ()
    people: Sequence[Person] = ()
    systems: Sequence[SoftwareSystem] = ()
    relations: Sequence[Relation] = ()
    boundaries: Sequence[Boundary] = ()
    deployment: Sequence[DeploymentNode] = ()
    scenarios: Sequence[Scenario] = ()
    model: Model | None = None
    owner: str = ""
    views: Sequence[Picture] = ()
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        settle(self, _PARTS)
        self._check_keys()
        for relation in self.relations:
            self._flow(relation)
        for scenario in self.scenarios:
            for step in scenario.steps:
                self.element(step.source)
                self.element(step.target)
        for node in self.deployment_nodes:
            for key in node.runs:
                self.element(key)
        self._check_boundaries()

    # -- elements

    @cached_property
    def key(self) -> str:
        """The key of the system itself: its name in small letters and dashes; longer where a part is called so."""
        key = _NOT_IN_KEY.sub("-", self.name.lower()).strip("-") or "system"
        return f"{key}-system" if key in {each.key for each in self._parts()} else key

    def _parts(self) -> Iterator[Person | SoftwareSystem | Container]:
        yield from self.people
        yield from self.systems
        yield from self.containers
        yield from (container for system in self.systems for container in system.containers)

    @cached_property
    def elements(self) -> Mapping[str, Element]:
        """All elements, by id: people, this system, other systems, and what each is made of."""
        return {each.id: each for each in self._elements()}

    def _elements(self) -> Iterator[Element]:
        yield from (_person(person) for person in self.people)
        own = SoftwareSystem(self.key, self.name, self.description, owner=self.owner, external=False)
        for system in (own, *self.systems):
            element = _system(system)
            yield element
            for container in self.containers if system is own else system.containers:
                yield from _container(container, element)

    @cached_property
    def _by_key(self) -> Mapping[str, tuple[Element, ...]]:
        found: dict[str, tuple[Element, ...]] = {}
        for each in self.elements.values():
            for name in dict.fromkeys((each.key, each.id, each.key.rpartition(".")[2], each.name)):
                found[name] = (*found.get(name, ()), each)
        return found

    def element(self, name: str) -> Element:
        """Return the element called so: by its key (``billing``, ``billing.invoicer``), its id, or its name.

        Raises:
            UnknownNameError: Nothing is called so, or more than one is.
        """
        found = self._by_key.get(name, ())
        exact = [each for each in found if name in {each.key, each.id}]
        if len(exact) == 1 or len(found) == 1:
            return (exact or list(found))[0]
        if found:
            raise UnknownNameError(
                f"{len(found)} elements are called {name!r}.",
                why="they are " + ", ".join(each.id for each in found) + ".",
                fix="write the container's key, a dot, and the component's.",
            )
        raise UnknownNameError.of("element", name, {each.key for each in self.elements.values()})

    @property
    def own(self) -> Element:
        """This system as an element."""
        return self.elements[f"system:{self.key}"]

    def children(self, element: Element) -> tuple[Element, ...]:
        """Return what an element is made of."""
        return tuple(each for each in self.elements.values() if each.parent == element.id)

    def line_of(self, element: Element) -> tuple[Element, ...]:
        """Return the element and what it is part of, from the inside out."""
        line = [element]
        while line[-1].parent:
            line.append(self.elements[line[-1].parent])
        return tuple(line)

    # -- what is said between them

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The relations with their ends and everything that follows from the design."""
        return tuple(self._flow(relation) for relation in self.relations)

    def _flow(self, relation: Relation) -> Flow:
        source, target = self.element(relation.source), self.element(relation.target)
        told = is_encrypted(relation.protocol) if relation.encrypted is None else relation.encrypted
        return Flow(source, target, relation, told, self._pii(relation))

    def _pii(self, relation: Relation) -> tuple[str, ...]:
        tables = [each for each in relation.data if each.startswith(("table:", "context:"))]
        return tuple(dict.fromkeys((*relation.pii, *personal_data(self.model, tables))))

    # -- boundaries, deployment, ownership

    @cached_property
    def boundaries_by_key(self) -> Mapping[str, Boundary]:
        """The boundaries, by key."""
        return {each.key: each for each in self.boundaries}

    def boundaries_of(self, element: Element) -> tuple[Boundary, ...]:
        """Return the boundaries around an element, from the inside out."""
        home = next((self._homes[each.id] for each in self.line_of(element) if each.id in self._homes), None)
        return tuple(self._outwards(home)) if home else ()

    @cached_property
    def _homes(self) -> Mapping[str, Boundary]:
        """The boundary that each element is named in."""
        return {self.element(key).id: boundary for boundary in self.boundaries for key in boundary.contains}

    def _outwards(self, boundary: Boundary) -> Iterator[Boundary]:
        yield boundary
        while boundary.inside:
            boundary = self.boundaries_by_key[boundary.inside]
            yield boundary

    def crossed(self, flow: Flow) -> tuple[Boundary, ...]:
        """Return the trust boundaries that a flow crosses."""
        here, there = self.boundaries_of(flow.source), self.boundaries_of(flow.target)
        return tuple(each for each in (*here, *there) if each.trust and (each in here) != (each in there))

    @cached_property
    def deployment_nodes(self) -> tuple[DeploymentNode, ...]:
        """All deployment nodes, each before those that it holds."""
        return tuple(_all_nodes(self.deployment))

    def instances_of(self, element: Element) -> int:
        """Return how many of a container run: as deployed, on all nodes together, or else as it says itself."""
        deployed = [
            count
            for environment in dict.fromkeys(node.environment for node in self.deployment)
            for count in [_running(self, element, [n for n in self.deployment if n.environment == environment])]
            if count
        ]
        return max(deployed, default=element.instances)

    @cached_property
    def ownership(self) -> Ownership:
        """Which tables of the design each element owns."""
        return owned_tables(self.elements.values(), self.model)

    def _check_keys(self) -> None:
        keys = [each.id.partition(":")[2] for each in self._elements()]
        groups = {
            "elements": keys,
            "boundaries": [each.key for each in self.boundaries],
            "deployment nodes": [each.key for each in _all_nodes(self.deployment)],
            "scenarios": [each.key for each in self.scenarios],
            "views": [each.key for each in self.views],
        }
        for kind, found in groups.items():
            twice = sorted(key for key, count in Counter(found).items() if count > 1)
            if twice:
                raise ModelError(
                    f"Two {kind} have the key {twice[0]!r}.", why="a key names one thing.", fix="rename one of them."
                )

    def _check_boundaries(self) -> None:
        named = Counter(self.element(key).id for boundary in self.boundaries for key in boundary.contains)
        twice = [each for each, count in named.items() if count > 1]
        if twice:
            raise ModelError(f"{twice[0]} is contained in two boundaries.", fix="leave it in the innermost one.")
        for boundary in self.boundaries:
            seen, at = {boundary.key}, boundary
            while at.inside:
                if at.inside not in self.boundaries_by_key:
                    raise UnknownNameError.of("boundary", at.inside, self.boundaries_by_key)
                at = self.boundaries_by_key[at.inside]
                if at.key in seen:
                    raise ModelError(f"The boundary {boundary.key!r} lies in itself.", fix="change its `inside`.")
                seen.add(at.key)

    # -- showing

    def __str__(self) -> str:
        from planroom.architecture.card import text_card

        return text_card(self)

    def __repr__(self) -> str:
        from planroom.architecture.card import headline

        return f"<System {headline(self)}>"

    def _html(self) -> str:
        from planroom.architecture.card import html_card

        return html_card(self)


def names(system: System) -> frozenset[str]:
    """Return the ids of everything in a system that a decision may name, such as ``container:billing``."""
    return frozenset(
        {
            *system.elements,
            *(f"boundary:{each.key}" for each in system.boundaries),
            *(f"node:{each.key}" for each in system.deployment_nodes),
            *(f"scenario:{each.key}" for each in system.scenarios),
        }
    )


def _person(person: Person) -> Element:
    return Element(
        id=f"person:{person.key}",
        key=person.key,
        name=person.name,
        kind=Kind.PERSON,
        description=person.description,
        tags=tuple(person.tags),
        external=person.external,
        icon=person.icon,
    )


def _system(system: SoftwareSystem) -> Element:
    return Element(
        id=f"system:{system.key}",
        key=system.key,
        name=system.name,
        kind=Kind.SYSTEM,
        technology=system.technology,
        description=system.description,
        owner=system.owner,
        tags=tuple(system.tags),
        external=system.external,
        icon=system.icon,
    )


def _container(container: Container, system: Element) -> Iterator[Element]:
    element = Element(
        id=f"container:{container.key}",
        key=container.key,
        name=container.name,
        kind=Kind(container.kind),
        technology=container.technology,
        description=container.description,
        owner=container.owner,
        tags=tuple(container.tags),
        parent=system.id,
        external=system.external,
        owns=tuple(container.owns),
        instances=container.instances,
        icon=container.icon,
    )
    yield element
    yield from (_component(each, element) for each in container.components)


def _component(component: Component, container: Element) -> Element:
    return Element(
        id=f"component:{container.key}.{component.key}",
        key=f"{container.key}.{component.key}",
        name=component.name,
        kind=Kind.COMPONENT,
        technology=component.technology,
        description=component.description,
        owner=component.owner or container.owner,
        tags=tuple(component.tags),
        parent=container.id,
        external=container.external,
        owns=tuple(component.owns),
        icon=component.icon,
    )


def _all_nodes(nodes: Iterable[DeploymentNode]) -> Iterator[DeploymentNode]:
    for node in nodes:
        yield node
        yield from _all_nodes(node.nodes)


def _running(system: System, element: Element, nodes: Iterable[DeploymentNode]) -> int:
    return sum(
        node.instances
        * (sum(system.element(key).id == element.id for key in node.runs) + _running(system, element, node.nodes))
        for node in nodes
    )
