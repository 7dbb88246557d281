"""planroom reads a plan, its nodes charged with time, cost and blocks; and looks for what is wrong."""

from __future__ import annotations

from pathlib import Path

from planroom.plans import plan_of


def prepare(path, work):
    tiny = plan_of('[{"Plan": {"Node Type": "Result"}}]')  # loads what is loaded at first use; peers did before
    if work == "findings":
        from planroom.plans.findings import findings_of

        findings_of(tiny)
        return Path(path).read_text(encoding="utf-8"), findings_of
    return Path(path).read_text(encoding="utf-8"), None


def work(prepared):
    text, findings_of = prepared
    plan = plan_of(text)
    slowest = max(plan.nodes, key=lambda node: node.self_ms or 0.0)
    found = f"; {len(list(findings_of(plan))):,} findings" if findings_of else ""
    return f"{len(plan.nodes):,} nodes, slowest {slowest.title}{found}"
