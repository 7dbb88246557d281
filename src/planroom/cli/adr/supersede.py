"""planroom adr supersede: mark one decision as superseded by another."""

from __future__ import annotations

import click

from planroom.cli._output import format_option
from planroom.cli.adr._shared import folder_option, tell

__all__ = ["command"]


@click.command(short_help="Mark one decision as superseded by another.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@folder_option
@format_option
def command(old: str, new: str, *, folder: str | None, as_json: bool) -> int:
    """Mark OLD as superseded by NEW, in both of them."""
    from planroom.adr.store import supersede as write

    return tell(write(old, new, folder=folder), as_json=as_json)
