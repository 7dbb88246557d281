"""planroom coverage: how much of a source is documented."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from planroom.cli._output import format_option, note, object_of, text
from planroom.cli._source import Source, finding_objects, note_findings, source_options, unread_objects

if TYPE_CHECKING:
    from planroom.advice.documentation import AreaCoverage, Coverage, Tally

__all__ = ["command"]


@click.command(short_help="How much of a source is documented, and what is not.")
@source_options
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit with 1 below this share.")
@click.option("--keys/--no-keys", default=True, help="Count the columns of foreign and surrogate keys too.")
@click.option("-o", "--output", "path", metavar="FILE", help="Write it: .svg, .html or .md.")
@format_option
def command(source: Source, *, fail_under: float | None, keys: bool, path: str | None, as_json: bool) -> int:
    """Count which tables, columns, views, types and routines of SOURCE have a comment.

    The exit status is 1 when fewer than --fail-under percent have one.
    """
    from planroom.workbench import coverage
    from planroom.workbench.unread import findings_of

    model = source.read()
    findings = findings_of(model)
    found = coverage(model, keys=keys)
    below = fail_under is not None and found.total.share * 100 < fail_under
    if path:
        found.save(path)
    if as_json:
        object_of(
            "planroom.coverage/1",
            source=source.shown,
            **_plain(found),
            fail_under=fail_under,
            below=below,
            file=path or "",
            findings=finding_objects(findings),
            unread=unread_objects(model),
        )
    else:
        note(f"{path}: {found!r}") if path else text(found)
        note_findings(findings)
        if below:
            note(f"{found.total.share * 100:.1f} % is less than the {fail_under:g} % of --fail-under.")
    return max(int(below), source.status(findings))


def _plain(found: Coverage) -> dict[str, object]:
    """Return a coverage as plain data."""
    return {
        "name": found.name,
        "total": _tally(found.total),
        "areas": [_area(each) for each in found.areas],
        "kinds": {kind: _tally(tally) for kind, tally in found.kinds},
        "gaps": [dataclasses.asdict(gap) for gap in found.gaps],
        "left_out": found.left_out,
        "owners": _tally(found.owners),
        "contexts": _tally(found.contexts),
        "classified": found.classified,
        "suspects": list(found.suspects),
    }


def _tally(tally: Tally) -> dict[str, object]:
    return {"documented": tally.documented, "total": tally.total, "share": round(tally.share, 6)}


def _area(area: AreaCoverage) -> dict[str, object]:
    parts = {"total": area.total, "tables": area.tables, "columns": area.columns, "others": area.others}
    return {"name": area.name, **{name: _tally(tally) for name, tally in parts.items()}}
