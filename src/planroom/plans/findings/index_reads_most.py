"""Indexes that lead to most of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["IndexReadsMost"]

_SHARE = 0.5
_ROWS = 10_000.0
_BLOCKS_PER_ROW = 0.5  # nearly every row is on another block than the one before it


class IndexReadsMost(NodeRule):
    """An index leads to most of a table's rows, in an order in which each lies on another block.

    Each block is fetched many times. Reading the table from end to end fetches each once; so does a bitmap.
    """

    code = "PLN006"
    fix = "Look why the index was chosen: a setting, a too low random_page_cost, or an estimate that was too low."
    source = "https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-RANDOM-PAGE-COST"
    operators = frozenset({"Index Scan"})
    needs = "rows"
    bad = (
        Example("SELECT sum(total) FROM orders WHERE customer_id > 2000", analyze=True,
                before="CREATE INDEX ON orders (customer_id)", rows=(("public.orders", 100_000.0),),
                settings=("enable_seqscan = off", "enable_bitmapscan = off", "max_parallel_workers_per_gather = 0")),
    )  # fmt: skip
    good = (
        Example("SELECT sum(total) FROM orders WHERE id > 2000", analyze=True, rows=(("public.orders", 100_000.0),),
                settings=("enable_seqscan = off", "enable_bitmapscan = off", "max_parallel_workers_per_gather = 0")),
        Example("SELECT * FROM orders ORDER BY id LIMIT 10", analyze=True, rows=(("public.orders", 100_000.0),)),
    )  # fmt: skip

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when it fetched more than half of the table, nearly each row from another block."""
        rows = node.rows or 0.0
        if rows < _ROWS or node.self_buffers.touched < rows * (node.loops or 1.0) * _BLOCKS_PER_ROW:
            return None
        known = survey.table_rows(node)
        return Hit(node, survey.load(node).times(0.5)) if known and rows >= _SHARE * known else None

    def tell(self, group: Group) -> Told:
        """Name the rows, the table's rows, and the blocks."""
        node = group.node
        known, blocks = group.survey.table_rows(node) or 0.0, node.self_buffers.touched
        message = (
            f"{node.index} leads to {format_count(node.rows or 0)} of {format_count(known)} rows of {node.target}, "
            f"and {format_count(blocks)} blocks are fetched for them"
        )
        return Told(message, facts={"rows": round(node.rows or 0), "table_rows": round(known), "blocks": blocks})
