"""planroom adr new: write a new decision."""

from __future__ import annotations

import click

from planroom.cli._output import format_option
from planroom.cli.adr._shared import folder_option, tell

__all__ = ["command"]


@click.command(short_help="Write a new decision.")
@click.argument("title")
@click.option("--status", default="proposed", show_default=True)
@click.option("--affects", multiple=True, metavar="SELECTOR", help="What it is about: table:orders, column:*.email.")
@click.option("--option", "options", multiple=True, metavar="TEXT", help="An option considered; the first is chosen.")
@click.option("--supersedes", default="", metavar="DECISION", help="The decision that this one replaces.")
@click.option("--style", default="", metavar="NAME", help="madr or nygard; by default that of the log.")
@folder_option
@format_option
def command(
    title: str, *, status: str, affects: tuple[str, ...], options: tuple[str, ...], supersedes: str, style: str,
    folder: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Write a new decision."""
    from planroom.adr.store import new as write

    record = write(
        title, status=status, affects=affects, options=options, supersedes=supersedes, style=style, folder=folder
    )
    return tell([record], as_json=as_json)
