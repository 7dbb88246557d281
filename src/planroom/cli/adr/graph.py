"""planroom adr graph: draw how decisions hang together."""

from __future__ import annotations

import click

from planroom.cli._output import document
from planroom.cli.adr._shared import folder_option

__all__ = ["command"]


@click.command(short_help="Draw how decisions supersede, amend and contradict.")
@folder_option
@click.option("-o", "--output", "path", metavar="FILE", help="Write it: .svg, .html, .mmd ... ; Mermaid by default.")
def command(*, folder: str | None, path: str | None) -> int:
    """Draw which decisions supersede, amend, relate to and conflict with which."""
    from planroom.adr.picture import log_diagram, mermaid_text
    from planroom.adr.store import read_log

    found = read_log(folder)
    if path:
        log_diagram(found).save(path)
    else:
        document(mermaid_text(found))
    return 0
