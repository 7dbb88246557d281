"""planroom diff: what differs between two sources, and what follows from it."""

from __future__ import annotations

import click

from planroom.cli._options import fail_on_option, forms_option
from planroom.cli._output import document, note, object_of, text
from planroom.cli._source import Source, finding_objects, note_findings

__all__ = ["command"]


@click.command(short_help="What differs between two sources, and what follows.")
@click.argument("old")
@click.argument("new")
@click.option("--from", "from_format", default="", metavar="FORMAT", help="The format of both, where nothing tells.")
@click.option("-o", "--output", "path", metavar="FILE", help="Where to: .svg or .html (a picture), .md, or .json.")
@forms_option("text", "json", "markdown")
@click.option("--renames/--no-renames", default=True, help="Look for renamed objects by what they are made of.")
@fail_on_option("The severity from which on the exit status is 1; breaking is a warning, destructive an error.")
def command(
    old: str, new: str, *, from_format: str, path: str | None, shown_as: str, renames: bool, fail_on: str
) -> int:
    """Compare OLD with NEW: files, folders, URLs, or git revisions such as main:schemas/shop.sql.

    Each change is additive, compatible, breaking for writers, breaking for readers, or destructive.
    """
    from planroom.comparison.card import headline
    from planroom.comparison.plain import SCHEMA, plain
    from planroom.workbench import diff
    from planroom.workbench.decision_log import touched_by
    from planroom.workbench.unread import findings_of

    sources = [Source(each, from_format, None, fail_on) for each in (old, new)]
    before, after = (source.read() for source in sources)
    found = diff(before, after, renames=renames)
    findings = (*findings_of(before), *findings_of(after))
    decisions = touched_by(found)
    if path:
        found.save(path)
        note(f"{path}: {headline(found)}")
    if shown_as == "json":
        names = {"old": sources[0].shown, "new": sources[1].shown, "file": path or ""}
        object_of(
            SCHEMA,
            **names,
            **plain(found),
            findings=finding_objects(findings),
            decisions=[each.plain() for each in decisions],
        )
    elif not path and shown_as == "markdown":
        document(found.markdown + "".join(f"\n- {each}" for each in decisions) + "\n" * bool(decisions))
    elif not path:
        text("\n".join(map(str, (found, *decisions))))
    note_findings(findings)
    return sources[0].status((*findings, *found.findings))
