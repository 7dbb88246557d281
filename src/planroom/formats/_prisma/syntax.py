"""What a Prisma schema says, block by block, before anything is looked up: plain, frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from planroom.formats._text.problems import PassedOver, Problem

__all__ = ["Argument", "Attribute", "Block", "Configuration", "EnumBlock", "Field", "File", "Label", "Value"]


class Value(NamedTuple):
    """A value among arguments.

    Attributes:
        kind: ``string``, ``number``, ``word``, ``list`` or ``call``.
        text: What it means; of a call, what is called.
        items: The items of a list.
        arguments: The arguments of a call.
    """

    kind: str
    text: str
    items: tuple[Value, ...] = ()
    arguments: tuple[Argument, ...] = ()


class Argument(NamedTuple):
    """An argument; its name is empty where it has none."""

    name: str
    value: Value


class Attribute(NamedTuple):
    """``@name(...)`` of a field, or ``@@name(...)`` of a block; the name without its signs."""

    name: str
    arguments: tuple[Argument, ...]
    place: int
    end: int

    def value(self, name: str, *, first: bool = False) -> Value | None:
        """Return an argument by its name, or the ``first`` that has none."""
        for argument in self.arguments:
            if argument.name == name or (first and not argument.name):
                return argument.value
        return None

    def text(self, name: str, *, first: bool = False) -> str:
        """Return the text of an argument, or an empty one."""
        value = self.value(name, first=first)
        return value.text if value else ""


class Field(NamedTuple):
    """A field of a model, view or composite type.

    Attributes:
        type: The type's name, or what ``Unsupported`` holds.
        unsupported: It is a type of the database that Prisma does not know.
        arity: ``?`` for optional, ``[]`` for a list, empty for required.
    """

    name: str
    type: str
    unsupported: bool
    arity: str
    attributes: tuple[Attribute, ...]
    comment: str
    place: int
    end: int

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute with this name, if the field has it."""
        return next((each for each in self.attributes if each.name == name), None)


class Block(NamedTuple):
    """A model, view or composite type."""

    kind: str
    name: str
    fields: tuple[Field, ...]
    attributes: tuple[Attribute, ...]
    comment: str
    place: int
    end: int

    def text(self, attribute: str, name: str) -> str:
        """Return the text of an attribute's argument (its first one, too), or an empty one."""
        found = next((each for each in self.attributes if each.name == attribute), None)
        return found.text(name, first=True) if found else ""


class Label(NamedTuple):
    """A value of an enum, and what the database calls it."""

    name: str
    label: str


class EnumBlock(NamedTuple):
    """An enum."""

    name: str
    labels: tuple[Label, ...]
    attributes: tuple[Attribute, ...]
    comment: str
    place: int
    end: int

    def text(self, attribute: str) -> str:
        """Return the text of an attribute's first argument, or an empty one."""
        found = next((each for each in self.attributes if each.name == attribute), None)
        return found.text("name", first=True) if found else ""


class Configuration(NamedTuple):
    """A datasource: its properties by name."""

    name: str
    properties: tuple[tuple[str, Value], ...]
    place: int
    end: int


class File(NamedTuple):
    """One text, in the order of its blocks."""

    elements: tuple[Block | EnumBlock | Configuration | PassedOver, ...]
    problems: tuple[Problem, ...]
