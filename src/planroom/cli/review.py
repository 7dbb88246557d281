"""planroom review: one document for whoever reviews a design."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planroom.cli._options import exit_status, fail_on_option, forms_option
from planroom.cli._output import document, note, progress_line, text

if TYPE_CHECKING:
    from planroom.reviews import Review

__all__ = ["command"]


@click.command(short_help="One document: notebooks, findings, decisions, what changed.")
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option("-o", "--output", "path", metavar="FILE", help="Write it: .html (one page), .md, or .json.")
@click.option("--since", metavar="REV", help="Also what changed since this git revision; --since= for nothing.")
@click.option("--schema", metavar="SOURCE", help="The design; by default that of the settings.")
@click.option("--execute", is_flag=True, help="Run the notebooks afresh; else their stored outputs are shown.")
@forms_option(
    "text",
    "json",
    "markdown",
    words="How to print the result; json is one object, markdown a summary for a pull request.",
)
@fail_on_option("The severity from which on the exit status is 1: of what is new with --since, else of all findings.")
def command(
    notebooks: tuple[str, ...], *, path: str | None, since: str | None, schema: str | None, execute: bool,
    shown_as: str, fail_on: str,
) -> int:  # fmt: skip
    """Put the notebooks, the linter's findings, the decisions and what changed into one document.

    What a project reviews stands in [tool.planroom.review] of pyproject.toml, or [review] of planroom.toml: notebooks,
    schema, queries, migrations, since. The page asks no host for anything and runs no script.
    """
    from planroom.reviews import gathered, review_settings

    settings = review_settings()
    settings = replace(settings, notebooks=tuple(map(Path, notebooks))) if notebooks else settings
    settings = settings if since is None else replace(settings, since=since)
    settings = settings if schema is None else replace(settings, schema=schema)
    review = gathered(settings, execute=execute, progress=progress_line())
    if path:
        review.save(path)
        note(f"{path}: {review.headline}")
    _show(review, shown_as, written=bool(path))
    worst = review.worst()
    return exit_status([] if worst is None else [worst], fail_on)


def _show(review: Review, shown_as: str, *, written: bool) -> None:
    from planroom.reviews.plain import json_text

    if shown_as == "json":
        document(json_text(review))
    elif written:
        return
    elif shown_as == "markdown":
        document(review.markdown)
    else:
        text(review)
