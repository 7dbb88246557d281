"""planroom stats: what the planner of a database knows. Each file here without an underscore is one of its commands."""

from __future__ import annotations

import click

from planroom.cli._commands import Commands

__all__ = ["command"]


@click.group(cls=Commands, package=__name__, short_help="What the planner of a database knows.")
def command() -> None:
    """Take what the planner of a database knows out of it, for plans at its scale elsewhere."""
