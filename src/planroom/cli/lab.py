"""planroom lab: JupyterLab, opened on the tour."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command(
    short_help="JupyterLab, opened on the tour or a notebook.", context_settings={"ignore_unknown_options": True}
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[NOTEBOOK] [ARGUMENTS]...")
def command(words: tuple[str, ...]) -> int:
    """Open JupyterLab in this folder, on NOTEBOOK or on the tour; ARGUMENTS go to JupyterLab."""
    from planroom.notebook.lab import open_lab

    named = bool(words) and not words[0].startswith("-")
    return open_lab(words[0] if named else None, arguments=words[1:] if named else words)
