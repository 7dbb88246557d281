"""A plan as a tree, drawn by one metric."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.display import Displayable, details, figure, html_table, on_one_line, page, preformatted
from planroom.drawing.graph import State
from planroom.errors import UnknownNameError
from planroom.files import write_form
from planroom.plans.showing.captions import Caption, captions_of, findings_by_node
from planroom.plans.showing.folding import MOST, View, view_of
from planroom.plans.showing.headline import headline
from planroom.plans.showing.nodes import nodes_html
from planroom.plans.showing.pictures.picture import Picture, Words, drawing_of, on_paper
from planroom.plans.showing.plain import json_text
from planroom.plans.showing.statement import statement_facts
from planroom.plans.showing.text import text_of
from planroom.plans.showing.weights import Weights, weigh
from planroom.quantities import counted

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from planroom.findings import Finding
    from planroom.plans.plan import Plan
    from planroom.plans.showing.marks import Marks

__all__ = ["PlanTree"]


@dataclass(frozen=True, repr=False)
class PlanTree(Displayable):
    """A plan as a tree: a picture, and the same as text.

    Rows rise from the leaves to the result on top. Where a plan is too wide or too deep for a page, the tree is an
    outline; where it has too many nodes to be read, like children and then the lightest parts are folded into boxes
    that say how many they are and what they have together.

    Attributes:
        plan: The plan.
        by: The metric's name; empty for the plan's default, which is the same from run to run.
        marks: Signs and notes at nodes, by number.
        findings: What was found; nodes that they name bear their sign.
        title: The heading; by default the plan's headline.
        layout: ``tree`` or ``outline``; by default what fits a page.
        most: How many boxes there may be, about.
    """

    plan: Plan
    by: str = ""
    marks: Marks = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    title: str = ""
    layout: str = ""
    most: int = MOST

    def __post_init__(self) -> None:
        if self.layout not in {"", "tree", "outline"}:
            raise UnknownNameError.of("layout", self.layout, ["tree", "outline"])
        _ = self.weights  # a metric that the plan does not tell is refused here, not where it is shown

    @cached_property
    def weights(self) -> Weights:
        """The metric's amounts."""
        return weigh(self.plan, self.by)

    @cached_property
    def view(self) -> View:
        """Which nodes are shown, and which are folded."""
        signs = {number: str(mark.state) for number, mark in self.marks.items() if mark.state is not State.PLAIN}
        for number, found in findings_by_node(self.findings).items():
            signs[number] = f"{signs.get(number, '')} {max(each.severity for each in found)}"
        return view_of(self.plan, self.weights, signs=signs, most=self.most)

    @cached_property
    def captions(self) -> tuple[Caption, ...]:
        """What is written in each box, in the view's order."""
        return tuple(captions_of(self.view, self.weights, self.marks, findings_by_node(self.findings)))

    @cached_property
    def picture(self) -> Picture:
        """The picture and its size."""
        drawing = drawing_of(self.view, self.captions, self.weights, layout=self.layout)
        words = Words(self.heading, self._subtitle, self._caption, self.summary)
        return on_paper(drawing, self.captions, self.weights, words)

    @property
    def heading(self) -> str:
        """The picture's title."""
        return on_one_line(self.title) or headline(self.plan, self.findings, timed=self._timed)

    @property
    def _timed(self) -> bool:
        return not self.weights.metric.repeatable

    @property
    def svg(self) -> str:
        """The picture as a stand-alone SVG document."""
        return self.picture.svg

    @property
    def page(self) -> str:
        """The picture and all facts as an HTML page of its own."""
        return page(self.summary, self.html)

    @property
    def summary(self) -> str:
        """What the picture says, in one sentence."""
        heaviest = max(self.plan.nodes, key=lambda node: (self.weights.own[node.number - 1] or 0.0, -node.number))
        return (
            f"Query plan of {self.plan.engine}: {headline(self.plan, self.findings)}; "
            f"most of {self.weights.metric.label} in {heaviest} ({self.weights.shown(heaviest.number)})"
        )

    @property
    def _subtitle(self) -> str:
        return f"{self.plan.engine} {self.plan.version}".strip() + f", by {self.weights.metric.name}"

    @property
    def _caption(self) -> str:
        folded = self.view.folded
        return f"{counted(folded, 'node')} of {counted(len(self.plan.nodes), 'node')} stand folded." if folded else ""

    def __str__(self) -> str:
        lines = [self.heading, text_of(self.view, self.captions, self.weights), self._caption]
        lines += [f"{label}: {on_one_line(text)}" for label, text in statement_facts(self.plan, timed=self._timed)]
        return "\n".join(filter(None, [*lines, *map(_finding_line, self.findings)]))

    def __repr__(self) -> str:
        return f"<PlanTree: {headline(self.plan, self.findings)}>"

    def _svg(self) -> str:
        return self.svg

    @property
    def html(self) -> str:
        """The picture as an HTML fragment, with the findings, and all facts and the text folded below it."""
        found = [
            (f"{each.severity.glyph}\u00a0{each.severity}", each.code, each.message, _remedy(each))
            for each in self.findings
        ]
        facts = statement_facts(self.plan, timed=self._timed)
        return "".join(
            (
                figure(self.svg, self.summary, width=int(self.picture.width)),
                html_table((), found) if found else "",
                html_table((), facts) if facts else "",
                details("Every node", nodes_html(self.view, self.findings, timed=self._timed)),
                details("Statement", preformatted(self.plan.sql)) if self.plan.sql.strip() else "",
                details("As text", preformatted(str(self))),
            )
        )

    def _html(self) -> str:
        return self.html

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the tree in the form that the file's name ends with; whole or not at all.

        ``.svg`` is the picture, ``.html`` a page with it and all facts, ``.txt`` the text, ``.json`` the plan.

        Returns:
            The path that was written.

        Raises:
            UnknownNameError: The ending is none of these; the message names the nearest.
            SourceError: The file cannot be written.
        """
        forms: dict[str, Callable[[], str]] = {
            ".svg": lambda: self.svg,
            ".html": lambda: self.page,
            ".txt": lambda: f"{self}\n",
            ".json": lambda: json_text(self.plan),
        }
        return write_form(path, forms, what="form of a plan")


def _remedy(finding: Finding) -> str:
    """Return what to do: the statement where there is one, else words."""
    return (finding.fix.replacement or finding.fix.text) if finding.fix else ""


def _finding_line(finding: Finding) -> str:
    return on_one_line(f"{finding.severity.glyph} {finding.severity} {finding.code} {finding.message}")
