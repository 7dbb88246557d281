"""planroom plan accept: plans written down as right."""

from __future__ import annotations

import click

from planroom.cli._options import forms_option
from planroom.cli._output import object_of, text
from planroom.cli.plan._queries import planned, queries_options, snapshots_of

__all__ = ["command"]


@click.command(short_help="Write plans down as right.")
@queries_options
@click.option("--only", multiple=True, metavar="NAME", help="Only this query; the others stay as they were accepted.")
@forms_option("text", "json", words="How to print what changed; json is one object.")
def command(
    source: str, *, queries: tuple[str, ...], snapshots: str | None, rows: tuple[str, ...], settings: tuple[str, ...],
    tolerance: float, only: tuple[str, ...], shown_as: str,
) -> int:  # fmt: skip
    """Plan the queries on SOURCE, and write the plans into the file that `planroom plan check` holds plans against.

    Plans that are as they were accepted are left as they stand in the file. It is text, to be committed: a query an
    object, a node a line.
    """
    from planroom.plans.check_shown import SCHEMA, plain

    target = snapshots_of(queries, snapshots)
    before = planned(source, queries, rows, settings).accept(target, names=only, tolerance=tolerance)
    if shown_as == "json":
        object_of(SCHEMA, **plain(before))
    else:
        text(before)
        text(f"\nwritten: {target}")
    return 0
