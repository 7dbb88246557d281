"""What the commands about decisions share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planroom.cli._output import format_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planroom.adr.record import Record
    from planroom.workbench.decision_log import Decisions

__all__ = ["folder_option", "plain", "plain_record", "status_command", "tell"]

folder_option = click.option(
    "--folder", metavar="DIR", help="The log; by default the one that the settings name, or adr/."
)


def plain_record(record: Record) -> dict[str, object]:
    """Return a decision for programs, without its text."""
    return {
        "id": record.id,
        "title": record.title,
        "status": record.status,
        "date": record.date,
        "file": record.source,
        "affects": list(record.affects()),
        "links": [{"kind": link.kind, "target": link.target} for link in record.links],
    }


def tell(records: Iterable[Record], *, as_json: bool) -> int:
    """Say which decisions were written, to people or to programs; return the exit status."""
    from planroom.cli._output import note, object_of

    if as_json:
        object_of("planroom.adr/1", decisions=[plain_record(each) for each in records])
    else:
        for each in records:
            note(f"{each.source}: {each}")
    return 0


def plain(found: Decisions) -> dict[str, object]:
    """Return a log and what is known of it for programs."""
    from planroom.linting.reporting.plain import plain_finding

    return {
        "decisions": [plain_record(each) for each in found.log.records],
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
    @format_option
    def command(decision: str, *, folder: str | None, as_json: bool) -> int:
        from planroom.adr import store

        return tell([getattr(store, verb)(decision, folder=folder)], as_json=as_json)

    return command
