"""What changed since a git revision: in the design, in what the linter finds, in plans, decisions and notebooks.

Nothing is checked out: git is asked for the files as they were, and both sides are judged by the same rules.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.adr.settings import record_settings
from planroom.errors import PlanroomError, SourceError
from planroom.linting.baseline import against_baseline, baseline_of
from planroom.linting.reporting import Report
from planroom.plans.snapshots import Snapshot, snapshots_of_text
from planroom.reviews.content import FileChange, Judged, PlanChange, PlanState, Since
from planroom.workbench import diff, lint, read
from planroom.workbench.decision_log import touched_by
from planroom.workbench.files import read_text
from planroom.workbench.lint_configuration import settings_for
from planroom.workbench.plan_snapshots import beside
from planroom.workbench.revisions import changed_files, documents_at, revision_of, top_folder
from planroom.workbench.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from planroom.comparison import Difference
    from planroom.findings import Finding
    from planroom.model import Model
    from planroom.reviews.content import Review
    from planroom.reviews.settings import ReviewSettings
    from planroom.workbench.decision_log import Touched

__all__ = ["compared"]


def compared(review: Review, chosen: ReviewSettings) -> Review:
    """Return a review that also tells what changed since the revision that the settings name.

    Raises:
        SourceError: This is no repository, or there is no such revision.
    """
    before = _Before(chosen.since, changed_files(chosen.since), top_folder(chosen.since))
    difference = _difference(review, before)
    judged = tuple(_held(each, before, chosen.schema) for each in review.judged)
    since = Since(
        revision=chosen.since,
        difference=difference,
        plans=tuple(_plans(chosen, before)),
        touched=_touched(difference, judged, review.model),
        records=tuple(_records(review, before)),
        notebooks=tuple(_notebooks(review, before)),
        untold=tuple(before.untold),
    )
    return replace(review, judged=judged, since=since)


class _Before:
    """The files of a revision, by the paths that they have from here."""

    def __init__(self, revision: str, changes: Mapping[str, str], top: Path) -> None:
        self.revision, self.changes, self.top = revision, changes, top
        self.untold: list[str] = []

    def source(self, path: str | Path) -> str:
        """Return what names a path at the revision."""
        return f"{self.revision}:./{Path(os.path.relpath(path)).as_posix()}"

    def holds(self, path: str | Path) -> bool:
        """Whether the revision has a file or folder."""
        try:
            return self._inside(Path(path)) and revision_of(self.source(path)) is not None
        except SourceError:  # the revision is known: it has no such path
            return False

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.top.resolve())

    def text(self, path: Path) -> str:
        """Return a file as it was; empty where there was none."""
        revision = revision_of(self.source(path)) if self.holds(path) else None
        return documents_at(revision)[0].text if revision is not None else ""

    def called(self, source: str) -> str:
        """Return what a script is called on both sides."""
        prefix = f"{self.revision}:"
        path = self.top / source.removeprefix(prefix) if source.startswith(prefix) else Path(source)
        return Path(os.path.relpath(path.resolve(), self.top.resolve())).as_posix() if source else ""

    def within(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Yield the changed files of a folder, by their paths from here, with what became of them."""
        for name, state in sorted(self.changes.items()):
            if Path(name).parent.resolve() == folder.resolve():
                yield Path(os.path.relpath(name)).as_posix(), state


def _is_path(source: str) -> bool:
    return bool(source) and ":" not in source


def _difference(review: Review, before: _Before) -> Difference | None:
    if review.model is None:
        return None
    if not _is_path(review.source):
        before.untold.append("the schema is not compared: it is no file of the repository")
    elif not before.holds(review.source):
        before.untold.append(f"the schema is new: {before.revision} has no {review.source}")
    else:
        try:
            return diff(read(before.source(review.source)), review.model)
        except PlanroomError as error:
            before.untold.append(f"the schema is not compared: {_told(error)}")
    return None


def _told(error: PlanroomError) -> str:
    return without_secrets(f"{error.what} {error.why}".strip())


def _held(judged: Judged, before: _Before, schema: str) -> Judged:
    """Return a part with what is new in it, and what is gone."""
    if not _is_path(judged.source):
        return judged
    if not before.holds(judged.source):
        return replace(judged, new=judged.report.findings)
    try:
        old = _as_it_was(judged, before, schema)
    except PlanroomError as error:
        before.untold.append(f"{judged.source} cannot be judged as it was, so all in it counts as new: {_told(error)}")
        return replace(judged, new=judged.report.findings)
    called: Callable[[str], str] = before.called
    new = against_baseline(judged.report, baseline_of(old, called), before.revision, called=called).findings
    gone = against_baseline(old, baseline_of(judged.report, called), "now", called=called).findings
    return replace(judged, new=new, gone=tuple(_asked(gone, before)))


def _asked(found: Iterable[Finding], before: _Before) -> Iterator[Finding]:
    """Yield findings of the revision that would be found today: settings name files as they are called now."""
    settings = settings_for(None)
    for each in found:
        today = before.top / before.called(each.location.source)
        if settings.wants(replace(each, location=replace(each.location, source=str(today)))):
            yield each


def _as_it_was(judged: Judged, before: _Before, schema: str) -> Report:
    if judged.subject == "schema":
        return lint(before.source(judged.source), judge_as=judged.subject)
    known = before.source(schema) if _is_path(schema) and before.holds(schema) else schema
    return lint(before.source(judged.source), model=known, judge_as=judged.subject)


def _touched(difference: Difference | None, judged: tuple[Judged, ...], model: Model | None) -> tuple[Touched, ...]:
    """Return the decisions that the changes or the new findings are about, each once, with all selectors."""
    models = () if model is None else (model,)
    found = [*touched_by(difference)] if difference is not None else []
    found += touched_by(Report(findings=tuple(each for part in judged for each in part.new)), *models)
    merged: dict[str, Touched] = {}
    for each in found:
        known = merged.get(each.record.source)
        selectors = (*(known.selectors if known else ()), *each.selectors)
        merged[each.record.source] = replace(each, selectors=tuple(dict.fromkeys(selectors)))
    return tuple(merged[name] for name in sorted(merged))


def _records(review: Review, before: _Before) -> Iterator[FileChange]:
    log = review.decisions.log.records if review.decisions is not None else ()
    titles = {str(Path(each.source).resolve()): f"{each.id} {each.title}" for each in log}
    for path, state in before.within(record_settings().folder):
        if path.endswith(".md"):
            yield FileChange(path, state, titles.get(str(Path(path).resolve()), ""))


def _notebooks(review: Review, before: _Before) -> Iterator[FileChange]:
    titles = {str(each.path.resolve()): each.title for each in review.chapters}
    folders = dict.fromkeys(each.path.parent.resolve() for each in review.chapters)
    for folder in folders:
        for path, state in before.within(folder):
            if path.endswith(".ipynb") and (state == "removed" or str(Path(path).resolve()) in titles):
                yield FileChange(path, state, titles.get(str(Path(path).resolve()), ""))


def _plans(chosen: ReviewSettings, before: _Before) -> Iterator[PlanChange]:
    """Yield what became of the accepted plans beside the queries, the worst first."""
    order = {state: at for at, state in enumerate(PlanState)}
    for file in dict.fromkeys(beside(Path(each)) for each in chosen.queries):
        old = _snapshots(before.text(file), before.source(file))
        new = _snapshots(read_text(file) if file.exists() else "", str(file))
        names = sorted({*old, *new})
        found = [_plan(name, file.as_posix(), old.get(name), new.get(name)) for name in names]
        yield from sorted(filter(None, found), key=lambda each: (order[each.state], each.name))


def _snapshots(text: str, source: str) -> dict[str, Snapshot]:
    return {each.name: each for each in snapshots_of_text(text, source=source)} if text else {}


def _plan(name: str, file: str, old: Snapshot | None, new: Snapshot | None) -> PlanChange | None:
    if old is None or new is None:
        return PlanChange(name, file, PlanState.ADDED if old is None else PlanState.REMOVED, old, new)
    if old.shape != new.shape:
        return PlanChange(name, file, PlanState.FLIPPED, old, new)
    return PlanChange(name, file, PlanState.REPRICED, old, new) if old.cost != new.cost else None
