"""What is written in each box of a plan, whatever shape the box has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.display import on_one_line
from planroom.plans.showing.marks import Mark
from planroom.plans.showing.numbers import NOTABLE, count_text, factor_text, rows_text, share_text
from planroom.plans.showing.subjects import remarks, subject, target_of
from planroom.quantities import counted, format_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.findings import Finding, Severity
    from planroom.plans.node import PlanNode
    from planroom.plans.showing.folding import Entry, Fold, View
    from planroom.plans.showing.marks import Marks
    from planroom.plans.showing.weights import Weights

__all__ = ["Caption", "Findings", "captions_of", "findings_by_node"]

Findings = dict[int, list["Finding"]]

_PLAIN = Mark()


@dataclass(frozen=True, slots=True)
class Caption:
    """The texts of one box, and what decides how it looks.

    Attributes:
        number: The node's number; of a fold, empty.
        kicker: Above all: the name of a sub-plan.
        side: Which side of a join it is: ``outer`` or ``inner``; empty for an only child.
        title: The operator, or how many are folded.
        subject: What it works on.
        share: Its own part of the metric, as printed.
        amount: The same in the metric's unit.
        rows: Estimated and actual rows of one execution.
        factor: By how much they differ, when that is notable.
        remarks: What must not be missed.
        level: Its own share in [0, 1], for the ramp.
        severity: The worst finding's severity; None without.
    """

    number: str
    kicker: str
    side: str
    title: str
    subject: str
    share: str
    amount: str
    rows: str
    factor: str
    remarks: tuple[str, ...]
    level: float
    mark: Mark = _PLAIN
    severity: Severity | None = None
    heavy: bool = False
    idle: bool = False
    folded: bool = False

    @property
    def sign(self) -> str:
        """The glyph of the worst finding; empty without."""
        return self.severity.glyph if self.severity else ""


def findings_by_node(findings: Iterable[Finding]) -> Findings:
    """Return findings by the numbers of the nodes that they are about."""
    found: Findings = {}
    for each in findings:
        numbers = each.facts.get("nodes") or (each.facts.get("node"),)
        for number in numbers if isinstance(numbers, tuple | list) else ():
            if isinstance(number, int):
                found.setdefault(number, []).append(each)
    return found


def captions_of(view: View, weights: Weights, marks: Marks, findings: Mapping[int, Sequence[Finding]]) -> list[Caption]:
    """Return what is written in each box of a view, in its order."""
    return [
        _of_fold(entry.fold, weights, marks, findings)
        if entry.fold
        else _of_node(entry.node, _side(view, entry), weights, marks.get(entry.node.number, _PLAIN), findings)
        for entry in view.entries
    ]


def _side(view: View, entry: Entry) -> str:
    if entry.parent < 0 or entry.node.relationship not in {"Outer", "Inner"}:
        return ""
    above = view.entries[entry.parent].node.children
    sides = {child.relationship for child in above}
    return entry.node.relationship.lower() if {"Outer", "Inner"} <= sides else ""


def _of_node(
    node: PlanNode, side: str, weights: Weights, mark: Mark, findings: Mapping[int, Sequence[Finding]]
) -> Caption:
    own = weights.own[node.number - 1]
    additive = weights.metric.additive
    factor = factor_text(node)
    return Caption(
        number=f"#{node.number}",
        kicker=_clean(node.subplan or (node.relationship if node.relationship in {"InitPlan", "SubPlan"} else "")),
        side=side,
        title=_clean(node.title),
        subject=_clean(subject(node)),
        share=weights.shown(node.number) if additive else factor_text(node, above=0.0),
        amount=weights.metric.amount(own) if own is not None and additive else "",
        rows=rows_text(node),
        factor=factor if additive else "",
        remarks=remarks(node),
        level=weights.share(node.number),
        mark=mark,
        severity=max((each.severity for each in findings.get(node.number, ())), default=None),
        heavy=node.number in weights.heaviest_path,
        idle=node.never_executed,
    )


def _of_fold(fold: Fold, weights: Weights, marks: Marks, findings: Mapping[int, Sequence[Finding]]) -> Caption:
    together = weights.together(fold.numbers)
    level = weights.of(together)
    additive = weights.metric.additive
    states = {marks[number].state for number in fold.numbers if number in marks}
    rows = fold.rows_carried
    severities = [each.severity for number in fold.numbers for each in findings.get(number, ())]
    return Caption(
        number="",
        kicker="",
        side="",
        title=_fold_title(fold),
        subject=_clean(_range(fold)),
        share=share_text(level) if additive else (f"up to {weights.metric.amount(together)}" if together else ""),
        amount=weights.metric.amount(together) if additive else "",
        rows=count_text(rows) if rows is not None else "",
        factor="",
        remarks=_fold_remarks(fold, weights, len(severities)),
        level=level,
        mark=Mark(states.pop()) if len(states) == 1 else _PLAIN,
        severity=max(severities, default=None),
        idle=all(top.never_executed for top in fold.tops),
        folded=True,
    )


def _fold_title(fold: Fold) -> str:
    if fold.alike:
        return f"× {format_count(len(fold.tops))} more like this"
    return f"{counted(len(fold.numbers), 'node')} more"


def _range(fold: Fold) -> str:
    """Return from which to which table the folded nodes go; of light parts, what they read."""
    reached = [node for top in fold.tops for node in top.walk() if node.relation]
    names = list(dict.fromkeys(target_of(node) for node in reached))
    if not fold.alike or len(names) < 2:
        shown = ", ".join(names[:3])
        return f"{shown}, …" if len(names) > 3 else shown
    return f"{names[0]} … {names[-1]}"


def _fold_remarks(fold: Fold, weights: Weights, findings: int) -> tuple[str, ...]:
    nodes = [node for top in fold.tops for node in top.walk()]
    found = []
    idle = sum(node.never_executed for node in nodes)
    if idle:
        found.append(f"{format_count(idle)} never executed")
    worst = max((node.q_error or 1.0 for node in nodes), default=1.0)
    if worst >= NOTABLE and weights.metric.additive:
        found.append(f"estimates off by up to {count_text(worst)}")
    if findings:
        found.append(counted(findings, "finding"))
    return tuple(found)


def _clean(text: str) -> str:
    """Return a text on one line, runs of blanks as one."""
    return on_one_line(" ".join(text.split()))
