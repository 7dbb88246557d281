"""A review put together: notebooks read or run, the design judged, the decisions looked up, all held against before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.adr.settings import record_settings
from planroom.errors import SourceError
from planroom.notebook.files import read_notebook
from planroom.notebook.fragments import Fragment, fragment
from planroom.reviews.content import Judged, Review
from planroom.reviews.settings import ReviewSettings, review_settings
from planroom.workbench import decisions, lint, read
from planroom.workbench.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planroom.notebook.files import Notebook
    from planroom.workbench.decision_log import Decisions

__all__ = ["gathered"]


def gathered(
    settings: ReviewSettings | None = None,
    *,
    execute: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Review:
    """Return the review of a project.

    Args:
        settings: What it is made of; by default what the project's settings say.
        execute: Run the notebooks afresh, each in a kernel of its own; else their stored outputs are shown as they
            are. The files are not changed.
        progress: Called with what is worked on, and with an empty text at the end.

    Raises:
        SourceError: There is nothing to review, or something cannot be read.
        MissingExtraError: nbconvert is not installed.
        PlanroomError: A notebook that is to be run does not.
    """
    chosen = settings or review_settings()
    if not chosen.notebooks and not chosen.schema:
        raise SourceError(
            "There is nothing to review.",
            why="no notebook and no schema was named, and there is no notebooks/*.ipynb.",
            fix="name notebooks, or write [tool.planroom.review] into pyproject.toml.",
        )
    tell = progress or (lambda _: None)
    try:
        return _gathered(chosen, execute=execute, tell=tell)
    finally:
        tell("")


def _gathered(chosen: ReviewSettings, *, execute: bool, tell: Callable[[str], None]) -> Review:
    from planroom.reviews.history import compared

    log = _decisions(chosen)
    found = Review(
        title=chosen.title,
        chapters=_chapters(chosen.notebooks, execute=execute, tell=tell),
        model=read(chosen.schema) if chosen.schema else None,
        judged=tuple(_judged(chosen, tell)),
        decisions=log,
        records=_records(log),
        source=without_secrets(chosen.schema),
    )
    if not chosen.since:
        return found
    tell(f"since {chosen.since}")
    return compared(found, chosen)


def _chapters(paths: Sequence[Path], *, execute: bool, tell: Callable[[str], None]) -> tuple[Fragment, ...]:
    links = {each.name: f"n{at}" for at, each in enumerate(paths, 1)}
    found = []
    for at, path in enumerate(paths, 1):
        tell(str(path))
        notebook = read_notebook(path)
        shown = _run(notebook, path) if execute else notebook
        found.append(fragment(shown, path, prefix=f"n{at}-", links=links, demote=1))
    return tuple(found)


def _run(notebook: Notebook, path: Path) -> Notebook:
    from planroom.notebook.normal_form import normalise
    from planroom.notebook.running import execute as run

    return normalise(run(notebook, path.parent, name=str(path)))


def _parts(chosen: ReviewSettings) -> Iterator[tuple[str, str]]:
    """Yield what is judged: the subject and the source of each part."""
    if chosen.schema:
        yield "schema", chosen.schema
    yield from (("migrations", each) for each in chosen.migrations)
    yield from (("queries", each) for each in chosen.queries)


def _judged(chosen: ReviewSettings, tell: Callable[[str], None]) -> Iterator[Judged]:
    for subject, source in _parts(chosen):
        tell(without_secrets(source))
        model = chosen.schema if subject != "schema" else ""
        yield Judged(subject, without_secrets(source), lint(source, model=model, judge_as=subject))


def _decisions(chosen: ReviewSettings) -> Decisions | None:
    if not record_settings().folder.is_dir():
        return None
    found = decisions(model=chosen.schema or None)
    return found if found.log.records else None


_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def _records(log: Decisions | None) -> dict[str, Fragment]:
    """Return the decisions' texts as parts of the page."""
    records = log.log.records if log is not None else ()
    links = {Path(each.source).name: f"d{at}" for at, each in enumerate(records, 1)}
    return {
        each.source: fragment(
            _of_words(_FRONT_MATTER.sub("", each.text)), Path(each.source), prefix=f"d{at}-", links=links, demote=3
        )
        for at, each in enumerate(records, 1)
    }


def _of_words(text: str) -> Notebook:
    """Return a notebook of one Markdown cell: what renders its words renders those of a record."""
    cell = {"cell_type": "markdown", "id": "words", "metadata": {}, "source": text}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
