"""Estimates that are far from what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import statistics_on, statistics_on_groups
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.plans.operators import Kind
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Load, Survey
    from planroom.plans.node import PlanNode

__all__ = ["RowMisestimate"]

_FACTOR = 10.0  # from here on planners choose other joins; most tools warn from there
_ROWS = 500.0  # rows too many or too few, all executions together: fewer change no plan
_OF_OTHERS = 0.5
_CUTS_SHORT = frozenset({"Limit", "Merge Join", "LIMIT", "STREAMING_LIMIT"})
_READS_ALL = frozenset({Kind.SORT, Kind.AGGREGATE, Kind.MODIFY})
_GUESSES_OF_OTHERS = frozenset({"Semi", "Anti"})
_CORRELATED = (
    "SELECT sum(seconds) FROM orders o JOIN visits v ON v.page = o.customer_id % 500 "
    "WHERE shelf = 7 AND aisle = 0 AND hall = 0"
)


class RowMisestimate(NodeRule):
    """The planner expected a very different number of rows, and chose all that follows for it.

    Told is the node where it begins: what stands above it only repeats the mistake. What is at stake is everything
    above that node, since it was chosen for other numbers. Nodes that were stopped early, by a LIMIT say, gave fewer
    rows for that reason and are left out.

    By default PostgreSQL multiplies the selectivities of conditions, as if no column had to do with another.
    """

    code = "PLN001"
    fix = "ANALYZE the table; for columns that go together, CREATE STATISTICS."
    source = "https://www.postgresql.org/docs/current/multivariate-statistics-examples.html"
    engines = frozenset({"postgres", "duckdb"})
    operators = frozenset(
        "Seq Scan|Index Scan|Index Only Scan|Bitmap Heap Scan|Function Scan|Nested Loop|Hash Join|Merge Join|Aggregate|"
        "SEQ_SCAN|HASH_JOIN|HASH_GROUP_BY|PERFECT_HASH_GROUP_BY|FILTER".split("|")
    )
    needs = "rows"
    bad = (
        Example(_CORRELATED, analyze=True),
        Example("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE shelf % 1 = 0",
                analyze=True),
        Example("SELECT count(*) FROM orders a JOIN orders b ON a.placed_on = b.placed_on AND a.shelf = b.shelf",
                analyze=True, engine="duckdb"),
    )  # fmt: skip
    good = (
        Example(
            _CORRELATED,
            analyze=True,
            before="CREATE STATISTICS s (dependencies, mcv) ON shelf, aisle, hall FROM orders; ANALYZE orders;",
        ),
        Example("SELECT * FROM orders ORDER BY placed_on LIMIT 5", analyze=True),
        Example("SELECT count(*) FROM orders WHERE shelf = 5", analyze=True, engine="duckdb"),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the node when the mistake begins here."""
        if survey.q_error(node) < _FACTOR or (node.kind is Kind.SCAN and not node.conditions and node.relation):
            return None
        rows, expected = survey.compared(node)
        if abs(rows - expected) * (node.loops or 1.0) < _ROWS:
            return None
        if survey.misses_below(node, _FACTOR) or _was_cut_short(node, survey):
            return None
        return Hit(node, _at_stake(node, survey))

    def tell(self, group: Group) -> Told:
        """Name both numbers and what would teach the planner better."""
        node = group.node
        rows, expected = group.survey.compared(node)
        error = group.survey.q_error(node)
        repeated = (node.loops or 1.0) > 1 and not group.survey.is_shared(node)
        each = f" in each of {format_count(node.loops or 1)} executions" if repeated else ""
        message = (
            f"{node} gave {format_count(rows)} rows{each}, and {format_count(expected)} were expected: "
            f"{_round(error)} times too {'few' if rows > expected else 'many'}"
        )
        fix, ddl = _teach(node, group.survey)
        return Told(
            message, fix, ddl, {"rows": round(rows, 2), "expected": round(expected, 2), "factor": _round(error)}
        )


def _round(factor: float) -> int:
    """Return a factor to two digits: more would only change from run to run."""
    digits = max(0, len(str(round(factor))) - 2)
    unit: int = 10**digits
    return round(factor / unit) * unit


def _was_cut_short(node: PlanNode, survey: Survey) -> bool:
    """Whether a node above may have stopped asking, or asked again: then the rows tell nothing of the estimate."""
    if node.condition("Dynamic Filter") and not node.underestimated:
        return True
    below = node
    for above in survey.ancestors(node):
        inner = len(above.children) > 1 and above.children[1] is below
        if above.operator == "Merge Join" or (inner and above.operator == "Nested Loop" and _stops_early(above)):
            return True
        if below.relationship in {"InitPlan", "SubPlan"} and not node.underestimated:
            return True
        if above.operator in _CUTS_SHORT and not node.underestimated:
            return True
        if above.kind in _READS_ALL or above.operator == "Hash":
            return False
        below = above
    return False


def _stops_early(join: PlanNode) -> bool:
    return join.inner_unique or join.join_type in _GUESSES_OF_OTHERS


def _at_stake(node: PlanNode, survey: Survey) -> Load:
    """Return the weight of what was chosen for the number of rows.

    The node itself would cost the same with the right number. A nested loop that was chosen for few rows is what
    mis-estimates are feared for; otherwise half of what follows is taken to be at stake.
    """
    load, repeated = survey.resting_on(node)
    return load if repeated and node.underestimated else load.times(_OF_OTHERS)


def _teach(node: PlanNode, survey: Survey) -> tuple[str, str]:
    if survey.plan.engine == "duckdb":
        return "Keep this step's result in a temporary table: its number of rows is then known.", ""
    if node.operator == "Function Scan":
        return f"Tell how many rows {node.source} gives.", ""
    if node.kind is Kind.AGGREGATE:
        return _teach_groups(node)
    if node.relation:
        return statistics_on(node, survey)
    cond = next((each.text for each in node.conditions if each.label != "Filter"), "")
    return (
        f"ANALYZE the joined tables; keep finer statistics (SET STATISTICS) on the columns of {cond or 'the join'}.",
        "",
    )


def _teach_groups(node: PlanNode) -> tuple[str, str]:
    if node.condition("Filter"):
        return "What HAVING leaves cannot be told before: keep the groups in a temporary table, and ANALYZE it.", ""
    scans = [each for each in node.walk() if each.relation]
    if scans and len({each.relation for each in scans}) == 1:
        return statistics_on_groups(scans[0], node.group_keys)
    return "ANALYZE; where that does not help, set n_distinct of the grouped column.", ""
