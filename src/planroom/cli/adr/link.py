"""planroom adr link: link two decisions."""

from __future__ import annotations

import click

from planroom.cli._output import note
from planroom.cli.adr._shared import folder_option

__all__ = ["command"]


@click.command(short_help="Link two decisions.")
@click.argument("decision", metavar="DECISION")
@click.argument("kind", metavar="KIND")
@click.argument("other", metavar="OTHER")
@folder_option
def command(decision: str, kind: str, other: str, *, folder: str | None) -> int:
    """Link two decisions, in both of them; KIND is "amends", "relates to", "conflicts with" or "supersedes"."""
    from planroom.adr.store import link as write

    for record in write(decision, kind, other, folder=folder):
        note(f"{record.source}: {record}")
    return 0
