"""planroom adr renumber: give a decision another number."""

from __future__ import annotations

import click

from planroom.cli._output import note
from planroom.cli.adr._shared import folder_option

__all__ = ["command"]


@click.command(short_help="Give a decision another number, with its links.")
@click.argument("decision", metavar="DECISION")
@click.option("--to", "number", type=int, metavar="N", help="The new number; the next free one by default.")
@folder_option
def command(decision: str, *, number: int | None, folder: str | None) -> int:
    """Give a decision another number: its file, its title and every link to it."""
    from planroom.adr.store import renumber as write

    record = write(decision, number, folder=folder)
    note(f"{record.source}: {record}")
    return 0
