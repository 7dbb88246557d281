"""Wide rows carried through sorts and hash tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_bytes, format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["WideRows"]

_WIDTH = 2000
_ROWS = 10_000.0


class WideRows(NodeRule):
    """Wide rows are sorted, hashed or kept, with columns that are only passed on.

    What is sorted or hashed is copied whole. Leave out columns that are not needed, or fetch the wide ones by key
    once the few rows are known.
    """

    code = "PLN030"
    fix = "Select fewer columns, or fetch the wide ones by key at the end."
    source = "https://www.postgresql.org/docs/current/using-explain.html"
    operators = frozenset({"Sort", "Hash", "Materialize", "Gather", "Gather Merge"})
    bad = (
        Example("SELECT * FROM wide ORDER BY a", before="CREATE TABLE wide (id int, a text, b text); "
                "ALTER TABLE wide ALTER a SET STORAGE PLAIN, ALTER b SET STORAGE PLAIN; "
                "INSERT INTO wide SELECT i, repeat('a', 1100), repeat('b', 1100) FROM generate_series(1, 12000) AS i; "
                "ANALYZE wide;"),
    )  # fmt: skip
    good = (Example("SELECT * FROM orders ORDER BY total"),)

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the node when it handles many wide rows."""
        rows = node.estimated_rows if node.rows is None else node.rows
        if (node.width_bytes or 0) < _WIDTH or (rows or 0.0) < _ROWS:
            return None
        return Hit(node, survey.load(node))

    def tell(self, group: Group) -> Told:
        """Name the rows, their width, and the size of all."""
        node = group.node
        rows, width = group.survey.rows_of(node), node.width_bytes or 0
        each, whole = format_bytes(width), format_bytes(rows * width)
        message = f"{node.title} handles {format_count(rows)} rows of {each}, {whole} in all"
        target = next((each.target for each in node.walk() if each.target), "")
        return Told(message, facts={"rows": round(rows), "width_bytes": width}, subject=target)
