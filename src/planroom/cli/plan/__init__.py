"""planroom plan: what is done with query plans. Each file here without an underscore is one of its commands."""

from __future__ import annotations

import click

from planroom.cli._commands import Commands

__all__ = ["command"]


@click.group(cls=Commands, package=__name__, short_help="Query plans: see them, compare them, hold them.")
def command() -> None:
    """See, compare and hold query plans.

    A FILE holds what EXPLAIN printed, of PostgreSQL or DuckDB; - is standard input.
    """
