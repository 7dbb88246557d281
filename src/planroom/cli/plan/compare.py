"""planroom plan compare: what differs between two plans of one query."""

from __future__ import annotations

import click

from planroom.cli._options import forms_option
from planroom.cli._output import document, note, object_of, text

__all__ = ["command"]


@click.command(short_help="What differs between two plans of one query.")
@click.argument("old")
@click.argument("new")
@click.option("--by", default="cost", show_default=True, metavar="MEASURE", help="cost, rows, buffers or time.")
@click.option("--tolerance", default=0.1, show_default=True, metavar="SHARE", help="How much more still is the same.")
@click.option("-o", "--output", "path", metavar="FILE", help="Where to: .html, .svg, .md, .json or .txt.")
@forms_option("text", "json", "markdown")
@click.option(
    "--fail-on",
    type=click.Choice(["flipped", "dearer", "never"]),
    default="never",
    show_default=True,
    help="What makes the exit status 1: another shape, or more of the measure.",
)
def command(old: str, new: str, *, by: str, tolerance: float, path: str | None, shown_as: str, fail_on: str) -> int:
    """Compare OLD with NEW, two files that hold what EXPLAIN printed; - is standard input.

    The trees are matched by what they read. Plans of PostgreSQL and DuckDB are compared by what their operators do.
    """
    from planroom.plans.comparing.plain import SCHEMA, plain
    from planroom.workbench import compare

    files = ["/dev/stdin" if each == "-" else each for each in (old, new)]
    found = compare(files[0], files[1], by=by, tolerance=tolerance)
    if path:
        found.save(path)
        note(f"{path}: {found.verdict}")
    if shown_as == "json":
        object_of(SCHEMA, file=path or "", **plain(found))
    elif not path and shown_as == "markdown":
        document(found.markdown)
    elif not path:
        text(found)
    return int((fail_on == "flipped" and found.flipped) or (fail_on == "dearer" and found.measure.trend == "more"))
