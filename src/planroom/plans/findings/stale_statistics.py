"""Tables whose statistics tell of another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import table_name
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.plans.operators import Kind
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["StaleStatistics"]

_FACTOR = 2.0  # a table that has grown or shrunk by so much is another table to the planner
_ROWS = 1000.0
_STOPPERS = frozenset({Kind.LIMIT, Kind.JOIN})


class StaleStatistics(NodeRule):
    """The planner's count of a table's rows is out of date, and with it every estimate that rests on the table.

    A scan without a condition is expected to give what ANALYZE counted, scaled by the pages that the table has today.
    Where it gives something else, ANALYZE has not run since the rows were written, or never.
    """

    code = "PLN002"
    fix = "ANALYZE the table; after bulk loads do so in the same script."
    source = "https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS"
    operators = frozenset({"Seq Scan"})
    needs = "rows"
    bad = (
        Example("SELECT kind, count(*) FROM fresh GROUP BY kind", analyze=True,
                before="INSERT INTO fresh SELECT i, i % 50 FROM generate_series(1, 100000) AS i; ANALYZE fresh; "
                "DELETE FROM fresh WHERE id > 20000; "),
    )  # fmt: skip
    good = (
        Example("SELECT kind, count(*) FROM fresh GROUP BY kind", analyze=True,
                before="INSERT INTO fresh SELECT i, i % 50 FROM generate_series(1, 100000) AS i; ANALYZE fresh;"),
        Example("SELECT * FROM visits LIMIT 10", analyze=True),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when it gave all rows of its table, and not as many as were expected."""
        if node.conditions or not node.relation or survey.q_error(node) < _FACTOR:
            return None
        rows, known = survey.compared(node)
        if abs(rows - known) < _ROWS:
            return None
        if rows < known and any(each.kind in _STOPPERS for each in survey.ancestors(node)):
            return None
        return Hit(node, survey.resting_on(node)[0].plus(survey.load(node)))

    def tell(self, group: Group) -> Told:
        """Name both counts."""
        node = group.node
        rows, known = group.survey.compared(node)
        name = table_name(node)
        message = f"{node.target} has {format_count(rows)} rows, and the planner knows of {format_count(known)}"
        return Told(message, f"ANALYZE {name}.", f"ANALYZE {name};", {"rows": round(rows), "known": round(known)})
