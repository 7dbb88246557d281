"""A comparison as Markdown for a pull request: the verdict and what moved in sight, the tree as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.markup import fence, prose
from planroom.plans.comparing.changes import State
from planroom.plans.comparing.text import headline, tree_lines

if TYPE_CHECKING:
    from planroom.plans.comparing.comparison import PlanComparison
    from planroom.plans.comparing.merged import Merged

__all__ = ["diff_fence", "markdown"]

_ROOM = 20_000  # characters of the tree: several comparisons fit into one comment of 65,536


def markdown(comparison: PlanComparison) -> str:
    """Return the verdict, the numbers, what moved, and the tree."""
    facts = [*map(str, comparison.measures), *(f"differs: {each}" for each in comparison.circumstances)]
    parts = [f"**{prose(headline(comparison))}**", "\n".join(f"- {prose(each)}" for each in facts)]
    if comparison.sentences:
        parts.append("\n".join(f"- {prose(each)}" for each in comparison.sentences))
    parts.append(diff_fence(comparison.merged))
    return "\n\n".join(part for part in parts if part) + "\n"


def diff_fence(merged: Merged) -> str:
    """Return the tree in a fence that GitHub colours: a changed node is a line less and a line more."""
    lines, room = [], _ROOM
    for line in tree_lines(merged, removed="-"):
        told = _as_diff(line)
        room -= sum(map(len, told))
        if room < 0:
            lines.append("  ...")
            break
        lines += told
    return fence("\n".join(lines), "diff")


def _as_diff(line: str) -> list[str]:
    """Return a changed line, ``~ x (was y)``, as the two lines of a diff."""
    if not line.startswith(State.CHANGED.glyph):
        return [line]
    now, was, before = line.removesuffix(")").rpartition(" (was ")
    indent = " " * (len(now) - len(now[1:].lstrip()) - 1)
    return [f"-{indent}{before}", f"+{now[1:]}"] if was else [f"!{line[1:]}"]
