"""Caches that forget before they are asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._advice import memory_setting
from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told
from planroom.plans.resources import CacheUse
from planroom.quantities import format_count

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["CacheTooSmall"]

_SHARE = 0.1
_DOCUMENT = """[{"Plan": {"Node Type": "Nested Loop", "Join Type": "Inner", "Startup Cost": 0.3, "Total Cost": 9000,
"Plan Rows": 100000, "Plan Width": 8, "Actual Rows": 100000, "Actual Loops": 1, "Plans": [
 {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "orders", "Alias": "o", "Startup Cost": 0,
  "Total Cost": 2000, "Plan Rows": 100000, "Plan Width": 8, "Actual Rows": 100000, "Actual Loops": 1},
 {"Node Type": "Memoize", "Parent Relationship": "Inner", "Cache Key": "o.customer_id", "Cache Mode": "logical",
  "Startup Cost": 0.3, "Total Cost": 0.4, "Plan Rows": 1, "Plan Width": 8, "Actual Rows": 1, "Actual Loops": 100000,
  "Cache Hits": 30000, "Cache Misses": 70000, "Cache Evictions": 69000, "Cache Overflows": 0, "Peak Memory Usage": 129,
  "Plans": [{"Node Type": "Index Scan", "Parent Relationship": "Outer", "Index Name": "customers_pkey",
   "Relation Name": "customers", "Alias": "c", "Startup Cost": 0.3, "Total Cost": 0.4, "Plan Rows": 1, "Plan Width": 8,
   "Actual Rows": 1, "Actual Loops": 70000, "Index Cond": "(id = o.customer_id)"}]}]}}]"""


class CacheTooSmall(NodeRule):
    """A Memoize threw out results that it needed again, as its cache did not fit into memory.

    Each result that was thrown out and is asked for again is worked out again. The cache may take work_mem times
    hash_mem_multiplier.
    """

    code = "PLN014"
    fix = "Raise work_mem or hash_mem_multiplier for this statement."
    source = "https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-HASH-MEM-MULTIPLIER"
    operators = frozenset({"Memoize"})
    needs = "rows"
    bad = (Example("", document=_DOCUMENT),)
    good = (
        Example(
            "SELECT count(c.email) FROM orders o JOIN customers c ON c.id = o.customer_id % 100 + 1",
            analyze=True,
            settings=("enable_hashjoin = off", "enable_mergejoin = off"),
        ),
    )
    unproven = "the planner does not choose a cache that it knows to be too small; it takes a wrong estimate"

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the cache when a tenth of what it had to work out had been thrown out before."""
        use = node.cache
        if use is None or not use.misses or use.evictions + use.overflows < _SHARE * use.misses:
            return None
        again = min(1.0, (use.evictions + use.overflows) / use.misses)
        return Hit(node, survey.below(node).times(again))

    def tell(self, group: Group) -> Told:
        """Name the evictions and misses, and the memory that might do."""
        node = group.node
        use = node.cache or CacheUse()
        thrown, kept = use.evictions + use.overflows, max(1, use.misses - use.evictions)
        need = use.peak_memory_kb * 1024.0 * use.misses / kept
        size = memory_setting(min(need, 2**30) / (group.survey.hash_mem / group.survey.work_mem))
        message = (
            f"the cache by {node.cache_keys} worked out {format_count(use.misses)} results, and threw out "
            f"{format_count(thrown)} of them"
        )
        facts = {"misses": use.misses, "evictions": thrown, "work_mem": size}
        fix = f"Raise work_mem to {size} for this statement."
        return Told(message, fix, f"SET LOCAL work_mem = '{size}';", facts, subject=node.cache_keys)
