"""planroom adr check: run the checks of decisions."""

from __future__ import annotations

import click

from planroom.cli._output import format_option, object_of, progress_line, text
from planroom.cli.adr._shared import folder_option, plain

__all__ = ["command"]


@click.command(short_help="Run the checks of the decisions, or of one.")
@click.argument("only", required=False, default="", metavar="[DECISION]")
@folder_option
@click.option("--model", metavar="SOURCE", help="The design that selectors are looked up in.")
@click.option("--no-save", is_flag=True, help="Leave evidence.json as it is.")
@format_option
def command(only: str, *, folder: str | None, model: str | None, no_save: bool, as_json: bool) -> int:
    """Run the checks of the decisions, or of one; exit 1 when one in force is not true.

    Functions are called only in modules that [tool.planroom.adr] allows. A check that cannot be run is not true.
    """
    from planroom.findings import Severity
    from planroom.workbench.decision_log import check_decisions

    found = check_decisions(folder, only=only, model=model, save=not no_save, progress=progress_line())
    if as_json:
        object_of("planroom.adr/1", **plain(found))
    else:
        text(found)
    red = [each for each in found.red if not only or each.record == found.log.find(only)]
    return int(bool(red) or any(each.severity is Severity.ERROR for each in found.findings))
