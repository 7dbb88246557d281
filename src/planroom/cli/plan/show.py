"""planroom plan show: one query plan as text, as a picture, or for programs."""

from __future__ import annotations

import click

from planroom.cli._options import forms_option
from planroom.cli._output import document, note, object_of, text
from planroom.cli._source import finding_objects
from planroom.plans.showing.metrics import METRICS

__all__ = ["command"]


@click.command(short_help="A query plan as text, picture or JSON.")
@click.argument("file")
@click.option("--by", default="", metavar="METRIC", help=f"What counts: {', '.join(METRICS.names())}.")
@click.option("-o", "--output", "path", metavar="FILE", help="Where to: .svg, .html, .txt or .json.")
@forms_option("text", "json", "html", "svg")
def command(file: str, *, by: str, path: str | None, shown_as: str) -> int:
    """Show the plan in FILE: what EXPLAIN printed, as text or JSON; - is standard input.

    By default the metric is the cost where there are costs, else the rows.
    """
    from planroom.plans.showing.plain import SCHEMA, plain
    from planroom.workbench import plan

    found = plan("/dev/stdin" if file == "-" else file)
    tree = found.tree(by=by)
    if path:
        tree.save(path)
        note(f"{path}: {tree.summary}")
    if shown_as == "json":
        object_of(SCHEMA, file=path or "", **plain(found), findings=finding_objects(found.findings))
    elif not path and shown_as == "html":
        document(tree.page)
    elif not path and shown_as == "svg":
        document(tree.svg)
    elif not path:
        text(tree)
    return 0
