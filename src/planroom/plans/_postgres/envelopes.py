"""The documents within what a client hands over, and whether each is one that PostgreSQL can have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.plans._postgres.document import plan_of_documents
from planroom.plans._postgres.keys import FLAGS, LISTS, NUMBERS, TYPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.plans.plan import Plan

__all__ = ["plan_of_value"]

_OBJECTS = frozenset(
    "Full-sort Groups|Pre-sorted Groups|Sort Space Memory|Sort Space Disk|JIT|Settings|Planning|Serialization|Options|"
    "Timing".split("|")
)
_LISTS_OF_OBJECTS = frozenset({"Plans", "Workers", "Target Tables", "Grouping Sets", "Triggers"})
# Their values are yes or no, or one number where newer versions have a group, or text that an extension chose.
_UNJUDGED = frozenset({"Inlining", "Optimization", "Generation", "Total", "Time"})
_FIX = "paste the output of EXPLAIN (FORMAT JSON) ... as the server wrote it."


def plan_of_value(value: Any, *, kind: str, duration_ms: float | None = None, source: str = "") -> Plan:
    """Return the plan that a value read from JSON, YAML or XML holds.

    Args:
        value: The list that the server writes, one of its objects, or a bare plan node.
        kind: What it was read from, for messages.
        duration_ms: The run as a log tells it, where the document does not.
        source: Where the text is from, for messages.

    Raises:
        SyntaxProblem: It is no plan, or a value in it is of the wrong kind.
    """
    documents = [_document(each) for each in _listed(value)]
    found = [each for each in documents if each is not None]
    if not found or len(found) < len(documents):
        raise _no_plan(documents, kind, source)
    for each in found:
        _check(each, source)
    if duration_ms is not None:
        found[-1] = {"Execution Time": duration_ms, **found[-1]}
    try:
        return plan_of_documents(found, source=source)
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # what is nested deeper is not looked at before
        raise SyntaxProblem(
            "This plan has a value that PostgreSQL would not write.", where=source, why=f"{error}.", fix=_FIX
        ) from None


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return value[0]
    return value if isinstance(value, list) else [value]


def _document(value: Any) -> dict[str, Any] | None:
    """Return the object that holds a plan; a driver may put it below the column's name ``QUERY PLAN``."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("QUERY PLAN"), list | dict):
        inner = value["QUERY PLAN"]
        return _document(inner[0] if isinstance(inner, list) and inner else inner)
    if isinstance(value.get("Plan"), dict):
        return value
    return {"Plan": value} if "Node Type" in value else None


def _no_plan(documents: list[dict[str, Any] | None], kind: str, source: str) -> SyntaxProblem:
    empty = "it is an empty list: a rule turned the statement into nothing."
    return SyntaxProblem(
        f"This {kind} holds no plan of PostgreSQL.",
        where=source,
        why=empty if not documents else 'no object in it has a plan node with a "Node Type".',
        fix=_FIX,
    )


def _check(document: Mapping[str, Any], source: str) -> None:
    """Look at every object once; objects of one shape, which a large plan is full of, are judged once.

    Raises:
        SyntaxProblem: A value is of the wrong kind; the message says where.
    """
    judged: dict[tuple[str, ...], tuple[list[str], list[list[type]]]] = {}
    waiting: list[tuple[Any, _Path]] = [(document, ("the document", -1, None)), (document["Plan"], ("Plan", -1, None))]
    while waiting:
        raw, path = waiting.pop()
        if not isinstance(raw, dict):
            raise _wrong(path, "an object", raw, source)
        keys = tuple(raw)
        known = judged.get(keys)
        if known is None:
            known = judged[keys] = [key for key in raw if key in _NESTING], []
        nested, shapes = known
        types = list(map(type, raw.values()))
        if types not in shapes:
            _judge(path, raw, source)
            shapes.append(types)
        for key in nested:
            value = raw[key]
            if key in _OBJECTS:
                waiting.append((value, (key, -1, path)))
            elif isinstance(value, list):
                waiting.extend([(each, (key, at, path)) for at, each in enumerate(value)])


_NESTING = _OBJECTS | _LISTS_OF_OBJECTS
_Path = tuple[str, int, Any]
"""A key, a place in its list or -1, and the path above; put into words only when there is something to say."""


def _words(path: _Path) -> str:
    """Return the path from the top, the first ten and last ten steps of a long one."""
    steps: list[str] = []
    place: _Path | None = path
    while place is not None:
        steps.append(place[0] + (f"[{place[1]}]" if place[1] >= 0 else ""))
        place = place[2]
    steps.reverse()
    return " > ".join(steps if len(steps) <= 20 else [*steps[:10], "...", *steps[-10:]])


def _judge(path: _Path, raw: Mapping[str, Any], source: str) -> None:
    if _is_node(path):
        if "Node Type" not in raw:
            raise SyntaxProblem(
                "A node of this plan has no type.",
                where=_where(path, source),
                why=f'it has no "Node Type", but {", ".join(map(repr, list(raw)[:5])) or "nothing"}.',
                fix=_FIX,
            )
        if not isinstance(raw["Node Type"], str):
            raise _wrong(("Node Type", -1, path), "a text", raw["Node Type"], source)
    for key, value in raw.items():
        wanted = _wanted(key, value)
        if wanted:
            raise _wrong((key, -1, path), wanted, value, source)


def _is_node(path: _Path) -> bool:
    return path[0] in {"Plan", "Plans"}


def _wanted(key: str, value: Any) -> str:
    """Return what a key's value should be, in words; empty when it is."""
    if key in _UNJUDGED:
        return ""
    if key in NUMBERS:
        fits, wanted = isinstance(value, int | float) and not isinstance(value, bool), "a number"
    elif key in FLAGS:
        fits, wanted = isinstance(value, bool), "true or false"
    elif key in _LISTS_OF_OBJECTS or key in LISTS:
        fits, wanted = isinstance(value, list), "a list"
    elif key in _OBJECTS:
        fits, wanted = isinstance(value, dict), "an object"
    elif key in _TEXTS:
        fits, wanted = isinstance(value, str), "a text"
    else:
        return ""
    return "" if fits else wanted


# What is neither a number nor a list nor an object is a text.
_TEXTS = TYPED - NUMBERS - FLAGS - LISTS - _OBJECTS - _LISTS_OF_OBJECTS


def _where(path: _Path, source: str) -> str:
    return f"{source}: {_words(path)}" if source else _words(path)


def _wrong(path: _Path, wanted: str, value: Any, source: str) -> SyntaxProblem:
    shown = repr(value)
    return SyntaxProblem(
        "This plan has a value that PostgreSQL would not write.",
        where=_where(path, source),
        why=f"{wanted} belongs there, not {shown if len(shown) < 60 else shown[:57] + '...'}.",
        fix=_FIX,
    )
