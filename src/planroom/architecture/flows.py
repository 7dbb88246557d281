"""Elements and flows as views and rules look at them: each with everything that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.architecture.elements import Kind

if TYPE_CHECKING:
    from planroom.architecture.elements import Relation

__all__ = ["Element", "Flow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A person, system, container or component.

    Attributes:
        id: Stable and unique, such as ``container:billing``; decisions and findings name it so.
        key: What relations call it.
        parent: The id of what it is part of; empty for people and systems.
    """

    id: str
    key: str
    name: str
    kind: Kind
    technology: str = ""
    description: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    parent: str = ""
    external: bool = False
    owns: tuple[str, ...] = ()
    instances: int = 1
    icon: str = ""

    @property
    def is_container(self) -> bool:
        """Whether it is a container."""
        return self.id.startswith("container:")

    @property
    def label(self) -> str:
        """What stands under its name in brackets: its kind, and its technology."""
        kind = self.kind.value
        return f"{kind}: {self.technology}" if self.technology else kind


@dataclass(frozen=True, slots=True)
class Flow:
    """A relation with its ends.

    Attributes:
        encrypted: Nobody on the way can read it; None where nobody said.
        pii: The classes of personal data that it carries.
    """

    source: Element
    target: Element
    relation: Relation
    encrypted: bool | None
    pii: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """The relation's tags."""
        return tuple(self.relation.tags)

    @property
    def name(self) -> str:
        """Its ends, for messages."""
        return f"{self.source.name} → {self.target.name}"

    @property
    def id(self) -> str:
        """Its ends' ids, for findings."""
        return f"{self.source.id}->{self.target.id}"
