"""planroom adr: the decision log. Each file here without an underscore is one of its commands."""

from __future__ import annotations

import click

from planroom.cli._commands import Commands

__all__ = ["command"]


@click.group(cls=Commands, package=__name__, short_help="Decision records: list, make, link, check.")
def command() -> None:
    """Read, write and check the decisions of a folder: MADR, Nygard's form, log4brains.

    Listing, drawing and linting run nothing that a record names; `check` does.
    """
