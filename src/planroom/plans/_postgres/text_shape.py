"""What a node's place in the text says: its relation to its parent, and whether anything is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

__all__ = ["complete", "cut_off", "relate"]

MANY = 1 << 30
_MEMBERS = frozenset({"Append", "Merge Append", "BitmapAnd", "BitmapOr"})
# How many nodes feed a node, sub-plans not counted; one that is not here is not judged.
_ARITY = {
    **dict.fromkeys(("Nested Loop", "Hash Join", "Merge Join", "Recursive Union"), (2, 2)),
    **dict.fromkeys(
        ("Sort", "Incremental Sort", "Hash", "Aggregate", "Group", "Unique", "Limit", "LockRows", "Gather",
         "Gather Merge", "Materialize", "Memoize", "WindowAgg", "Subquery Scan", "Bitmap Heap Scan", "ProjectSet"),
        (1, 1),
    ),
    "SetOp": (1, 2),
    "ModifyTable": (1, MANY),
    **dict.fromkeys(("BitmapAnd", "BitmapOr"), (2, MANY)),
    "Result": (0, 1),
    **dict.fromkeys(
        ("Seq Scan", "Sample Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan", "Tid Scan", "Tid Range Scan",
         "Function Scan", "Table Function Scan", "Values Scan", "CTE Scan", "Named Tuplestore Scan", "WorkTable Scan"),
        (0, 0),
    ),
}  # fmt: skip
# Counts of thrown-away rows are left out of the text when they are zero: key, and what must be there for it.
_REMOVED = {
    "Rows Removed by Filter": ("Filter",),
    "Rows Removed by Join Filter": ("Join Filter",),
    "Rows Removed by Conflict Filter": ("Conflict Filter",),
}
_RECHECKED = {"Index Scan": "Index Cond", "Index Only Scan": "Index Cond", "Bitmap Heap Scan": "Recheck Cond"}


def relate(raw: MutableMapping[str, Any], *, line: int, source: str) -> None:
    """Add to a node's children what each is to it, and the counts that the text leaves out because they are zero.

    FORMAT JSON says both; in the text, the relation follows from the order and the node's type.

    Raises:
        SyntaxProblem: The node lacks what every node of its type has, or has more of it.
    """
    fed = [child for child in raw.get("Plans", ()) if "Parent Relationship" not in child]
    least, most = _ARITY.get(raw["Node Type"], (0, MANY))
    if len(fed) < least:
        raise cut_off(line, _lacks(raw["Node Type"], least, len(fed)), source)
    if len(fed) > most:
        raise _flattened(raw["Node Type"], most, len(fed), line, source)
    for child, relation in zip(fed, _relations(raw["Node Type"], len(fed)), strict=True):
        child["Parent Relationship"] = relation


def _relations(node_type: str, count: int) -> Sequence[str]:
    if node_type in _MEMBERS or (node_type == "ModifyTable" and count > 1):  # the latter up to version 13
        return ["Member"] * count
    if node_type == "Subquery Scan":
        return ["Subquery"] * count
    if node_type == "Custom Scan":
        return ["child" if count == 1 else "children"] * count
    return ["Outer", "Inner", *["Member"] * count][:count]


def complete(raw: MutableMapping[str, Any]) -> None:
    """Add the counts that the text leaves out because they are zero, as FORMAT JSON has them."""
    if "Actual Loops" not in raw:
        return
    for key, needs in _REMOVED.items():
        if any(need in raw for need in needs):
            raw.setdefault(key, 0)
    if _RECHECKED.get(raw["Node Type"], " ") in raw:
        raw.setdefault("Rows Removed by Index Recheck", 0)
    if raw.get("Operation") == "Merge":
        for what in ("Inserted", "Updated", "Deleted", "Skipped"):
            raw.setdefault(f"Tuples {what}", 0)


def cut_off(line: int, why: str, source: str) -> SyntaxProblem:
    """Return the error for a text that ends too early."""
    return SyntaxProblem(
        "The plan is cut off.",
        where=f"{source or '<text>'}:{line}",
        why=why,
        fix="copy it again, whole, with its indentation.",
    )


def _lacks(node_type: str, least: int, found: int) -> str:
    nodes = f"{least} node{'s' * (least > 1)}"
    return f"a {node_type} reads from {nodes}, and {found or 'none'} follow{'s' * (found == 1)} here."


def _flattened(node_type: str, most: int, found: int, line: int, source: str) -> SyntaxProblem:
    return SyntaxProblem(
        "The plan has lost its indentation.",
        where=f"{source or '<text>'}:{line}",
        why=f"a {node_type} reads from {most or 'no'} node{'s' * (most != 1)}; here, {found} seem to be below it.",
        fix="copy it again as it was printed, or use EXPLAIN (FORMAT JSON) ....",
    )
