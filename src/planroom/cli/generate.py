"""planroom generate: synthetic rows of a source."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from planroom.cli._output import format_option, note, object_of, progress_line, text
from planroom.cli._scale import rows_by_table
from planroom.cli._source import Source, finding_objects, note_findings, source_options
from planroom.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.experiments.generation import GeneratedRows

__all__ = ["command"]


@click.command(short_help="Synthetic rows of a source.")
@source_options
@click.option(
    "--rows", "asked", multiple=True, metavar="TABLE=N", help="Rows of a table, such as orders=30k; repeatable."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed gives other rows.")
@click.option("-o", "--output", "path", metavar="DIR|FILE.duckdb", help="Where to; without it they are only counted.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@format_option
def command(source: Source, *, asked: tuple[str, ...], seed: int, path: str | None, force: bool, as_json: bool) -> int:
    """Make up rows for SOURCE that respect its keys, foreign keys and checks.

    Parquet files and a load.sql go to a folder, or all tables to a DuckDB file. Tables that --rows does not name have
    as many rows as follow. The exit status is 1 when rows break a constraint.
    """
    from planroom.workbench import generate
    from planroom.workbench.unread import findings_of

    if path and "://" in path:
        raise SourceError(
            "planroom generates no rows into a database that you named.",
            why="it only reads your databases.",
            fix="write to a folder: its load.sql loads the files into any database that DuckDB can attach.",
        )
    model = source.read()
    findings = findings_of(model)
    show = progress_line()
    with generate(model, rows_by_table(asked), seed=seed, progress=_progress(show)) as made:
        files = made.save(path, force=force) if path else ()
    if show:
        show("")
    broken = any(verdict.result == "broken" for _, verdict in made.unmet)
    if as_json:
        object_of(
            "planroom.generate/1",
            source=source.shown,
            seed=seed,
            rows=made.rows,
            tables=_tables(made),
            skipped=[{"table": table, "why": why} for table, why in made.skipped],
            files=list(files),
            findings=finding_objects(findings),
        )
    else:
        text(made)
        if path:
            note(f"{path}: {made.headline()}")
        note_findings(findings)
    return max(int(broken), source.status(findings))


def _progress(show: Callable[[str], None] | None) -> Callable[[str, int, int], None] | None:
    if show is None:
        return None
    return lambda table, done, total: show(f"{done + 1} of {total}: {table}")


def _tables(made: GeneratedRows) -> list[dict[str, object]]:
    return [
        {
            "table": each.id,
            "rows": each.rows,
            "asked": each.asked,
            "digest": each.digest,
            "constraints": [asdict(verdict) for verdict in each.verdicts],
            "columns": [{"name": column, "how": how} for column, how in each.how],
            "notes": list(each.notes),
        }
        for each in made.tables
    ]
