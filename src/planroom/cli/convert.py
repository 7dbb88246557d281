"""planroom convert: a source in another format."""

from __future__ import annotations

import click

from planroom.cli._output import document, format_option, note, object_of
from planroom.cli._source import Source, finding_objects, note_findings, source_options, unread_objects

__all__ = ["command"]


@click.command(short_help="A source in another format.")
@source_options
@click.option("--to", metavar="FORMAT", default="", help="The format to write; by default what FILE's suffix means.")
@click.option("-o", "--output", "path", metavar="FILE", help="Where to; by default to standard output.")
@format_option
def command(source: Source, *, to: str, path: str | None, as_json: bool) -> int:
    """Write SOURCE in another format; `planroom formats` lists them.

    A file is written whole or not at all.
    """
    from planroom.workbench.storing import write, writer
    from planroom.workbench.unread import findings_of

    if not to and not path:
        raise click.UsageError("Neither --to nor --output says which format to write.")
    model = source.read()
    findings = findings_of(model)
    chosen = writer(to, path, dialect=model.dialect)
    losses = chosen.losses(model)
    content = write(model, path or chosen.name, format=chosen.name)
    if as_json:
        object_of(
            "planroom.convert/1",
            source=source.shown,
            to=chosen.name,
            file=path or "",
            text="" if path else content,
            loses=list(chosen.loses),
            losses=finding_objects(losses),
            findings=finding_objects(findings),
            unread=unread_objects(model),
        )
        return source.status(findings)
    if path:
        note(f"{path}: written as {chosen.name}; `planroom formats {chosen.name}` says what it does not keep.")
    else:
        document(content)
    note_findings((*losses, *findings))
    return source.status(findings)
