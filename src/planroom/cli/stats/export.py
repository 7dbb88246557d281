"""planroom stats export: a database's statistics as a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from planroom.cli._output import document, format_option, note, object_of, text

if TYPE_CHECKING:
    from planroom.scaling.statistics import Statistics

__all__ = ["command"]


@click.command(short_help="Write a database's statistics to a file.")
@click.argument("source", metavar="URL")
@click.option("-o", "--output", "path", metavar="FILE.json", help="Where to; without it they go to standard output.")
@click.option("--schema", metavar="SOURCE", help="The design that says what is personal data; else names decide.")
@click.option("--notes", metavar="FILE", help="Its annotations; by default its neighbour NAME.notes.yml.")
@click.option("--replace", is_flag=True, help="Put made-up values in the place of personal data instead of none.")
@click.option("--ends", is_flag=True, help="Ask also for the least and greatest of each indexed column: reads tables.")
@format_option
def command(
    source: str, *, path: str | None, schema: str | None, notes: str | None, replace: bool, ends: bool, as_json: bool,
) -> int:  # fmt: skip
    """Write what the planner of the database at URL knows to a file: sizes, columns, settings; no table is read.

    URL may also be a file of pg_dump with statistics, or an older export. Values of columns with personal data are left
    out, and the file says which.
    """
    from planroom.scaling.storing import statistics_text
    from planroom.workbench import read, statistics

    model = read(schema, notes=notes) if schema else None
    found = statistics(source, model=model, personal="replace" if replace else "leave out", ends=ends)
    if not path:
        document(statistics_text(found))
        return 0
    written = found.save(path)
    if as_json:
        object_of("planroom.stats/1", file=str(written), **_plain(found))
    else:
        text(found)
        note(f"written: {written}")
    return 0


def _plain(found: Statistics) -> dict[str, object]:
    """Return for programs what was written, without the values."""
    return {
        "source": found.source,
        "version": found.version,
        "relations": len(found.relations),
        "columns": len(found.columns),
        "extended": len(found.extended),
        "settings": dict(sorted(found.settings.items())),
        "left_out": [{"column": column, "how": how} for column, how in found.left_out],
        "assumptions": [asdict(each) for each in found.assumptions],
    }
