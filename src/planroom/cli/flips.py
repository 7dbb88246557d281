"""planroom flips: at how many rows a statement's plan changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planroom.cli._output import format_option, note, object_of, progress_line, text
from planroom.cli._scale import Asked, scale_options
from planroom.cli._statement import statement_in

if TYPE_CHECKING:
    from planroom.plans.at_scale import Flips

__all__ = ["command"]


@click.command(short_help="At how many rows a statement's plan changes.")
@scale_options
@click.option("--query", "sql", required=True, metavar="SQL|FILE", help="The statement.")
@click.option("--table", required=True, help="The table that grows, with what refers to it.")
@click.option("--from-rows", "low", default="1e4", show_default=True, help="The fewest rows.")
@click.option("--to-rows", "high", default="1e10", show_default=True, help="The most rows.")
@click.option("--precision", default=0.05, show_default=True, help="How near a change is to be found, as a share.")
@click.option("--with", "ddl", multiple=True, metavar="DDL", help="Suppose CREATE INDEX or DROP INDEX; repeatable.")
@click.option("-o", "--output", "path", metavar="FILE.svg", help="Draw the cost against the rows.")
@format_option
def command(
    asked: Asked, *, sql: str, table: str, low: str, high: str, precision: float, ddl: tuple[str, ...],
    path: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Find the numbers of rows of TABLE at which the plan of a statement changes, with both plans and what drives it.

    Nothing is executed, and no row is made.
    """
    from planroom.files import write_whole

    statement, show = statement_in(sql), progress_line()
    with asked.database() as base:
        big = base.what_if(*ddl) if ddl else base
        found = big.flips(statement, table, low, high, precision=precision, progress=show)
        picture = big.sweep(statement, table, low, high, progress=show).svg if path else ""
    if show:
        show("")
    if path:
        write_whole(Path(path), picture)
    if as_json:
        object_of("planroom.flips/1", source=asked.source.shown, **_fields(found))
    else:
        text(found)
        if path:
            note(f"{path}: the cost against the rows")
    return 0


def _fields(found: Flips) -> dict[str, object]:
    return {
        "table": found.table,
        "from_rows": found.low,
        "to_rows": found.high,
        "along": list(found.along),
        "tried": found.tried,
        "flips": [
            {
                "below": each.below,
                "above": each.above,
                "drivers": list(each.drivers),
                "change": each.words,
                "cost_before": each.before.total_cost,
                "cost_after": each.after.total_cost,
                "before": each.before.raw,
                "after": each.after.raw,
            }
            for each in found.flips
        ],
        "notes": list(found.notes),
    }
