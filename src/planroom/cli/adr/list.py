"""planroom adr list: list the decisions."""

from __future__ import annotations

import click

from planroom.cli._output import format_option, object_of, text
from planroom.cli.adr._shared import folder_option, plain

__all__ = ["command"]


@click.command(short_help="List the decisions, with what is known of their checks.")
@folder_option
@click.option("--model", metavar="SOURCE", help="The design that selectors are looked up in.")
@format_option
def command(*, folder: str | None, model: str | None, as_json: bool) -> int:
    """List the decisions, with what is known of their checks."""
    from planroom.workbench.decision_log import decisions

    found = decisions(folder, model=model)
    if as_json:
        object_of("planroom.adr/1", **plain(found))
    else:
        text(found)
    return 0
