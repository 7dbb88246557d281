"""YAML as a tree whose every node knows its place and its text.

The tree is built from the parser's events, in one loop: libyaml's own composer runs out of stack where a text is
nested a hundred thousand deep. An alias is the node that it names, never a copy; what merges and aliases make of a text
is bounded by the text's length, so that a small file cannot unfold into a large one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planroom.errors import SourceError, SyntaxProblem
from planroom.findings import Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.formats.base import Document

__all__ = ["Node", "parsed"]

_DEEPEST = 100
_VISITS_A_CHARACTER = 20
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})
_MERGE = "<<"


@dataclass(eq=False)
class _Text:
    """The text of a tree, and how many nodes may still be visited before it counts as a bomb."""

    source: str
    text: str
    budget: int = 0

    def __post_init__(self) -> None:
        self.budget = _VISITS_A_CHARACTER * len(self.text) + 10_000

    def spend(self, visits: int, location: Location) -> None:
        self.budget -= visits
        if self.budget < 0:
            raise SourceError(
                f"{self.source!r} unfolds into far more than it says.",
                where=str(location),
                why="its aliases repeat one another many times over.",
                fix="write out what they stand for.",
            )


@dataclass(eq=False)
class Node:
    """A scalar, a sequence or a mapping; a mapping's children are its keys and values in turn.

    Attributes:
        kind: ``scalar``, ``sequence`` or ``mapping``.
        location: Where it begins.
        value: The text of a scalar, as YAML means it.
        plain: It is a scalar without quotes, so that ``null`` and ``true`` are what they say.
    """

    kind: str
    location: Location
    document: _Text = field(repr=False)
    start: int = 0
    end: int = 0
    value: str = ""
    plain: bool = False
    children: list[Node] = field(default_factory=list, repr=False)

    @property
    def is_null(self) -> bool:
        """Whether it says nothing."""
        return self.kind == "scalar" and self.plain and self.value in _NULLS

    @property
    def text(self) -> str:
        """The text of a scalar; empty for null and for everything else."""
        return "" if self.kind != "scalar" or self.is_null else self.value

    @property
    def truth(self) -> bool | None:
        """The value of a boolean; None for everything else."""
        word = self.value.lower() if self.kind == "scalar" and self.plain else ""
        return True if word in _TRUE else False if word in _FALSE else None

    @property
    def verbatim(self) -> str:
        """The node as it is written."""
        return self.document.text[self.start : self.end].rstrip()

    @property
    def items(self) -> list[Node]:
        """The items of a sequence; of a single value, that alone, as dbt takes it."""
        if self.kind != "sequence":
            return [] if self.is_null else [self]
        self.document.spend(len(self.children), self.location)
        return self.children

    @property
    def fields(self) -> Mapping[str, Node]:
        """The values of a mapping by key, merges included; of two equal keys the later one counts."""
        found = self._fields
        self.document.spend(1, self.location)
        return found

    @cached_property
    def _fields(self) -> Mapping[str, Node]:
        self.__dict__["_fields"] = {}  # a mapping that merges itself adds nothing to itself
        if self.kind != "mapping":
            return {}
        pairs = list(zip(self.children[::2], self.children[1::2], strict=False))
        self.document.spend(len(pairs), self.location)
        merged: dict[str, Node] = {}
        for key, value in pairs:
            if key.value == _MERGE and key.plain:
                for each in reversed(value.items):
                    self.document.spend(len(each.fields), self.location)
                    merged |= each.fields
        return merged | {key.value: value for key, value in pairs if not (key.value == _MERGE and key.plain)}

    def get(self, *path: str) -> Node:
        """Return the value at the end of a path of keys; a null where there is none."""
        found: Node | None = self
        for key in path:
            found = found.fields.get(key) if found else None
        return found or Node("scalar", self.location, self.document, plain=True)


def parsed(document: Document) -> Node:
    """Return the tree of a document; a null for an empty one.

    Raises:
        SyntaxProblem: It is no YAML, holds more than one document, or is nested absurdly deep.
    """
    import yaml

    text = document.text.removeprefix("\ufeff")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Building(_Text(document.source, text)).tree(yaml.parse(_readable(text), Loader=loader))
    except yaml.YAMLError as error:
        raise _broken(document, error) from None


_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _readable(text: str) -> str:
    """Return the text where libyaml can take it; it does not say where it stumbles over a control character."""
    import yaml

    found = _UNREADABLE.search(text)
    if not found:
        return text
    line, column = text.count("\n", 0, found.start()), found.start() - text.rfind("\n", 0, found.start()) - 1
    mark = yaml.Mark("", found.start(), line, column, None, 0)
    raise yaml.MarkedYAMLError(problem=f"the character {found[0]!r} is not allowed", problem_mark=mark)


def _broken(document: Document, error: Exception) -> SyntaxProblem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Location(document.source, mark.line + 1, mark.column + 1) if mark else Location(document.source)
    problem = getattr(error, "problem", None) or getattr(error, "context", None) or "it cannot be parsed"
    return SyntaxProblem(f"{document.source!r} is not YAML.", where=str(place), why=f"{problem}.")


class _Building:
    """A tree in the making."""

    def __init__(self, text: _Text) -> None:
        self._text = text
        self._anchors: dict[str, Node] = {}
        self._open: list[Node] = []
        self._roots: list[Node] = []

    def tree(self, events: Any) -> Node:
        """Return the root of the tree that the events build."""
        for event in events:
            handle = getattr(self, f"_{type(event).__name__}", None)
            if handle:
                handle(event)
        nothing = Node("scalar", Location(self._text.source, 1, 1), self._text, plain=True)
        return self._roots[0] if self._roots else nothing

    def _place(self, node: Node, event: Any) -> None:
        if event.anchor:
            self._anchors[event.anchor] = node
        self._add(node, event)

    def _add(self, node: Node, event: Any) -> None:
        siblings = self._open[-1].children if self._open else self._roots
        siblings.append(node)
        if len(self._roots) > 1:
            self._refuse(event, "it holds more than one document")

    def _opened(self, kind: str, event: Any) -> Node:
        mark = event.start_mark
        place = Location(self._text.source, mark.line + 1, mark.column + 1)
        return Node(kind, place, self._text, mark.index, event.end_mark.index)

    def _ScalarEvent(self, event: Any) -> None:  # noqa: N802  (named after PyYAML's events)
        node = self._opened("scalar", event)
        node.value, node.plain = event.value, bool(event.implicit[0])
        self._place(node, event)

    def _SequenceStartEvent(self, event: Any) -> None:  # noqa: N802
        self._start(self._opened("sequence", event), event)

    def _MappingStartEvent(self, event: Any) -> None:  # noqa: N802
        self._start(self._opened("mapping", event), event)

    def _start(self, node: Node, event: Any) -> None:
        self._place(node, event)
        self._open.append(node)
        if len(self._open) > _DEEPEST:
            self._refuse(event, f"it is nested more than {_DEEPEST} deep")

    def _SequenceEndEvent(self, event: Any) -> None:  # noqa: N802
        self._open.pop().end = event.end_mark.index

    _MappingEndEvent = _SequenceEndEvent

    def _AliasEvent(self, event: Any) -> None:  # noqa: N802
        if event.anchor not in self._anchors:
            self._refuse(event, f"nothing is called &{event.anchor}")
        self._add(self._anchors[event.anchor], event)

    def _refuse(self, event: Any, problem: str) -> None:
        import yaml

        raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
