"""One walk over a plan: every rule sees the nodes that it asks for, and like nodes are told of once."""

from __future__ import annotations

import inspect
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from planroom.collector import put_off
from planroom.errors import QuantityError, UnknownNameError
from planroom.findings import Finding, Fix
from planroom.plans.findings._survey import Load, Survey, severity_of, together
from planroom.plans.findings.base import Group, Hit, NodeRule, PlanRule, ScaleRule, Told, WholeRule
from planroom.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from planroom.model import Model
    from planroom.plans.plan import Plan

__all__ = ["PLAN_RULES", "findings_at_scale", "findings_of"]

PLAN_RULES: Registry[PlanRule] = Registry(
    "plan rule",
    "planroom.plans.findings",
    PlanRule,
    listing="planroom rules PLN",
)
_NAMED_NODES = 50
"""A finding names so many nodes; it says how many there are."""


@put_off()
def findings_of(
    plan: Plan,
    *,
    by: Literal["cost", "time"] = "cost",
    model: Model | None = None,
    rows: Mapping[str, float] | None = None,
    ignore: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Return what is wrong with a plan, what could save most first.

    How severe a finding is follows from the share of the plan that could be saved, and from the plan's size: an error
    is worth at least half of a plan of 10,000 units of cost (some 100 ms), a warning a tenth of one of 1,000, a note
    two hundredths of one of 100; what is smaller is left out.

    Args:
        plan: The plan, run or not; some rules judge only what was run.
        by: ``cost`` judges by cost and numbers of rows, which are the same from run to run; ``time`` by the measured
            times, and only then are times judged at all.
        model: The design: which indexes, keys and partitions there are.
        rows: Rows by table id, where they are known better than the model's annotations and the plan tell.
        ignore: Codes or slugs of rules to leave out.

    Raises:
        UnknownNameError: ``ignore`` names no rule, or ``by`` no measure.
        PlanroomError: It is to be judged by time, and holds no times.
    """
    if by not in ("cost", "time"):
        raise UnknownNameError.of("measure", by, ("cost", "time"))
    left_out = _codes(ignore)
    survey = Survey(plan, by, model, rows or {})
    chosen = [rule for rule in _fitting(plan.engine, survey.analyzed, by) if rule.code not in left_out]
    nodes = [rule for rule in chosen if isinstance(rule, NodeRule)]
    wholes = [rule for rule in chosen if isinstance(rule, WholeRule)]
    found = [*_of_nodes(nodes, survey), *_of_wholes(wholes, survey)]
    return _sorted(found)


def findings_at_scale(plans: Sequence[tuple[float, Plan]], *, ignore: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what is wrong with how one statement's plan changes as its tables grow.

    Args:
        plans: Numbers of rows, each with the plan that the engine has at that number.
        ignore: Codes or slugs of rules to leave out.

    Raises:
        QuantityError: There are fewer than two plans, or a number of rows is not positive or stands there twice.
        UnknownNameError: ``ignore`` names no rule.
    """
    numbers = [rows for rows, _ in plans]
    if len(numbers) < 2 or min(numbers) <= 0 or len(set(numbers)) < len(numbers):
        raise QuantityError(
            "Plans at these numbers of rows cannot be compared.",
            why=f"they are {', '.join(f'{number:g}' for number in numbers) or 'none'}.",
            fix="give two plans or more, each with its own number of rows above 0.",
        )
    ordered = tuple(sorted(plans, key=lambda each: each[0]))
    left_out = _codes(ignore)
    return _sorted(
        finding
        for rule in PLAN_RULES
        if isinstance(rule, ScaleRule) and rule.code not in left_out
        for load, told in rule.judge(ordered)
        if (finding := _finding(rule, load, told)) is not None
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    def place(finding: Finding) -> tuple[float, str, object]:
        share, node = finding.facts["share"], finding.facts.get("node", 0)
        return -share if isinstance(share, float) else 0.0, finding.code, node

    return tuple(sorted(findings, key=place))


@cache
def _fitting(engine: str, analyzed: bool, by: str) -> tuple[PlanRule, ...]:
    met = {"plan"} | ({"rows"} if analyzed else set()) | ({"time"} if by == "time" else set())
    return tuple(rule for rule in PLAN_RULES if engine in rule.engines and rule.needs in met)


def _codes(names: Collection[str]) -> frozenset[str]:
    if not names:
        return frozenset()
    known = {name: rule.code for rule in PLAN_RULES for name in (rule.code.lower(), rule.slug)}
    for name in names:
        if name.lower() not in known:
            shown = [each for rule in PLAN_RULES for each in (rule.code, rule.slug)]
            raise UnknownNameError.of("plan rule", name, shown, listing=PLAN_RULES.listing)
    return frozenset(known[name.lower()] for name in names)


def _of_nodes(rules: Sequence[NodeRule], survey: Survey) -> Iterator[Finding]:
    asked: dict[str, list[NodeRule]] = defaultdict(list)
    for rule in rules:
        for operator in rule.operators:
            asked[operator].append(rule)
    alike: dict[tuple[object, ...], list[Hit]] = defaultdict(list)
    of_any = asked.pop("*", [])
    for node in survey.plan.nodes:
        for rule in (*asked.get(node.operator, ()), *of_any):
            hit = rule.look(node, survey)
            if hit is not None:
                alike[rule.code, *_kinship(hit, survey)].append(hit)
    by_code = {rule.code: rule for rule in rules}
    for (code, *_), hits in alike.items():
        rule = by_code[str(code)]
        group = Group(tuple(hits), together(hit.load for hit in hits), survey)
        if severity_of(group.load) is not None:
            told = rule.tell(group)
            found = _finding(rule, group.load, told, group) if told is not None else None
            if found is not None:
                yield found


_NO_DIGITS = str.maketrans("", "", "0123456789")


def _kinship(hit: Hit, survey: Survey) -> tuple[object, ...]:
    """Return what a node shares with those that it is told of together with.

    Members of one union that do the same are alike, though each works on a table of its own, under an alias with a
    number of its own; elsewhere, nodes that do the same to the same table.
    """
    node = hit.node
    conditions = tuple(each.text.translate(_NO_DIGITS) for each in node.conditions)
    union = survey.member_of(node)
    place = union or (node.schema, node.relation, node.index) if union or node.relation else node.number
    return place, node.operator, conditions, hit.like


def _of_wholes(rules: Sequence[WholeRule], survey: Survey) -> Iterator[Finding]:
    for rule in rules:
        for load, told in rule.judge(survey):
            found = _finding(rule, load, told)
            if found is not None:
                yield found


def _finding(rule: PlanRule, load: Load, told: Told, group: Group | None = None) -> Finding | None:
    severity = severity_of(load)
    if severity is None:
        return None
    facts: dict[str, object] = {"share": round(load.share, 2), "measure": load.measure, **told.facts}
    message, subject = told.message, told.subject
    if group is not None:
        numbers = [node.number for node in group.nodes]
        facts |= {"node": group.node.number, "nodes": tuple(numbers[:_NAMED_NODES]), "count": len(numbers)}
        subject = subject or group.node.target
        if len(numbers) > 1:
            message = f"{message}; so in {len(numbers)} nodes like it"
    first = (inspect.getdoc(type(rule)) or "").partition("\n")[0]
    return replace(
        rule.finding(message, subject=subject),
        facts=facts,
        severity=min(severity, rule.ceiling),
        why=f"{first} Here it stands for {load}.",
        fix=Fix(told.fix or rule.fix, told.replacement or None),
    )
