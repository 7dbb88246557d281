"""planroom show: what a source holds, where, and what of it could not be read."""

from __future__ import annotations

import dataclasses

import click

from planroom.cli._output import format_option, object_of, text
from planroom.cli._source import Source, finding_objects, source_options, unread_objects

__all__ = ["command"]


@click.command(short_help="What a source holds, and what could not be read.")
@source_options
@format_option
def command(source: Source, *, as_json: bool) -> int:
    """Show what SOURCE holds: tables and relations by area, findings, and what could not be read."""
    from planroom.model.summary import areas, counts
    from planroom.workbench.unread import findings_of

    model = source.read()
    findings = findings_of(model)
    if as_json:
        object_of(
            "planroom.show/1",
            source=source.shown,
            name=model.name,
            dialect=model.dialect,
            counts=counts(model),
            areas=[dataclasses.asdict(area) for area in areas(model)],
            findings=finding_objects(findings),
            unread=unread_objects(model),
        )
    else:
        text(model)
    return source.status(findings)
