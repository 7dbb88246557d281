"""Two plans compared: what the verdict is, what moved, and the tree with the changes marked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.display import Displayable, page
from planroom.files import write_form
from planroom.plans.comparing.changes import NodeChange, Pairing, State
from planroom.plans.comparing.circumstances import circumstances
from planroom.plans.comparing.measures import MEASURES, Measure, Trend, measured
from planroom.plans.comparing.naming import product
from planroom.plans.comparing.sentences import sentences
from planroom.plans.shapes import fingerprint, made_up

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from planroom.plans.comparing.merged import Merged
    from planroom.plans.plan import Plan

__all__ = ["PlanComparison", "compared"]

_NAMES = ("old", "new")


def compared(
    old: Plan, new: Plan, *, by: str = "cost", tolerance: float = 0.1, names: tuple[str, str] = _NAMES
) -> PlanComparison:
    """Return what differs between two plans of one query.

    Args:
        old: The plan before, or of one engine.
        new: The plan after, or of the other engine.
        by: What makes the one better: ``cost``, ``rows``, ``buffers`` or ``time``.
        tolerance: By which share a number may grow and still count as the same, >= 0.
        names: What to call the two.

    Raises:
        UnknownNameError: There is no such measure.
        QuantityError: The tolerance is negative.
    """
    if old.engine != new.engine and names == _NAMES:
        names = (product(old.engine), product(new.engine))
    measured(by, old, new, tolerance=tolerance)  # what is wrong with the call is said at once
    return PlanComparison(old, new, by, tolerance, names)


@dataclass(frozen=True, repr=False)
class PlanComparison(Displayable):
    """Two plans of one query, matched node by node.

    Attributes:
        old, new: The plans.
        by: The measure that the verdict goes by.
        tolerance: By which share a number may grow and still count as the same.
        names: What the two are called.
    """

    old: Plan
    new: Plan
    by: str = "cost"
    tolerance: float = 0.1
    names: tuple[str, str] = _NAMES

    @cached_property
    def pairing(self) -> Pairing:
        """Which node of one plan is which of the other."""
        return Pairing(self.old, self.new)

    @property
    def across(self) -> bool:
        """Whether the plans are of different engines."""
        return self.pairing.across

    @cached_property
    def flipped(self) -> bool:
        """Whether the shape differs: other operators, joins or indexes. Between engines, what they do counts."""
        if self.across:
            return self.shape_verdict != "same join tree"
        told = all(any(node.schema for node in plan.nodes) for plan in (self.old, self.new))
        return fingerprint(self.old, schemas=told) != fingerprint(self.new, schemas=told)

    @property
    def changes(self) -> tuple[NodeChange, ...]:
        """What became of every node: those of the new plan from the top down, then the removed ones."""
        return self.pairing.changes

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What moved, in words."""
        return sentences(self.pairing)

    @cached_property
    def circumstances(self) -> tuple[str, ...]:
        """What else was different: the statement, the engine's version, its settings."""
        return circumstances(self.old, self.new)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Cost, rows, and what was measured; times only when they are asked for."""
        found = (measured(name, self.old, self.new, tolerance=self.tolerance) for name in MEASURES)
        return tuple(each for each in found if each.name == self.by or _is_told(each))

    @cached_property
    def measure(self) -> Measure:
        """The measure that the verdict goes by."""
        return measured(self.by, self.old, self.new, tolerance=self.tolerance)

    @property
    def verdict(self) -> str:
        """The answer: ``same shape, same cost``, ``flipped, dearer``, ``same shape; cost: cannot tell``."""
        shape, measure = self.shape_verdict, self.measure
        return f"{shape}; {self.by}: cannot tell" if measure.trend is Trend.UNKNOWN else f"{shape}, {measure.word}"

    @property
    def shape_verdict(self) -> str:
        """Whether the plans do the same in the same way: the first part of the verdict."""
        if not self.across:
            return "flipped" if self.flipped else "same shape"
        if any(_is_work(change) and not made_up(change.node) for change in self.changes):
            return "another join tree"
        swapped = any(facet.name == "sides" for change in self.changes for facet in change.facets)
        return "same joins, other build sides" if swapped else "same join tree"

    @cached_property
    def merged(self) -> Merged:
        """The new plan with what was removed put back in its place, and a mark for each change."""
        from planroom.plans.comparing.merged import merged

        return merged(self.pairing)

    @property
    def markdown(self) -> str:
        """The comparison for a pull request: the verdict, what moved, and the tree as a diff."""
        from planroom.plans.comparing.markdown import markdown

        return markdown(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the comparison as the suffix says, whole or not at all: .html, .svg, .md, .json or .txt.

        Raises:
            UnknownNameError: The suffix is none of these.
            SourceError: The file cannot be written.
        """
        forms: dict[str, Callable[[], str]] = {
            ".html": lambda: page("Plans compared", self._html()),
            ".json": self._json,
            ".md": lambda: self.markdown,
            ".svg": self._svg,
            ".txt": lambda: f"{self}\n",
        }
        return write_form(path, forms, what="form of a comparison")

    def _json(self) -> str:
        from planroom.plans.comparing.plain import json_text

        return json_text(self)

    def __str__(self) -> str:
        from planroom.plans.comparing.text import text

        return text(self)

    def __repr__(self) -> str:
        return f"<PlanComparison: {self.verdict}>"

    @property
    def html(self) -> str:
        """The comparison as a card, without scripts."""
        from planroom.plans.comparing.html import html

        return html(self)

    def _html(self) -> str:
        return self.html

    def _svg(self) -> str:
        from planroom.plans.comparing.picture import drawn

        found = drawn(self)
        return str(found.svg) if found is not None else ""


def _is_told(measure: Measure) -> bool:
    """Whether a measure that was not asked for is worth a line: not those that neither plan has, and never times."""
    return measure.name != "time" and (measure.old is not None or measure.new is not None)


def _is_work(change: NodeChange) -> bool:
    """Whether a node that only one engine has is one that both would name: a scan or a join."""
    from planroom.plans.operators import Kind

    kinds = {Kind.JOIN, Kind.SCAN, Kind.INDEX_SCAN}
    return change.state in {State.ADDED, State.REMOVED} and change.node.kind in kinds
