"""What an entity-relationship picture says of itself in words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.diagrams.views._er_scene import Scene
    from planroom.model import ObjectId

__all__ = ["caption", "counted", "counts", "joined", "short_count", "summary"]


def counts(scene: Scene) -> str:
    """Return how many tables, relations and views there are."""
    declared = sum(relation.declared for relation in scene.relations)
    parts = [counted(len(scene.tables), "table"), counted(declared, "relation")]
    parts += [f"{len(scene.relations) - declared} inferred"] if declared < len(scene.relations) else []
    parts += [counted(len(scene.views), "view")] if scene.views else []
    return " · ".join(parts) if scene.tables or scene.views else ""


def summary(scene: Scene) -> str:
    """Return the picture in one line, with the table that most relations lead to or from."""
    if not scene.tables and not scene.views:
        return "ER diagram: nothing to draw"
    degree: dict[ObjectId, int] = defaultdict(int)
    for relation in scene.relations:
        degree[scene.root[relation.child]] += 1
        degree[scene.root[relation.parent]] += 1
    hub = min(degree, key=lambda table: (-degree[table], table), default="")
    words = counts(scene).replace(" · ", ", ")
    name = scene.model.tables_by_id[hub].name if hub else ""
    return f"ER diagram: {words}" + (f"; hub: {name}" if name else "")


def caption(scene: Scene, focus: Sequence[str], hops: int) -> str:
    """Return what the picture leaves out, or why it is empty."""
    if not scene.tables and not scene.views:
        return "There are no tables to draw." if not scene.model.tables else "Nothing that was chosen has a table."
    parts = []
    if focus:
        whole = sum(root == table for table, root in scene.root.items())
        reach = "and what they relate to" if hops == 1 else f"and what is within {hops} relations"
        parts.append(f"{len(scene.tables)} of {counted(whole, 'table')}: {', '.join(focus)} {reach}.")
    missing = sum(relation.parent not in scene.root for relation in scene.model.relations)
    if missing:
        verb = "leads" if missing == 1 else "lead"
        parts.append(f"{counted(missing, 'relation')} {verb} to tables that are not in the model.")
    return " ".join(parts)


def short_count(number: int) -> str:
    """Return a count that fits a header: three digits and a unit; the tip has the whole number."""
    for size, unit in ((10**12, "tn"), (10**9, "bn"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return str(number)


def counted(number: int, noun: str) -> str:
    """Return a number of things, in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def joined(*parts: str) -> str:
    """Return what there is of some parts, with dashes between."""
    return " — ".join(part for part in parts if part)
