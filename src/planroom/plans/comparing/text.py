"""A comparison as text: the verdict, what moved, and one tree in which each line says what became of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from planroom.display import on_one_line, text_table
from planroom.plans.comparing.changes import State
from planroom.plans.comparing.naming import called

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.plans.comparing.changes import NodeChange
    from planroom.plans.comparing.comparison import PlanComparison
    from planroom.plans.comparing.merged import Merged
    from planroom.plans.node import PlanNode

__all__ = ["headline", "on_each_line", "text", "tree_lines"]

_MOST_ALIKE = 3
_ALL_SHOWN = 60  # lines up to which the unchanged parts stand in full


def text(comparison: PlanComparison) -> str:
    """Return the whole answer; a line a fact, so that it greps well."""
    blocks = [
        [headline(comparison)],
        list(map(str, comparison.measures)),
        _listed(comparison.circumstances, "differs: "),
    ]
    blocks += [_listed(comparison.sentences, "- "), list(tree_lines(comparison.merged)), _table(comparison)]
    return on_each_line("\n\n".join("\n".join(block) for block in blocks if block))


def on_each_line(value: str) -> str:
    """Return a text in which no name can begin a line of its own, or steer a terminal."""
    return "\n".join(map(on_one_line, value.split("\n")))


def headline(comparison: PlanComparison) -> str:
    """Return the one line that answers whether anything changed."""
    return f"{comparison.names[0]} → {comparison.names[1]}: {comparison.verdict}"


def _listed(texts: tuple[str, ...], mark: str) -> list[str]:
    return [f"{mark}{on_one_line(each)}" for each in texts]


def _table(comparison: PlanComparison) -> list[str]:
    if not comparison.across:
        return []
    from planroom.plans.comparing.engines import side_by_side

    table = side_by_side(comparison)
    return text_table(table.header, table.rows, numeric=table.numeric).split("\n") if table.rows else []


def tree_lines(merged: Merged, *, removed: str = State.REMOVED.glyph) -> Iterator[str]:
    """Yield the lines of the merged tree: the sign, then the node at its depth, then what it was.

    In a large tree, what did not change is left out where nothing near it did, and so are leaves that changed as those
    before them; a line says how many.

    Args:
        merged: The tree.
        removed: The sign of a removed node; a ``-`` where a diff is read by programs.
    """
    shown = _shown(merged)
    left_out: Counter[str] = Counter()
    for node in merged.plan.nodes:
        change, depth = merged.changes[node.number], merged.depths[node.number]
        if node.number not in shown:
            left_out["unchanged" if change.state is State.SAME else f"{change.state} alike"] += 1
            continue
        yield from _gaps(left_out, depth)
        joined = f" of {merged.joined[node.number]}" if merged.joined.get(node.number) else ""
        sign = removed if change.state is State.REMOVED else change.state.glyph
        sign = " " if node.number in merged.asides else sign
        yield f"{sign} {'  ' * depth}{on_one_line(_words(change) + joined)}"
    yield from _gaps(left_out, 0)


def _gaps(left_out: Counter[str], depth: int) -> Iterator[str]:
    """Yield what was left out before a line, and forget it."""
    for what, number in left_out.items():
        yield f"  {'  ' * depth}... {number} node{'s' * (number != 1)} {what}"
    left_out.clear()


def _words(change: NodeChange) -> str:
    node = change.node
    own = f"{node.subplan}: " if node.subplan else ""
    words = f"{own}{called(node)}"
    return f"{words} ({change.was})" if change.was else words


def _shown(merged: Merged) -> set[int]:
    """Return the numbers of the nodes to show: all, or those that changed, what is above, and what is right below."""
    nodes = merged.plan.nodes
    if len(nodes) <= _ALL_SHOWN:
        return {node.number for node in nodes}
    parents: Mapping[int, int] = {child: parent.number for child, parent in merged.plan.parents.items()}
    seen: Counter[tuple[object, ...]] = Counter()
    shown = {1}
    for node in nodes:
        change = merged.changes[node.number]
        if change.state is not State.SAME and not _told_before(node, change, parents, seen):
            above: int | None = node.number
            while above is not None and above not in shown:
                shown.add(above)
                above = parents.get(above)
    return shown


def _told_before(
    node: PlanNode, change: NodeChange, parents: Mapping[int, int], seen: Counter[tuple[object, ...]]
) -> bool:
    """Whether some leaves of the same node changed in the same way."""
    if node.children:
        return False
    key = (parents.get(node.number), change.state, node.title, change.old.title if change.old else "")
    seen[key] += 1
    return seen[key] > _MOST_ALIKE
