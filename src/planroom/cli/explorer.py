"""planroom explorer: a source as one HTML page to explore."""

from __future__ import annotations

import click

from planroom.cli._output import format_option, note, object_of
from planroom.cli._source import Source, finding_objects, note_findings, source_options, unread_objects

__all__ = ["command"]


@click.command(short_help="A source as one HTML page to explore.")
@source_options
@click.option("-o", "--output", "path", metavar="FILE", default="explorer.html", show_default=True, help="The page.")
@format_option
def command(source: Source, *, path: str, as_json: bool) -> int:
    """Write SOURCE as a page to search, zoom and follow relations in.

    It is one file that needs no server and asks no host for anything. A file is written whole or not at all.
    """
    from planroom.workbench import explorer

    page = explorer(source.read())
    page.save(path)
    if as_json:
        object_of(
            "planroom.explorer/1",
            source=source.shown,
            file=path,
            size_bytes=len(page.html.encode()),
            findings=finding_objects(page.findings),
            unread=unread_objects(page.model),
        )
        return source.status(page.findings)
    note(f"{path}: {page!r}")
    note_findings(page.findings)
    return source.status(page.findings)
