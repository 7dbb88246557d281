"""planroom lab: JupyterLab, opened on the tour."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command(
    short_help="JupyterLab, opened on the tour or a notebook.", context_settings={"ignore_unknown_options": True}
)
@click.argument("notebook", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(notebook: str | None, arguments: tuple[str, ...]) -> int:
    """Open JupyterLab in this folder, on NOTEBOOK or on the tour; ARGUMENTS go to JupyterLab."""
    from planroom.notebook.lab import open_lab

    return open_lab(notebook, arguments=arguments)
