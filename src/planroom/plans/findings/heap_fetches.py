"""Index-only scans that look into the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import table_name
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["HeapFetches"]

_SHARE = 0.1
_FETCHES = 1000.0


class HeapFetches(NodeRule):
    """An index-only scan had to look into the table all the same, as the pages are not known to be visible to all.

    VACUUM marks pages whose rows all transactions may see; for the others each row is fetched to find out. A table
    that is only inserted into is vacuumed late.
    """

    code = "PLN008"
    fix = "VACUUM the table, and have autovacuum come more often."
    source = "https://www.postgresql.org/docs/current/indexes-index-only-scans.html"
    operators = frozenset({"Index Only Scan"})
    needs = "rows"
    bad = (
        Example("SELECT count(page) FROM visits WHERE page < 200", analyze=True,
                settings=("enable_seqscan = off", "enable_bitmapscan = off")),
    )  # fmt: skip
    good = (Example("SELECT count(id) FROM orders WHERE id < 50000", analyze=True),)

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the scan when more than a tenth of its rows were fetched."""
        fetches = node.heap_fetches
        if not fetches or fetches < _FETCHES:
            return None
        share = min(1.0, fetches / max(node.total_rows or 0.0, 1.0))
        return Hit(node, survey.load(node).times(share / 2)) if share >= _SHARE else None

    def tell(self, group: Group) -> Told:
        """Name the fetches and the rows."""
        node = group.node
        fetches, rows = node.heap_fetches or 0.0, group.counted("rows")
        name = table_name(node)
        message = (
            f"{format_count(fetches)} rows of {node.target} were looked up in the table, of {format_count(rows)} that "
            f"{node.index} alone could have given"
        )
        fix = f"VACUUM {name}, and lower its autovacuum_vacuum_insert_scale_factor and autovacuum_vacuum_scale_factor."
        return Told(message, fix, f"VACUUM {name};", {"fetches": round(fetches), "rows": round(rows)})
