"""Tables read again for each row of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import table_name
from planroom.plans.findings._indexes import rewritten
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count
from planroom.sqltext import Restriction, quote_identifier, restrictions

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["RepeatedScan"]

_PASSES = 100.0
_COST_OF_PROBE = 8.0  # an index descent and one page of the table, as the planner reckons it
_KEPT = frozenset({"Materialize", "Memoize"})


class RepeatedScan(NodeRule):
    """A nested loop reads a whole table for each row of its outer side, to find the few that match.

    An index on the inner table's join column turns each reading into a look-up; where both sides are large, a hash join
    reads each of them once, if the condition holds an equality.
    """

    code = "PLN015"
    fix = "Make an index on the inner table's join column."
    source = "https://www.postgresql.org/docs/current/planner-optimizer.html"
    operators = frozenset({"Nested Loop"})
    bad = (
        Example(
            "SELECT count(*) FROM customers c JOIN customers k ON k.place = c.region WHERE c.id < 150",
            settings=("enable_hashjoin = off", "enable_mergejoin = off", "enable_material = off"),
        ),
        Example(
            "SELECT count(*) FROM customers c JOIN customers k ON k.place = c.region WHERE c.id < 150",
            analyze=True,
            settings=("enable_hashjoin = off", "enable_mergejoin = off", "enable_material = off"),
        ),
    )
    good = (
        Example("SELECT count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 500"),
        Example(
            "SELECT count(*) FROM orders o JOIN customers c ON o.customer_id = c.id WHERE o.id < 500",
            analyze=True,
            settings=("enable_hashjoin = off", "enable_mergejoin = off"),
        ),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the loop when its inner side is a table, read many times for a condition."""
        inner = _table_read(node)
        if inner is None or survey.passes(node.children[1]) < _PASSES:
            return None
        if not node.condition("Join Filter") and not _depends(inner):
            return None
        load = survey.below(node.children[1]).plus(survey.load(node))
        saved = 1.0 - survey.passes(node.children[1]) * _COST_OF_PROBE / max(load.size, 1.0)
        return Hit(node, load.times(saved)) if saved >= 0.5 else None

    def tell(self, group: Group) -> Told:
        """Name the table, how often it is read, and the index."""
        node = group.node
        inner = _table_read(node) or node
        passes = group.survey.passes(node.children[1])
        parts = _parts(node, inner, group.survey.dialect)
        keys = _keys(parts)
        ddl = f"CREATE INDEX CONCURRENTLY ON {table_name(inner)} ({', '.join(keys)});" if keys else ""
        condition = node.condition("Join Filter") or inner.condition("Filter")
        verb = "was" if group.survey.analyzed else "is to be"
        message = (
            f"{inner.target} {verb} read {format_count(passes)} times, once a row of the other side, for {condition}"
        )
        casts = [words for part in parts if (words := rewritten(part, group.survey.table(inner)))]
        fix = "" if keys else "Put an equality into the join condition, so that the tables can be hashed."
        if casts and not keys:
            fix = f"{casts[0][0].upper()}{casts[0][1:]}."
        return Told(message, fix, ddl, {"passes": round(passes), "keys": keys}, inner.target)


def _table_read(join: PlanNode) -> PlanNode | None:
    """Return the table that a nested loop reads whole on its inner side, be it from memory."""
    inner = join.children[1] if len(join.children) > 1 else None
    while inner is not None and inner.operator in _KEPT:
        inner = inner.children[0] if inner.children else None
    return inner if inner is not None and inner.operator == "Seq Scan" and inner.relation else None


def _depends(inner: PlanNode) -> bool:
    """Whether a scan's filter compares its own columns with another table's."""
    text = inner.condition("Filter")
    return bool(text) and any(part.against for part in restrictions(text) if part.against_qualifier != part.qualifier)


def _parts(join: PlanNode, inner: PlanNode, dialect: str) -> list[Restriction]:
    """Return what the join asks of the columns of the inner table."""
    texts = filter(None, (join.condition("Join Filter"), inner.condition("Filter")))
    return [seen for text in texts for part in restrictions(text, dialect) if (seen := part.seen_from(inner.alias))]


def _keys(parts: list[Restriction]) -> tuple[str, ...]:
    equal = [part.column for part in parts if part.form == "equality" and part.bare]
    ranges = [part.column for part in parts if part.form == "range" and part.bare][:1]
    return tuple(map(quote_identifier, dict.fromkeys([*equal, *ranges])))
