"""planroom adr renumber: give a decision another number."""

from __future__ import annotations

import click

from planroom.cli._output import format_option
from planroom.cli.adr._shared import folder_option, tell

__all__ = ["command"]


@click.command(short_help="Give a decision another number, with its links.")
@click.argument("decision", metavar="DECISION")
@click.option("--to", "number", type=int, metavar="N", help="The new number; the next free one by default.")
@folder_option
@format_option
def command(decision: str, *, number: int | None, folder: str | None, as_json: bool) -> int:
    """Give a decision another number: its file, its title and every link to it."""
    from planroom.adr.store import renumber as write

    return tell([write(decision, number, folder=folder)], as_json=as_json)
