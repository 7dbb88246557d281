"""The shape of a plan: which operators stand where and what they read, and nothing that changes with the data.

A line a node, two blanks a level, outer side before inner::

    Hash Join
      Seq Scan on orders
      Hash
        CTE recent: Index Scan using customers_pkey on customers

Left out are numbers, conditions and literals, names that the engine made up (``orders_1``, ``SubPlan 2``), and the
schemas ``public`` and ``main``. An alias stands only where a relation is read more than once. Partitions that are read
in the same way are one line, so that another month of data is no other plan.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from planroom.plans.operators import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.plans.node import PlanNode
    from planroom.plans.plan import Plan

__all__ = ["EACH_PARTITION", "fingerprint", "made_up", "own_plan", "shape", "shape_lines", "stem_of"]

EACH_PARTITION = "each partition of "
_HIDDEN_SCHEMAS = frozenset({"", "public", "main"})
_PLAIN = re.compile(r"[^\W\d][\w$*]*")
_NUMBERED = re.compile(r"_\d+$")
_MADE_UP = re.compile(r"^(__(?:duckdb|common)\w*?)_\d+$")  # DuckDB numbers what it shares between parts of a plan
_TEMPORARY = re.compile(r"^(pg_(?:toast_)?temp)_\d+$")
_OWN_PLANS = frozenset({"InitPlan", "SubPlan"})
_JOIN_WORDS = re.compile(r" (?:Left|Right|Full|Semi|Anti|Right Semi|Right Anti) Join$")


def shape(plan: Plan) -> str:
    """Return the shape of a plan as text; two plans of one engine with the same text do the same work in the same way.

    Example:
        >>> from planroom.plans import plan_of
        >>> text = '[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders", "Plan Rows": 7}}]'
        >>> shape(plan_of(text))
        'Seq Scan on orders'
    """
    return "\n".join(shape_lines(plan))


def fingerprint(plan: Plan, *, schemas: bool = True) -> str:
    """Return a hash of the shape, 12 hexadecimal digits: equal for equal shapes, whatever the data.

    Args:
        plan: The plan.
        schemas: Whether the tables' schemas count; plans that were asked for without VERBOSE do not tell them.
    """
    text = "\n".join(shape_lines(plan, schemas=schemas))
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:12]


def shape_lines(plan: Plan, *, schemas: bool = True) -> tuple[str, ...]:
    """Return the lines of a shape; see `shape`."""
    nodes = plan.nodes
    depths, ends = _depths(nodes), _ends(nodes)
    partitions = _partitions(nodes, ends)
    times = Counter(node.relation for node in nodes if node.number not in partitions)
    repeated = {name for name, number in times.items() if number > 1 and name}
    texts = [
        _line(node, schemas=schemas, repeated=node.relation in repeated, partition=node.number in partitions)
        for node in nodes
    ]
    left_out = _repetitions(nodes, ends, depths, texts, partitions)
    return tuple("  " * depths[at] + texts[at] for at in range(len(nodes)) if at not in left_out)


def own_plan(node: PlanNode) -> bool:
    """Whether a node is the top of a plan of its own inside the tree: an InitPlan, a SubPlan, a CTE."""
    return node.relationship in _OWN_PLANS


def made_up(node: PlanNode) -> str:
    """Return what an engine calls a store that it made up itself, without its number; empty for all that is named."""
    found = _MADE_UP.match(node.source or node.relation)
    return found[1] if found else ""


def stem_of(node: PlanNode) -> str:
    """Return what a partition is a partition of, as far as the engine tells: its alias without the number."""
    stem = _NUMBERED.sub("", node.alias)
    return stem if stem not in {node.alias, node.relation} and node.relation else ""


def _depths(nodes: Sequence[PlanNode]) -> list[int]:
    depths = [0] * len(nodes)
    for node in nodes:
        for child in node.children:
            depths[child.number - 1] = depths[node.number - 1] + 1
    return depths


def _ends(nodes: Sequence[PlanNode]) -> list[int]:
    """Return for each node where the nodes below it end in the order from the top down."""
    ends = [0] * len(nodes)
    for node in reversed(nodes):
        ends[node.number - 1] = ends[node.children[-1].number - 1] if node.children else node.number
    return ends


# -- a line ------------------------------------------------------------------------------------------------------------


def _line(node: PlanNode, *, schemas: bool, repeated: bool, partition: bool) -> str:
    using, on = _using(node, partition=partition), _on(node, schemas=schemas, partition=partition)
    return f"{_label(node)}{_title(node)}{using}{on}{_alias(node) if repeated and not partition else ''}"


def _label(node: PlanNode) -> str:
    if not own_plan(node):
        return ""
    return f"CTE {_quoted(node.subplan[4:])}: " if node.subplan.startswith("CTE ") else f"{node.relationship}: "


def _title(node: PlanNode) -> str:
    title = node.title
    if node.kind is Kind.JOIN and node.join_type not in {"", "Inner"} and not _JOIN_WORDS.search(title):
        return f"{title} ({node.join_type})"
    return title


def _using(node: PlanNode, *, partition: bool) -> str:
    if not node.index or node.operator == "Bitmap Index Scan":
        return ""
    return f" using {_quoted(_general(node.index, node.relation) if partition else node.index)}"


def _general(index: str, relation: str) -> str:
    """Return an index's name without its partition's: PostgreSQL names it after the partition."""
    return f"*{index[len(relation) :]}" if index.startswith(relation) else index


def _on(node: PlanNode, *, schemas: bool, partition: bool) -> str:
    if partition and node.relation:
        return f" on {EACH_PARTITION}{_quoted(stem_of(node))}"
    if node.operator == "Bitmap Index Scan":
        return f" on {_quoted('*' if partition else node.index)}"
    if stem := made_up(node):
        return f" on {_quoted(stem)}"
    if node.relation.startswith(EACH_PARTITION):  # read again from a shape
        return f" on {EACH_PARTITION}{_quoted(node.relation.removeprefix(EACH_PARTITION))}"
    if node.relation:
        schema = _TEMPORARY.sub(r"\1", node.schema)
        qualified = schemas and schema not in _HIDDEN_SCHEMAS
        return f" on {_quoted(schema)}.{_quoted(node.relation)}" if qualified else f" on {_quoted(node.relation)}"
    names = node.targets or ((node.source,) if node.source else ())
    return f" on {', '.join(map(_quoted, names))}" if names else ""


def _alias(node: PlanNode) -> str:
    stem = _NUMBERED.sub("", node.alias)
    return f" as {_quoted(stem)}" if stem not in {"", node.relation} else ""


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else json.dumps(name)


# -- partitions --------------------------------------------------------------------------------------------------------


def _partitions(nodes: Sequence[PlanNode], ends: Sequence[int]) -> set[int]:
    """Return the numbers of the nodes below an Append that reads partitions."""
    found: set[int] = set()
    for node in nodes:
        members = [child for child in node.children if child.relationship == "Member"]
        if len(members) > 1 and node.number not in found:
            for member in members:
                below = nodes[member.number - 1 : ends[member.number - 1]]
                if all(stem_of(each) for each in below if each.relation) and any(each.relation for each in below):
                    found.update(each.number for each in below)
    return found


def _repetitions(
    nodes: Sequence[PlanNode], ends: Sequence[int], depths: Sequence[int], texts: Sequence[str], partitions: set[int]
) -> set[int]:
    """Return the places of the nodes that read a partition in a way that was shown before."""
    left_out: set[int] = set()
    for node in nodes:
        seen: set[tuple[tuple[int, str], ...]] = set()
        for child in node.children:
            if child.relationship == "Member" and child.number in partitions:
                places = range(child.number - 1, ends[child.number - 1])
                form = tuple(_forms(places, depths, texts))
                left_out.update(places if form in seen else ())
                seen.add(form)
    return left_out


def _forms(places: range, depths: Sequence[int], texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    return ((depths[at] - depths[places.start], texts[at]) for at in places)
