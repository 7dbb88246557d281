"""Two workloads compared query by query."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.display import Displayable, Table, caption_line, card, details, html_table, page, text_table
from planroom.files import write_form
from planroom.plans.comparing.comparison import PlanComparison, compared
from planroom.plans.comparing.measures import Trend
from planroom.plans.comparing.text import on_each_line

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from planroom.plans.workloads.planned import PlannedQuery

__all__ = ["Fate", "QueryComparison", "WorkloadComparison", "compared_workloads"]


class Fate(enum.StrEnum):
    """What became of a query, the worst first."""

    FAILS = "not planned any more"
    FLIPPED_DEARER = "flipped, dearer"
    DEARER = "dearer"
    FLIPPED = "flipped"
    FLIPPED_CHEAPER = "flipped, cheaper"
    CHEAPER = "cheaper"
    OTHER_JOINS = "another join tree"
    OTHER_SIDES = "same joins, other build sides"
    SAME_JOINS = "same join tree"
    UNKNOWN = "cannot tell"
    PLANNED = "planned now"
    NEW = "new"
    VANISHED = "vanished"
    SAME = "same"


@dataclass(frozen=True)
class QueryComparison:
    """One query in two workloads; None where it is not in one of them."""

    old: PlannedQuery | None
    new: PlannedQuery | None
    plans: PlanComparison | None = None

    @property
    def name(self) -> str:
        """What the query is called now."""
        query = self.new or self.old
        return query.name if query else ""

    @cached_property
    def fate(self) -> Fate:
        """What became of it."""
        if self.old is None or self.new is None:
            return Fate.NEW if self.old is None else Fate.VANISHED
        if self.plans is None:
            return self._without_plans()
        if self.plans.across:
            return Fate(self.plans.shape_verdict)
        trend = self.plans.measure.trend
        if self.plans.flipped:
            return {Trend.MORE: Fate.FLIPPED_DEARER, Trend.LESS: Fate.FLIPPED_CHEAPER}.get(trend, Fate.FLIPPED)
        return {Trend.MORE: Fate.DEARER, Trend.LESS: Fate.CHEAPER, Trend.SAME: Fate.SAME}.get(trend, Fate.UNKNOWN)

    def _without_plans(self) -> Fate:
        if self.old and self.old.plan:
            return Fate.FAILS
        return Fate.PLANNED if self.new and self.new.plan else Fate.UNKNOWN


@dataclass(frozen=True, repr=False)
class WorkloadComparison(Displayable):
    """Two workloads, query by query, the worst first.

    Attributes:
        queries: What became of each query.
        by: The measure that verdicts go by.
        names: What the two workloads are called.
    """

    queries: tuple[QueryComparison, ...]
    by: str = "cost"
    names: tuple[str, str] = ("old", "new")

    @cached_property
    def counts(self) -> Counter[Fate]:
        """How many queries have which fate."""
        return Counter(each.fate for each in self.queries)

    @cached_property
    def circumstances(self) -> tuple[str, ...]:
        """What is different around every plan: the engine's version, its settings."""
        told = [each.plans.circumstances for each in self.queries if each.plans]
        return tuple(each for each in told[0] if all(each in others for others in told)) if told else ()

    @property
    def verdict(self) -> str:
        """The answer in a line: ``2 flipped, dearer · 1 cheaper · 19 same``."""
        return " · ".join(f"{self.counts[fate]} {fate}" for fate in Fate if self.counts[fate]) or "no queries"

    @property
    def markdown(self) -> str:
        """The comparison for a pull request."""
        from planroom.markup import code, prose, table

        rows = [
            (code(row[0]), *(prose(str(cell)) for cell in row[1:]))
            for row in self.table.rows
            if row[1] != str(Fate.SAME)
        ]
        texts = map(str, self.table.header)
        differs = [prose(f"differs: {each}") for each in self.circumstances]
        parts = [f"**{prose(self._headline())}**", *differs, *([table(tuple(texts), rows)] if rows else [])]
        parts += [
            f"<details>\n<summary>{prose(each.name)}</summary>\n\n{each.plans.markdown}\n</details>"
            for each in self.queries
            if each.plans and each.plans.flipped
        ]
        return "\n\n".join(parts) + "\n"

    @cached_property
    def table(self) -> Table:
        """A row for each query."""
        header = ("query", "verdict", f"{self.by}: {self.names[0]}", self.names[1], "×", "what moved")
        rows = tuple(map(self._row, self.queries))
        if all(each.plans is None or each.plans.across for each in self.queries):  # numbers of engines are no pairs
            return Table((header[0], header[1], header[5]), tuple((row[0], row[1], row[5]) for row in rows))
        return Table(header, rows, numeric=frozenset({2, 3, 4}))

    def _row(self, each: QueryComparison) -> tuple[str, ...]:
        if each.plans is None:
            reason = (each.new.reason if each.new else "") or (each.old.reason if each.old else "")
            return (each.name, str(each.fate), "", "", "", " ".join(reason.split())[:160])
        measure = each.plans.measure
        factor = f"{measure.factor:.3g}" if measure.factor is not None else "?"
        own = (told for told in each.plans.circumstances if told not in self.circumstances)
        moved = "; ".join([*each.plans.sentences, *own][:2])
        return (each.name, str(each.fate), measure.shown(measure.old), measure.shown(measure.new), factor, moved)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the comparison as the suffix says, whole or not at all: .html, .md or .txt.

        Raises:
            UnknownNameError: The suffix is none of these.
            SourceError: The file cannot be written.
        """
        forms: dict[str, Callable[[], str]] = {
            ".html": lambda: page("Workloads compared", self._html()),
            ".md": lambda: self.markdown,
            ".txt": lambda: f"{self}\n",
        }
        return write_form(path, forms, what="form of a comparison")

    def _headline(self) -> str:
        return f"{self.names[0]} → {self.names[1]}: {self.verdict}"

    def __str__(self) -> str:
        shown = self.table
        differs = [on_each_line("\n".join(f"differs: {each}" for each in self.circumstances))]
        blocks = [
            on_each_line(self._headline()),
            *filter(None, differs),
            text_table(shown.header, shown.rows, numeric=shown.numeric),
        ]
        blocks += [f"== {each.name}\n{each.plans}" for each in self.queries if each.plans and each.plans.flipped]
        return "\n\n".join(blocks)

    def __repr__(self) -> str:
        return f"<WorkloadComparison: {self.verdict}>"

    def _html(self) -> str:
        shown = self.table
        told = f"differs: {'; '.join(self.circumstances)}" if self.circumstances else ""
        parts = [caption_line("div", told), html_table(shown.header, shown.rows, numeric=shown.numeric)]
        parts += [
            details(f"{each.name}: {each.fate}", each.plans.html)
            for each in self.queries
            if each.plans is not None and each.plans.flipped
        ]
        return card(self._headline(), *parts)


def compared_workloads(
    old: Sequence[PlannedQuery],
    new: Sequence[PlannedQuery],
    *,
    by: str = "cost",
    tolerance: float = 0.1,
    names: tuple[str, str] = ("old", "new"),
) -> WorkloadComparison:
    """Return what became of each query: found again by its name, else by its fingerprint."""
    pairs = [
        QueryComparison(before, after, _plans(before, after, by, tolerance, names))
        for before, after in _paired(old, new)
    ]
    order = {fate: at for at, fate in enumerate(Fate)}
    return WorkloadComparison(tuple(sorted(pairs, key=lambda each: (order[each.fate], each.name))), by, names)


def _plans(
    old: PlannedQuery | None, new: PlannedQuery | None, by: str, tolerance: float, names: tuple[str, str]
) -> PlanComparison | None:
    if old is None or new is None or old.plan is None or new.plan is None:
        return None
    return compared(old.plan, new.plan, by=by, tolerance=tolerance, names=names)


def _paired(
    old: Sequence[PlannedQuery], new: Sequence[PlannedQuery]
) -> list[tuple[PlannedQuery | None, PlannedQuery | None]]:
    by_name = {each.name: each for each in old}
    found = {each.name: by_name[each.name] for each in new if each.name in by_name}
    taken = {each.name for each in found.values()}
    waiting: dict[str, list[PlannedQuery]] = defaultdict(list)
    for each in reversed(old):
        if each.name not in taken:
            waiting[each.query].append(each)
    for each in new:
        if each.name not in found and waiting[each.query]:
            found[each.name] = waiting[each.query].pop()
    taken = {each.name for each in found.values()}
    pairs: list[tuple[PlannedQuery | None, PlannedQuery | None]] = [(found.get(each.name), each) for each in new]
    return pairs + [(each, None) for each in old if each.name not in taken]
