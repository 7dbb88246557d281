"""planroom plan check: plans held against those that were accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planroom.cli._options import exit_status, fail_on_option, forms_option
from planroom.cli._output import document, note, object_of, text
from planroom.cli.plan._queries import planned, queries_options, snapshots_of

if TYPE_CHECKING:
    from planroom.plans.checking import PlanCheck

__all__ = ["command"]


@click.command(short_help="Hold plans against those that were accepted.")
@queries_options
@click.option("-o", "--output", "path", metavar="FILE", help="Where to: .html, .md, .json or .txt.")
@forms_option(
    "text", "json", "markdown", "github", words="How to print the result; json is one object, github annotations."
)
@fail_on_option("Flipped or lost plans are errors, dearer ones warnings, new and vanished queries notes.")
def command(
    source: str, *, queries: tuple[str, ...], snapshots: str | None, rows: tuple[str, ...], settings: tuple[str, ...],
    tolerance: float, path: str | None, shown_as: str, fail_on: str,
) -> int:  # fmt: skip
    """Plan the queries on SOURCE, and say which plans are no longer those that were accepted.

    SOURCE is a schema, put into a database of planroom's own, or a database, on which nothing but EXPLAIN is run.
    Another shape fails; the difference is drawn, with what else changed: statistics, versions, settings.
    """
    from planroom.plans.check_shown import SCHEMA, plain

    check = planned(source, queries, rows, settings).check(snapshots_of(queries, snapshots), tolerance=tolerance)
    if path:
        check.save(path)
        note(f"{path}: {check.verdict}")
    if shown_as == "json":
        object_of(SCHEMA, file=path or "", **plain(check))
    elif shown_as == "github":
        document(_annotations(check))
    elif not path and shown_as == "markdown":
        document(check.markdown)
    elif not path:
        text(check)
    return exit_status((each.severity for each in check.findings), fail_on)


def _annotations(check: PlanCheck) -> str:
    from planroom.linting.reporting import Report

    return Report(findings=check.findings).github
