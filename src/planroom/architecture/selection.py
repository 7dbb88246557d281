"""Which elements and flows a view shows, by predicate: ``tag("pii") | owner("team-payments")``.

A view keeps the elements that its predicate names, and both ends of the flows that it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from planroom.architecture.flows import Element, Flow

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.architecture.system import System

__all__ = ["Chosen", "Predicate", "chosen", "inside", "kind", "named", "owner", "personal", "tag", "technology"]


@dataclass(frozen=True)
class Predicate:
    """What an element or flow must be; combine with ``&``, ``|`` and ``~``."""

    test: Callable[[Element | Flow], bool]
    words: str

    def __call__(self, thing: Element | Flow) -> bool:
        """Return whether an element or a flow is meant."""
        return self.test(thing)

    def __and__(self, other: Predicate) -> Predicate:
        return Predicate(lambda thing: self(thing) and other(thing), f"({self} and {other})")

    def __or__(self, other: Predicate) -> Predicate:
        return Predicate(lambda thing: self(thing) or other(thing), f"({self} or {other})")

    def __invert__(self) -> Predicate:
        return Predicate(lambda thing: isinstance(thing, Element) and not self(thing), f"not {self}")

    def __str__(self) -> str:
        return self.words


def tag(name: str) -> Predicate:
    """Return what names elements and flows with a tag; flows that carry personal data have the tag ``pii``."""
    return Predicate(
        lambda thing: name in thing.tags or (name == "pii" and isinstance(thing, Flow) and bool(thing.pii)),
        f"tag {name}",
    )


def personal() -> Predicate:
    """Return what names flows that carry personal data, and so their ends."""
    return Predicate(lambda thing: isinstance(thing, Flow) and bool(thing.pii), "personal data")


def owner(name: str) -> Predicate:
    """Return what names the elements of an owner; ``*`` is a wildcard."""
    return _of_elements(lambda element: fnmatchcase(element.owner, name), f"owner {name}")


def kind(name: str) -> Predicate:
    """Return what names the elements of a kind, such as ``database``."""
    return _of_elements(lambda element: element.kind == name, f"kind {name}")


def technology(name: str) -> Predicate:
    """Return what names the elements that are built with a technology: ``PostgreSQL*``."""
    return _of_elements(lambda element: fnmatchcase(element.technology.lower(), name.lower()), f"technology {name}")


def named(*names: str) -> Predicate:
    """Return what names elements by key, id or name; ``*`` is a wildcard."""
    return _of_elements(
        lambda element: any(
            fnmatchcase(each, name) for name in names for each in (element.key, element.id, element.name)
        ),
        "named " + ", ".join(names),
    )


def inside(system: System, name: str) -> Predicate:
    """Return what names an element and all that it is made of."""
    home = system.element(name)
    return _of_elements(lambda element: home in system.line_of(element), f"inside {name}")


def _of_elements(test: Callable[[Element], bool], words: str) -> Predicate:
    return Predicate(lambda thing: isinstance(thing, Element) and test(thing), words)


@dataclass(frozen=True)
class Chosen:
    """What a predicate names in a system: ids of elements, and flows."""

    elements: frozenset[str]
    flows: tuple[Flow, ...]


def chosen(system: System, include: Callable[[Element | Flow], bool] | None) -> Chosen:
    """Return the elements and flows that a view keeps; all without a predicate."""
    if include is None:
        return Chosen(frozenset(system.elements), system.flows)
    meant = {each.id for each in system.elements.values() if include(each)}
    flows = tuple(
        flow for flow in system.flows if include(flow) or (flow.source.id in meant and flow.target.id in meant)
    )
    ends = {end.id for flow in flows for end in (flow.source, flow.target)}
    return Chosen(frozenset(meant | ends), flows)
