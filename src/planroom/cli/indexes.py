"""planroom indexes: which indexes a workload wants at production scale."""

from __future__ import annotations

import click

from planroom.cli._output import document, note, object_of, progress_line, text
from planroom.cli._scale import Asked, scale_options
from planroom.errors import QuantityError

__all__ = ["command"]


@click.command(short_help="Which indexes a workload wants at production scale.")
@scale_options
@click.option(
    "--queries", required=True, metavar="PATH", help="SQL, an export of pg_stat_statements, or a PostgreSQL log."
)
@click.option("--budget", metavar="SIZE", help="The most that the new indexes may take, such as 20GB.")
@click.option(
    "--writes", multiple=True, metavar="TABLE=N", help="Rows written a second, such as orders=200; repeatable."
)
@click.option("--period", default="1s", show_default=True, help="The time in which the queries were called.")
@click.option("--width", default=3, show_default=True, help="The most key parts of an index.")
@click.option(
    "--format",
    "shown_as",
    type=click.Choice(["text", "json", "sql"]),
    default="text",
    show_default=True,
    help="How to print the advice; sql is the script alone.",
)
def command(
    asked: Asked, *, queries: str, budget: str | None, writes: tuple[str, ...], period: str, width: int, shown_as: str
) -> int:
    """Choose indexes for a workload as if SOURCE held so many rows, and say which may go.

    Nothing is executed, and no row is made: candidates are built on empty tables and planned with at their size.
    """
    show = progress_line()
    with asked.database() as big:
        advice = big.advise_indexes(
            queries, budget=budget, write_rates=_rates(writes), period=period, width=width, progress=show
        )
        assumed = big.notes
    if show:
        show("")
    if shown_as == "json":
        from planroom.advice.indexing.plain import SCHEMA, plain

        fields = {**plain(advice), "notes": [*advice.notes, *assumed]}
        object_of(SCHEMA, source=asked.source.shown, **fields)
    elif shown_as == "sql":
        document(advice.ddl)
    else:
        text(advice)
        note(f"{len(assumed)} assumptions: `--format json` lists them.")
    return 0


def _rates(writes: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for each in writes:
        table, equals, rate = each.rpartition("=")
        try:
            found[table] = float(rate)
        except ValueError:
            equals = ""
        if not equals or not table:
            raise QuantityError(f"{each!r} does not say how many rows are written.", fix="write --writes orders=200.")
    return found
