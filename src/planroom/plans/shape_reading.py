"""A plan again from its shape: the tree without numbers, enough to be held against another."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.plans.node import PlanNode
from planroom.plans.plan import Plan
from planroom.plans.shapes import EACH_PARTITION

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["plan_of_shape"]

_NAME = r'(?:"(?:[^"\\]|\\.)*"|[^\W\d][\w$*]*)'
_LINE = re.compile(
    rf"""(?P<indent>(?:\ \ )*)
    (?:(?:CTE\ (?P<cte>{_NAME})|(?P<own>InitPlan|SubPlan)):\ )?
    (?P<title>\S.*?)
    (?:\ \((?P<join>[A-Z][a-z]+(?:\ [A-Z][a-z]+)?)\))?
    (?:\ using\ (?P<index>{_NAME}))?
    (?:\ on\ (?P<each>{EACH_PARTITION})?(?P<on>{_NAME}(?:(?:\.|,\ ){_NAME})*))?
    (?:\ as\ (?P<alias>{_NAME}))?""",
    re.VERBOSE,
)
_PIECE = re.compile(rf"({_NAME})(\.|, |$)")
_AGGREGATES = {"GroupAggregate": "Sorted", "HashAggregate": "Hashed", "MixedAggregate": "Mixed"}
_JOINS = re.compile(r"(Nested Loop|Hash|Merge) (Left|Right|Full|Semi|Anti|Right Semi|Right Anti) Join")
_CHANGES = frozenset({"Insert", "Update", "Delete", "Merge"})


def plan_of_shape(lines: Sequence[str], *, engine: str, source: str = "") -> Plan:
    """Return the plan that a shape describes; its shape is the same again.

    Args:
        lines: As `planroom.plans.shapes.shape_lines` gives them.
        engine: Which engine's plan it was.
        source: Where they stand, for messages.

    Raises:
        SyntaxProblem: A line is none of a shape's; the message says which.
    """
    drafts: list[tuple[int, dict[str, Any], list[int]]] = []
    path: list[int] = []
    for at, line in enumerate(lines):
        depth, fields = _read(line, at + 1, source)
        if depth > len(path) or (at and not depth):
            raise _unread(line, at + 1, source, f"it stands {depth} levels deep below {len(path)}.")
        del path[depth:]
        if path:
            beside = drafts[path[-1]][2]
            first = all("relationship" in drafts[place][1] and "subplan" in drafts[place][1] for place in beside)
            fields.setdefault("relationship", "Outer" if first else "Inner")
            beside.append(at)
        path.append(at)
        drafts.append((depth, fields, []))
    if not drafts:
        raise SyntaxProblem("A plan without any line is none.", where=source)
    made: list[PlanNode | None] = [None] * len(drafts)
    for at in range(len(drafts) - 1, -1, -1):
        _, fields, below = drafts[at]
        children = tuple(node for place in below if (node := made[place]) is not None)
        made[at] = PlanNode(number=at + 1, children=children, **fields)
    root = made[0]
    assert root is not None  # noqa: S101  (there is a first line)
    return Plan(engine=engine, root=root, source=source)


def _read(line: str, number: int, source: str) -> tuple[int, dict[str, Any]]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _unread(line, number, source, "it does not look like OPERATOR using INDEX on TABLE.")
    fields = _operator(found["title"])
    if found["join"]:
        fields["join_type"] = found["join"]
    if found["cte"] or found["own"]:
        name = f"CTE {_name(found['cte'])}" if found["cte"] else found["own"]
        fields |= {"relationship": found["own"] or "InitPlan", "subplan": name}
    if found["index"]:
        fields["index"] = _name(found["index"])
    fields |= _target(fields["operator"], found["on"] or "", each=bool(found["each"]))
    if found["alias"] or "relation" in fields:
        fields["alias"] = _name(found["alias"]) if found["alias"] else fields["relation"]
    return len(found["indent"]) // 2, fields


def _unread(line: str, number: int, source: str, why: str) -> SyntaxProblem:
    return SyntaxProblem(
        f"This is no line of a plan's shape: {line.strip()[:60]!r}.",
        where=f"{source or '<shape>'}:{number}",
        why=why,
        fix="let `planroom plan accept` write it again.",
    )


def _operator(title: str) -> dict[str, Any]:
    """Return what a title stands for: the operator and what `PlanNode.title` puts around its name."""
    fields: dict[str, Any] = {}
    for word, name in (("Parallel ", "parallel_aware"), ("Async ", "async_capable")):
        if title.startswith(word):
            title, fields[name] = title.removeprefix(word), True
    for mode in ("Partial", "Finalize"):
        if title.startswith(f"{mode} "):
            title, fields["partial_mode"] = title.removeprefix(f"{mode} "), mode
    if join := _JOINS.fullmatch(title):
        return {**fields, "operator": join[1] if join[1] == "Nested Loop" else f"{join[1]} Join", "join_type": join[2]}
    if title in _AGGREGATES:
        return {**fields, "operator": "Aggregate", "strategy": _AGGREGATES[title]}
    if title in _CHANGES:
        return {**fields, "operator": "ModifyTable", "operation": title}
    if title.endswith(" Backward"):
        return {**fields, "operator": title.removesuffix(" Backward"), "scan_direction": "Backward"}
    hashed = title.startswith("HashSetOp ")
    if hashed or title.startswith("SetOp "):
        strategy = {"strategy": "Hashed"} if hashed else {}
        return {**fields, **strategy, "operator": "SetOp", "command": title.partition(" ")[2]}
    return {**fields, "operator": title}


def _target(operator: str, text: str, *, each: bool) -> dict[str, Any]:
    if not text:
        return {}
    pieces = _PIECE.findall(text)
    names = [_name(name) for name, _ in pieces]
    if each:
        return {"relation": f"{EACH_PARTITION}{names[0]}"}
    if operator == "Bitmap Index Scan":
        return {"index": names[0]}
    if any(mark == ", " for _, mark in pieces):
        return {"targets": tuple(names)}
    return {"relation": names[-1], "schema": names[-2] if len(names) > 1 else ""}


def _name(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text
