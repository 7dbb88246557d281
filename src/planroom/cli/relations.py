"""planroom relations: the relations that a source means and does not declare."""

from __future__ import annotations

import sys

import click

from planroom.cli._output import format_option, object_of, text
from planroom.cli._source import Source, finding_objects, note_findings, source_options, unread_objects

__all__ = ["command"]


@click.command(short_help="Relations that no foreign key declares, with scores.")
@source_options
@click.option("--on", metavar="URL", help="A database that holds SOURCE: its data is asked too, and only read.")
@click.option("--minimum", default=0.5, show_default=True, metavar="SCORE", help="The lowest score that is listed.")
@format_option
def command(source: Source, *, on: str | None, minimum: float, as_json: bool) -> int:
    """Infer the relations of SOURCE that no foreign key declares, from names, types, keys and comments.

    With --on, one SELECT a candidate counts how many values are found in the parent, on a sample; no value is shown.
    """
    from planroom.workbench import infer_relations
    from planroom.workbench.unread import findings_of

    model = source.read()
    findings = findings_of(model)
    found = infer_relations(model, on=on, minimum=minimum, progress=_progress if sys.stderr.isatty() else None)
    if as_json:
        object_of(
            "planroom.relations/1",
            source=source.shown,
            minimum=minimum,
            measured=found.measured,
            declared=found.declared,
            relations=[each.as_object for each in found.inferences],
            polymorphic=list(found.polymorphic),
            findings=finding_objects(findings),
            unread=unread_objects(model),
        )
        return source.status(findings)
    text(found)
    note_findings(findings)
    return source.status(findings)


def _progress(done: int, total: int) -> None:
    """Show on one line of a terminal how far it is; the last one wipes the line."""
    line = f"{done + 1} of {total}" if done + 1 < total else ""
    click.echo(f"\r{line:<24}\r", nl=False, err=True)
