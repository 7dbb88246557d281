"""Who pays for what runs out of line: a CTE in the scans that read it, an InitPlan in the node that asks for its value.

EXPLAIN prints both below the topmost node of their query, but that node does not wait for them: the time lies within
the node that first needs the value.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.plans._postgres.draft import GATHERS, below

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.plans._postgres.draft import Draft

__all__ = ["mentions", "payers_of"]

_RETURNS = re.compile(r"returns (\$\d+(?:,\s*\$\d+)*)")  # up to version 16: "InitPlan 1 (returns $0,$1)"
_EXPRESSIONS = (
    "One-Time Filter", "Index Cond", "Recheck Cond", "TID Cond", "Filter", "Join Filter", "Hash Cond", "Merge Cond",
    "Run Condition", "Order By", "Cache Key", "Function Call", "Sort Key", "Group Key", "Params Evaluated", "Output",
)  # fmt: skip


def payers_of(row: Sequence[Draft]) -> Mapping[int, tuple[int, ...]]:
    """Return for each InitPlan and CTE the nodes that may have waited for it.

    A CTE that nothing scans (a data-modifying one) has no payer: it runs after the tree.
    """
    plans = [draft for draft in row if draft.own_plan]
    if not plans:
        return {}
    shadows: dict[str, list[Draft]] = defaultdict(list)
    for draft in plans:
        if name := _cte(draft):
            shadows[name].append(draft)
    return {draft.at: _scans(row, draft, shadows) if _cte(draft) else _askers(row, draft) for draft in plans}


def _cte(draft: Draft) -> str:
    name = str(draft.raw.get("Subplan Name", ""))
    return name.removeprefix("CTE ") if name.startswith("CTE ") else ""


def _scans(row: Sequence[Draft], cte: Draft, shadows: Mapping[str, Sequence[Draft]]) -> tuple[int, ...]:
    """Return the scans of a CTE: those by its name below its parent, but for where an inner query reuses the name."""
    name = _cte(cte)
    hidden = [row[other.parent] for other in shadows[name] if other is not cte and cte.parent < other.parent]
    return tuple(
        draft.at
        for draft in below(row, cte.parent)
        if draft.raw.get("CTE Name") == name
        and draft.raw.get("Node Type") == "CTE Scan"
        and not any(inner.at <= draft.at <= inner.last for inner in hidden)
    )


def _askers(row: Sequence[Draft], plan: Draft) -> tuple[int, ...]:
    """Return the nodes whose expressions name an InitPlan's value; any node of its query when none does."""
    name = str(plan.raw.get("Subplan Name", ""))
    returns = _RETURNS.search(name)
    tokens = re.split(r",\s*", returns[1]) if returns else [f"({name.partition(' (')[0]})"]
    sought = re.compile("|".join(re.escape(token) + r"(?!\d)" for token in tokens))
    outside = [draft for draft in below(row, plan.parent) if not plan.at <= draft.at <= plan.last]
    found = [_evaluates(row, draft, plan.parent) for draft in outside if mentions(draft, sought)]
    return tuple(dict.fromkeys(found)) or tuple(draft.at for draft in outside)


def _evaluates(row: Sequence[Draft], asker: Draft, top: int) -> int:
    """Return who works an InitPlan out for a node: below a Gather, that does it once, before its workers begin.

    Source: PostgreSQL, ``ExecGather`` and ``ExecSetParamPlanMulti``.
    """
    found, at = asker.at, asker.at
    while at > top >= 0:
        at = row[at].parent
        if row[at].raw.get("Node Type") in GATHERS:
            found = at
    return found


def mentions(draft: Draft, sought: re.Pattern[str], keys: Sequence[str] = _EXPRESSIONS) -> bool:
    """Return whether one of a node's expressions has what is sought."""
    for key in keys:
        value = draft.raw.get(key)
        if value and any(sought.search(str(text)) for text in (value if isinstance(value, list) else (value,))):
            return True
    return False
