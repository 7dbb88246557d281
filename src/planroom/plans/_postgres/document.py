"""A `Plan` from one EXPLAIN document of PostgreSQL: the object that FORMAT JSON writes, read from either format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.plans._postgres.charging import adoptions_of, charged_cost, exclusive, waiting_ms
from planroom.plans._postgres.draft import drafts_of
from planroom.plans._postgres.nodes import Charges, Recipes, node_of
from planroom.plans._postgres.triggers import triggers_of
from planroom.plans._postgres.uses import buffers_of, io_of
from planroom.plans.plan import Jit, Plan, Planning, Serialization
from planroom.plans.resources import Buffers, difference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.plans._postgres.draft import Draft
    from planroom.plans.node import PlanNode

__all__ = ["plan_of_document", "plan_of_documents"]


def plan_of_documents(documents: Sequence[Mapping[str, Any]], *, source: str = "") -> Plan:
    """Return the plan of one statement, which rewrite rules may have turned into several documents.

    Several are shown as members of one node, in the order in which they run.
    """
    if len(documents) == 1:
        return plan_of_document(documents[0], source=source)
    plans = [document["Plan"] for document in documents]
    together: dict[str, Any] = {
        "Node Type": "Rewritten Query",
        "Plans": [{**plan, "Parent Relationship": "Member"} for plan in plans],
    }
    for key in ("Total Cost", "Plan Rows", "Actual Total Time"):
        if all(key in plan for plan in plans):
            together[key] = sum(
                plan[key] * (plan.get("Actual Loops", 1) if key.startswith("Actual") else 1) for plan in plans
            )
    if all("Actual Loops" in plan for plan in plans):
        together |= {
            "Actual Loops": 1,
            "Actual Rows": sum(plan["Actual Rows"] * plan["Actual Loops"] for plan in plans),
        }
    times = {
        key: sum(document[key] for document in documents if key in document)
        for key in ("Planning Time", "Execution Time")
    }
    triggers = [each for document in documents for each in document.get("Triggers", ())]
    return plan_of_document({**documents[0], **times, "Plan": together, "Triggers": triggers}, source=source)


def plan_of_document(document: Mapping[str, Any], *, source: str = "") -> Plan:
    """Return the plan that one document holds."""
    row = drafts_of(document["Plan"])
    charges = _charges(row)
    root = _made(row, charges)
    settings = document.get("Settings") or {}
    return Plan(
        engine="postgres",
        root=root,
        sql=str(document.get("Query Text", "")),
        source=source,
        settings=tuple(sorted((str(name), str(value)) for name, value in settings.items())),
        query_id=document.get("Query Identifier"),
        planning=_planning(document),
        execution_ms=document.get("Execution Time"),
        triggers=triggers_of(document, root),
        jit=_jit(document.get("JIT")),
        serialization=_serialization(document.get("Serialization")),
        raw=document,
    )


def _charges(row: Sequence[Draft]) -> Charges:
    waits = waiting_ms(row)
    buffers = [buffers_of(draft.raw) for draft in row]
    judged_by = waits or [float(each.touched) for each in buffers]
    adopted = adoptions_of(row, judged_by)
    costs = charged_cost(row)
    return Charges(
        ms=exclusive(row, waits, adopted) if waits else None,
        cost=costs[0] if costs else None,
        loops=costs[1] if costs else None,
        buffers=buffers,
        own_buffers=_own_buffers(row, buffers, {at: tuple(shares) for at, shares in adopted.items()}),
    )


def _own_buffers(
    row: Sequence[Draft], buffers: Sequence[Buffers], payers: Mapping[int, tuple[int, ...]]
) -> list[Buffers]:
    """Return the blocks that each node touched itself; those of a CTE or InitPlan count against who waited most."""
    if not any(buffers):
        return list(buffers)
    parts: list[list[Buffers]] = [[] for _ in row]
    for draft in row:
        if draft.at in payers:
            if payers[draft.at]:
                parts[max(payers[draft.at], key=lambda at: (buffers[at].touched, -at))].append(buffers[draft.at])
        elif draft.parent >= 0 and buffers[draft.at]:
            parts[draft.parent].append(buffers[draft.at])
    return [
        difference(whole, *below) if below and whole else whole for whole, below in zip(buffers, parts, strict=True)
    ]


def _made(row: Sequence[Draft], charges: Charges) -> PlanNode:
    """Make the nodes from the bottom up."""
    made: list[PlanNode | None] = [None] * len(row)
    recipes = Recipes()
    for draft in reversed(row):
        children = tuple([node for at in draft.children if (node := made[at]) is not None]) if draft.children else ()
        made[draft.at] = node_of(draft, children, charges, recipes)
    root = made[0]
    assert root is not None  # noqa: S101  (a document has a plan)
    return root


def _planning(document: Mapping[str, Any]) -> Planning:
    raw = document.get("Planning") or {}
    return Planning(
        time_ms=document.get("Planning Time"),
        buffers=buffers_of(raw),
        io=io_of(raw),
        memory_used_kb=raw.get("Memory Used"),
        memory_allocated_kb=raw.get("Memory Allocated"),
    )


def _jit(raw: Mapping[str, Any] | None) -> Jit | None:
    if not raw:
        return None
    options, timing = raw.get("Options") or {}, raw.get("Timing") or {}
    generation = timing.get("Generation", 0.0)
    of_generation = generation if isinstance(generation, dict) else {"Total": generation}  # a group since version 17
    return Jit(
        functions=int(raw.get("Functions", 0)),
        inlining=bool(options.get("Inlining")),
        optimization=bool(options.get("Optimization")),
        expressions=bool(options.get("Expressions")),
        deforming=bool(options.get("Deforming")),
        generation_ms=float(of_generation.get("Total", 0.0)),
        deform_ms=float(of_generation.get("Deform", 0.0)),
        inlining_ms=float(timing.get("Inlining", 0.0)),
        optimization_ms=float(timing.get("Optimization", 0.0)),
        emission_ms=float(timing.get("Emission", 0.0)),
        total_ms=timing.get("Total"),
    )


def _serialization(raw: Mapping[str, Any] | None) -> Serialization | None:
    if not raw:
        return None
    return Serialization(
        time_ms=raw.get("Time"),
        output_kb=int(raw.get("Output Volume", 0)),
        format=str(raw.get("Format", "")),
        buffers=buffers_of(raw),
        io=io_of(raw),
    )
