"""Ways of doing that a setting forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings.base import Example, Group, Hit, NodeRule, Told

if TYPE_CHECKING:
    from planroom.plans.findings._survey import Survey
    from planroom.plans.node import PlanNode

__all__ = ["DisabledNode"]

_SETTINGS = {
    "Seq Scan": "enable_seqscan", "Index Scan": "enable_indexscan", "Index Only Scan": "enable_indexonlyscan",
    "Bitmap Heap Scan": "enable_bitmapscan", "Tid Scan": "enable_tidscan", "Sort": "enable_sort",
    "Nested Loop": "enable_nestloop", "Hash Join": "enable_hashjoin", "Merge Join": "enable_mergejoin",
    "Aggregate": "enable_hashagg", "Materialize": "enable_material", "Gather Merge": "enable_gathermerge",
}  # fmt: skip


class DisabledNode(NodeRule):
    """The plan does what a setting forbids, as there is no other way: the setting has turned the planner's choice.

    The enable_ settings are for experiments. Where one stayed off, every plan of the session is made without that way.
    """

    code = "PLN028"
    fix = "RESET the setting, and look why it was turned off."
    source = "https://www.postgresql.org/docs/current/runtime-config-query.html#RUNTIME-CONFIG-QUERY-ENABLE"
    operators = frozenset({"*"})
    bad = (Example("SELECT count(*) FROM orders WHERE total > 50", settings=("enable_seqscan = off",)),)
    good = (
        Example("SELECT count(*) FROM orders WHERE total > 50"),
        Example("SELECT count(*) FROM orders WHERE id < 50", settings=("enable_seqscan = off",)),
    )

    def look(self, node: PlanNode, survey: Survey) -> Hit | None:
        """Return the node that is disabled."""
        return Hit(node, survey.load(node)) if node.disabled else None

    def tell(self, group: Group) -> Told:
        """Name the node and, as far as the plan tells, the setting."""
        node = group.node
        setting = _SETTINGS.get(node.operator, "")
        off = [name for name, value in group.survey.plan.settings if name.startswith("enable_") and value == "off"]
        named = setting if setting in off else ", ".join(off) or setting or "an enable_ setting"
        message = f"{node} is done although {named} is off"
        return Told(message, f"RESET {named}, and look why it was turned off." if named in off else "",
                    f"RESET {named};" if named in off else "", {"settings": tuple(off)})  # fmt: skip
