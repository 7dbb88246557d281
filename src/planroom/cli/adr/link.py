"""planroom adr link: link two decisions."""

from __future__ import annotations

import click

from planroom.cli._output import format_option
from planroom.cli.adr._shared import folder_option, tell

__all__ = ["command"]


@click.command(short_help="Link two decisions.")
@click.argument("decision", metavar="DECISION")
@click.argument("kind", metavar="KIND")
@click.argument("other", metavar="OTHER")
@folder_option
@format_option
def command(decision: str, kind: str, other: str, *, folder: str | None, as_json: bool) -> int:
    """Link two decisions, in both of them; KIND is "amends", "relates to", "conflicts with" or "supersedes"."""
    from planroom.adr.store import link as write

    return tell(write(decision, kind, other, folder=folder), as_json=as_json)
