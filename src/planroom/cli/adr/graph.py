"""planroom adr graph: draw how decisions hang together."""

from __future__ import annotations

import click

from planroom.cli._output import document, format_option, object_of
from planroom.cli.adr._shared import folder_option

__all__ = ["command"]


@click.command(short_help="Draw how decisions supersede, amend and contradict.")
@folder_option
@format_option
@click.option("-o", "--output", "path", metavar="FILE", help="Write it: .svg, .html, .mmd ... ; Mermaid by default.")
def command(*, folder: str | None, path: str | None, as_json: bool) -> int:
    """Draw which decisions supersede, amend, relate to and conflict with which."""
    from planroom.adr.picture import log_diagram, mermaid_text
    from planroom.adr.store import read_log

    found = read_log(folder)
    if path:
        log_diagram(found).save(path)
    if as_json:
        object_of("planroom.adr/1", text=mermaid_text(found), file=path or "")
    elif not path:
        document(mermaid_text(found))
    return 0
