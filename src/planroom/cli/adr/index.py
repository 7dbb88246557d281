"""planroom adr index: write an index."""

from __future__ import annotations

from pathlib import Path

import click

from planroom.cli._output import document, format_option, object_of
from planroom.cli.adr._shared import folder_option

__all__ = ["command"]


@click.command(short_help="Write an index of the log as Markdown.")
@folder_option
@format_option
@click.option("-o", "--output", "path", metavar="FILE", help="Write it; standard output by default.")
def command(*, folder: str | None, path: str | None, as_json: bool) -> int:
    """Write an index of the log as Markdown."""
    from planroom.adr.store import read_log
    from planroom.files import write_whole

    found = read_log(folder).markdown()
    if path:
        write_whole(Path(path), found)
    if as_json:
        object_of("planroom.adr/1", text=found, file=path or "")
    elif not path:
        document(found)
    return 0
