"""planroom adr supersede: mark one decision as superseded by another."""

from __future__ import annotations

import click

from planroom.cli._output import note
from planroom.cli.adr._shared import folder_option

__all__ = ["command"]


@click.command(short_help="Mark one decision as superseded by another.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@folder_option
def command(old: str, new: str, *, folder: str | None) -> int:
    """Mark OLD as superseded by NEW, in both of them."""
    from planroom.adr.store import supersede as write

    for record in write(old, new, folder=folder):
        note(f"{record.source}: {record}")
    return 0
