"""planroom adr lint: say what is wrong with the log."""

from __future__ import annotations

import click

from planroom.cli._output import format_option, object_of, text
from planroom.cli.adr._shared import folder_option, plain

__all__ = ["command"]


@click.command(short_help="What is wrong with the log; runs nothing.")
@folder_option
@click.option("--model", metavar="SOURCE", help="The design that selectors are looked up in.")
@format_option
def command(*, folder: str | None, model: str | None, as_json: bool) -> int:
    """Say what is wrong with the log: numbers, links, claims, selectors, what is due; runs nothing."""
    from planroom.findings import Severity
    from planroom.workbench.decision_log import decisions

    found = decisions(folder, model=model)
    if as_json:
        object_of("planroom.adr/1", **plain(found))
    else:
        text("\n".join(map(str, found.findings)) or "nothing found")
    return int(any(each.severity is Severity.ERROR for each in found.findings))
