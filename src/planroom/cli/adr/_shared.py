"""What the commands about decisions share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from planroom.workbench.decision_log import Decisions

__all__ = ["folder_option", "plain", "status_command"]

folder_option = click.option(
    "--folder", metavar="DIR", help="The log; by default the one that the settings name, or adr/."
)


def plain(found: Decisions) -> dict[str, object]:
    """Return a log and what is known of it for programs."""
    from planroom.linting.reporting.plain import plain_finding

    return {
        "decisions": [
            {
                "id": each.id,
                "title": each.title,
                "status": each.status,
                "date": each.date,
                "file": each.source,
                "affects": list(each.affects()),
                "links": [{"kind": link.kind, "target": link.target} for link in each.links],
            }
            for each in found.log.records
        ],
        "checks": [
            {
                "decision": each.record.id,
                "check": each.check.id,
                "claim": str(each.check),
                "state": str(each.state),
                "words": each.outcome.words if each.outcome is not None else "",
                "at": each.outcome.at if each.outcome is not None else "",
                "engine": each.outcome.engine if each.outcome is not None else "",
            }
            for each in found.claims
        ],
        "findings": [plain_finding(each) for each in found.findings],
    }


def status_command(verb: str, status: str) -> click.Command:
    """Return the command that gives one decision another status."""

    @click.command(
        short_help=f"Mark a decision as {status}.", help=f"Mark DECISION, a number, id or name, as {status}."
    )
    @click.argument("decision", metavar="DECISION")
    @folder_option
    def command(decision: str, *, folder: str | None) -> int:
        from planroom.adr import store
        from planroom.cli._output import note

        record = getattr(store, verb)(decision, folder=folder)
        note(f"{record.source}: {record}")
        return 0

    return command
