"""planroom adr: the decision log."""

from __future__ import annotations

from pathlib import Path

import click

from planroom.cli._output import document, format_option, note, object_of, progress_line, text

__all__ = ["command"]

_folder = click.option("--folder", metavar="DIR", help="The log; by default the one that the settings name, or adr/.")


@click.group(short_help="Decision records: list, make, link, check.", name="adr")
def command() -> None:
    """Read, write and check the decisions of a folder: MADR, Nygard's form, log4brains.

    Listing, drawing and linting run nothing that a record names; `check` does.
    """


@command.command("list")
@_folder
@click.option("--model", metavar="SOURCE", help="The design that selectors are looked up in.")
@format_option
def list_(*, folder: str | None, model: str | None, as_json: bool) -> int:
    """List the decisions, with what is known of their checks."""
    from planroom.workbench.decision_log import decisions

    found = decisions(folder, model=model)
    if as_json:
        object_of("planroom.adr/1", **_plain(found))
    else:
        text(found)
    return 0


def _plain(found: object) -> dict[str, object]:
    from planroom.linting.reporting.plain import plain_finding
    from planroom.workbench.decision_log import Decisions

    assert isinstance(found, Decisions)  # noqa: S101  (both callers made it)
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


@command.command()
@click.argument("name", metavar="DECISION")
@_folder
def show(name: str, *, folder: str | None) -> int:
    """Print one decision, by number, id or name."""
    from planroom.adr.store import read_log

    found = read_log(folder)
    record = found.find(name)
    if record is None:
        from planroom.errors import UnknownNameError

        raise UnknownNameError.of("decision", name, [each.id for each in found.records], listing="planroom adr list")
    document(record.text)
    return 0


@command.command()
@click.argument("title")
@click.option("--status", default="proposed", show_default=True)
@click.option("--affects", multiple=True, metavar="SELECTOR", help="What it is about: table:orders, column:*.email.")
@click.option("--option", "options", multiple=True, metavar="TEXT", help="An option considered; the first is chosen.")
@click.option("--supersedes", default="", metavar="DECISION", help="The decision that this one replaces.")
@click.option("--style", default="", metavar="NAME", help="madr or nygard; by default that of the log.")
@_folder
def new(
    title: str, *, status: str, affects: tuple[str, ...], options: tuple[str, ...], supersedes: str, style: str,
    folder: str | None,
) -> int:  # fmt: skip
    """Write a new decision."""
    from planroom.adr.store import new as write

    record = write(
        title, status=status, affects=affects, options=options, supersedes=supersedes, style=style, folder=folder
    )
    note(f"{record.source}: {record}")
    return 0


def _changing(name: str, words: str) -> None:
    """Add a command that changes the status of one decision."""

    @command.command(name, help=f"Mark a decision as {words}.")
    @click.argument("decision", metavar="DECISION")
    @_folder
    def change(decision: str, *, folder: str | None) -> int:
        from planroom.adr import store

        record = getattr(store, name)(decision, folder=folder)
        note(f"{record.source}: {record}")
        return 0


for _name, _words in (("accept", "accepted"), ("reject", "rejected"), ("deprecate", "deprecated")):
    _changing(_name, _words)


@command.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_folder
def supersede(old: str, new: str, *, folder: str | None) -> int:
    """Mark OLD as superseded by NEW, in both of them."""
    from planroom.adr.store import supersede as write

    for record in write(old, new, folder=folder):
        note(f"{record.source}: {record}")
    return 0


@command.command()
@click.argument("decision", metavar="DECISION")
@click.argument("kind", metavar="KIND")
@click.argument("other", metavar="OTHER")
@_folder
def link(decision: str, kind: str, other: str, *, folder: str | None) -> int:
    """Link two decisions, in both of them; KIND is "amends", "relates to", "conflicts with" or "supersedes"."""
    from planroom.adr.store import link as write

    for record in write(decision, kind, other, folder=folder):
        note(f"{record.source}: {record}")
    return 0


@command.command()
@click.argument("decision", metavar="DECISION")
@click.option("--to", "number", type=int, metavar="N", help="The new number; the next free one by default.")
@_folder
def renumber(decision: str, *, number: int | None, folder: str | None) -> int:
    """Give a decision another number: its file, its title and every link to it."""
    from planroom.adr.store import renumber as write

    record = write(decision, number, folder=folder)
    note(f"{record.source}: {record}")
    return 0


@command.command()
@_folder
@click.option("-o", "--output", "path", metavar="FILE", help="Write it; standard output by default.")
def index(*, folder: str | None, path: str | None) -> int:
    """Write an index of the log as Markdown."""
    from planroom.adr.store import read_log
    from planroom.files import write_whole

    found = read_log(folder).markdown()
    if path:
        write_whole(Path(path), found)
    else:
        document(found)
    return 0


@command.command()
@_folder
@click.option("-o", "--output", "path", metavar="FILE", help="Write it: .svg, .html, .mmd ... ; Mermaid by default.")
def graph(*, folder: str | None, path: str | None) -> int:
    """Draw which decisions supersede, amend, relate to and conflict with which."""
    from planroom.adr.picture import log_diagram, mermaid_text
    from planroom.adr.store import read_log

    found = read_log(folder)
    if path:
        log_diagram(found).save(path)
    else:
        document(mermaid_text(found))
    return 0


@command.command()
@click.argument("only", required=False, default="", metavar="[DECISION]")
@_folder
@click.option("--model", metavar="SOURCE", help="The design that selectors are looked up in.")
@click.option("--no-save", is_flag=True, help="Leave evidence.json as it is.")
@format_option
def check(only: str, *, folder: str | None, model: str | None, no_save: bool, as_json: bool) -> int:
    """Run the checks of the decisions, or of one; exit 1 when one in force is not true.

    Functions are called only in modules that [tool.planroom.adr] allows. A check that cannot be run is not true.
    """
    from planroom.findings import Severity
    from planroom.workbench.decision_log import check_decisions

    found = check_decisions(folder, only=only, model=model, save=not no_save, progress=progress_line())
    if as_json:
        object_of("planroom.adr/1", **_plain(found))
    else:
        text(found)
    red = [each for each in found.red if not only or each.record == found.log.find(only)]
    return int(bool(red) or any(each.severity is Severity.ERROR for each in found.findings))


@command.command()
@_folder
@click.option("--model", metavar="SOURCE", help="The design that selectors are looked up in.")
@format_option
def lint(*, folder: str | None, model: str | None, as_json: bool) -> int:
    """Say what is wrong with the log: numbers, links, claims, selectors, what is due; runs nothing."""
    from planroom.findings import Severity
    from planroom.workbench.decision_log import decisions

    found = decisions(folder, model=model)
    if as_json:
        object_of("planroom.adr/1", **_plain(found))
    else:
        text("\n".join(map(str, found.findings)) or "nothing found")
    return int(any(each.severity is Severity.ERROR for each in found.findings))
