"""planroom adr show: print one decision."""

from __future__ import annotations

import click

from planroom.cli._output import document, format_option, object_of
from planroom.cli.adr._shared import folder_option, plain_record

__all__ = ["command"]


@click.command(short_help="Print one decision.")
@click.argument("name", metavar="DECISION")
@folder_option
@format_option
def command(name: str, *, folder: str | None, as_json: bool) -> int:
    """Print one decision, by number, id or name."""
    from planroom.adr.store import read_log

    found = read_log(folder)
    record = found.find(name)
    if record is None:
        from planroom.errors import UnknownNameError

        raise UnknownNameError.of("decision", name, [each.id for each in found.records], listing="planroom adr list")
    if as_json:
        object_of("planroom.adr/1", decisions=[{**plain_record(record), "text": record.text}])
    else:
        document(record.text)
    return 0
