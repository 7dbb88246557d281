"""What a system is made of: people, systems, containers, components, what runs where, and what is said between them.

These are what a user writes. Everything is plain and frozen; sequences may be given as lists. Elements are named by a
short key, such as ``billing``, by which relations, boundaries, deployment nodes and scenarios refer to them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.architecture.settling import settle
from planroom.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.architecture.flows import Element, Flow

    Told = tuple[str, str, str] | tuple[str, str, str, bool]  # a step as a tuple

__all__ = [
    "Boundary",
    "Component",
    "Container",
    "DeploymentNode",
    "Kind",
    "Person",
    "Picture",
    "Relation",
    "Scenario",
    "SoftwareSystem",
    "Step",
]


class Kind(enum.StrEnum):
    """What an element is; a container is one of those from `SERVICE` on."""

    PERSON = "person"
    SYSTEM = "system"
    COMPONENT = "component"
    SERVICE = "service"
    WEB_APP = "web app"
    MOBILE_APP = "mobile app"
    GATEWAY = "gateway"
    FUNCTION = "function"
    JOB = "job"
    DATABASE = "database"
    CACHE = "cache"
    SEARCH = "search index"
    STORAGE = "storage"
    QUEUE = "queue"

    @property
    def stores(self) -> bool:
        """Whether it keeps what others write."""
        return self in {Kind.DATABASE, Kind.CACHE, Kind.SEARCH, Kind.STORAGE}


_CONTAINERS = tuple(Kind)[tuple(Kind).index(Kind.SERVICE) :]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses a system.

    Attributes:
        key: The short word by which others refer to it.
        name: What pictures call it; made of the key by default, as for all elements.
        external: Outside the organisation, drawn in grey.
    """

    key: str
    name: str = ""
    description: str = ""
    tags: Sequence[str] = ()
    external: bool = False
    icon: str = ""

    def __post_init__(self) -> None:
        settle(self)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a container, such as a module.

    Attributes:
        owns: Selectors of what it owns, as for a container.
    """

    key: str
    name: str = ""
    technology: str = ""
    description: str = ""
    owner: str = ""
    tags: Sequence[str] = ()
    owns: Sequence[str] = ()
    icon: str = ""

    def __post_init__(self) -> None:
        settle(self)


@dataclass(frozen=True, slots=True)
class Container:
    """What runs or stores: a service, a database, a queue ...

    Attributes:
        kind: One of `Kind` from ``service`` on; a plain text will do.
        technology: What it is built with, such as ``PostgreSQL 18``; it also finds the icon.
        owner: The team that answers for it.
        owns: Selectors of the design that it owns: ``context:ordering``, ``table:identity.*``.
        instances: How many of it run, where no deployment says so.
        icon: The name of an icon of the package ``diagrams``, such as ``postgresql`` or ``aws/database/rds``, where
            the technology does not find the right one; ``none`` for none.
    """

    key: str
    name: str = ""
    kind: Kind | str = Kind.SERVICE
    technology: str = ""
    description: str = ""
    owner: str = ""
    tags: Sequence[str] = ()
    owns: Sequence[str] = ()
    components: Sequence[Component] = ()
    instances: int = 1
    icon: str = ""

    def __post_init__(self) -> None:
        settle(self, {"components": Component})
        object.__setattr__(self, "kind", _kind(self.kind))


def _kind(value: str) -> Kind:
    if value not in set(_CONTAINERS):
        raise UnknownNameError.of("kind of container", value, [kind.value for kind in _CONTAINERS])
    return Kind(value)


@dataclass(frozen=True, slots=True)
class SoftwareSystem:
    """Another system beside the one that is described.

    Attributes:
        external: Outside the organisation, drawn in grey.
        containers: What it is made of, where that is known.
    """

    key: str
    name: str = ""
    description: str = ""
    technology: str = ""
    owner: str = ""
    tags: Sequence[str] = ()
    external: bool = True
    containers: Sequence[Container] = ()
    icon: str = ""

    def __post_init__(self) -> None:
        settle(self, {"containers": Container})


@dataclass(frozen=True, slots=True)
class Relation:
    """One element uses another, or sends something to it.

    What a queue passes on is two relations: from the producer to the queue, and from the queue to the consumer.

    Attributes:
        source, target: Keys; a component is ``container.component``.
        what: A verb phrase, such as ``places orders``.
        protocol: How, such as ``HTTPS/JSON``.
        data: What is carried: words (for a queue, the names of events), or tables such as ``table:ordering.orders``.
        pii: The classes of personal data among it, beside those that the tables' columns are annotated with.
        sync: The source waits for the answer.
        read_only: Of a store, the source only reads.
        encrypted: Nobody on the way can read it; None: as the protocol says.
    """

    source: str
    target: str
    what: str = ""
    protocol: str = ""
    data: Sequence[str] = ()
    pii: Sequence[str] = ()
    sync: bool = True
    read_only: bool = False
    encrypted: bool | None = None
    tags: Sequence[str] = ()

    def __post_init__(self) -> None:
        settle(self)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line around elements.

    Attributes:
        contains: Keys of elements.
        inside: The key of the boundary that it lies in; empty for none.
        trust: What crosses it meets other people's machines, so that it has to be protected.
    """

    key: str
    name: str = ""
    contains: Sequence[str] = ()
    inside: str = ""
    trust: bool = True

    def __post_init__(self) -> None:
        settle(self)


@dataclass(frozen=True, slots=True)
class DeploymentNode:
    """Where containers run: a region, a cluster, a machine.

    Attributes:
        runs: Keys of the containers that run on it directly.
        nodes: The nodes that it holds.
        instances: How many there are of it.
        environment: Of an outermost node, what it belongs to.
    """

    key: str
    name: str = ""
    technology: str = ""
    description: str = ""
    runs: Sequence[str] = ()
    nodes: Sequence[DeploymentNode] = ()
    instances: int = 1
    environment: str = "production"
    icon: str = ""

    def __post_init__(self) -> None:
        settle(self, {"nodes": DeploymentNode})


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a scenario, in its order.

    Attributes:
        reply: It is the answer to an earlier one.
    """

    source: str
    target: str
    what: str
    reply: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that the system does, step by step.

    Attributes:
        steps: `Step` values, or tuples of source, target and words.
        critical: The business stands still where it does not work.
    """

    key: str
    name: str = ""
    steps: Sequence[Step] = ()
    critical: bool = False

    if TYPE_CHECKING:  # it takes more than it holds

        def __init__(
            self, key: str, name: str = "", steps: Sequence[Step | Told] = (), critical: bool = False
        ) -> None: ...

    def __post_init__(self) -> None:
        steps = tuple(Step(*each) if isinstance(each, (tuple, list)) else each for each in self.steps)
        object.__setattr__(self, "steps", steps)
        settle(self, {"steps": Step})


@dataclass(frozen=True, slots=True)
class Picture:
    """A view of a system that its makers look after, by a name of their own.

    Attributes:
        view: The kind of view, such as ``container``.
        of: What it is about, as for `planroom.arch`.
        include: Which elements and relations it shows, a predicate; None for all.
        sequence: Of a scenario, the order in time.
    """

    key: str
    view: str
    of: str = ""
    include: Callable[[Element | Flow], bool] | None = None
    sequence: bool = False

    def __post_init__(self) -> None:
        settle(self)
