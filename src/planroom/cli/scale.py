"""planroom scale: the plans of a workload at production scale, without its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planroom.cli._output import format_option, note, object_of, progress_line, text
from planroom.cli._scale import Asked, scale_options
from planroom.errors import StatementRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.plans.at_scale import Growth
    from planroom.workbench import ScaledDatabase, Workload

    Answer = tuple[str, dict[str, object], tuple[str, ...]]
    Show = Callable[[str], None] | None

__all__ = ["command"]


@click.command(short_help="Plans at production scale, without its data.")
@scale_options
@click.option("--on", "engine", type=click.Choice(["postgres", "duckdb"]), default="postgres", show_default=True)
@click.option("--queries", metavar="PATH", help="A file or folder of queries; without it the sizes alone are shown.")
@click.option("--growth", is_flag=True, help="Show which queries grow dearer faster than their rows (PostgreSQL).")
@click.option("--save", "folder", metavar="DIR", help="Write DuckDB's footers, so that CI can plan without data.")
@format_option
def command(
    asked: Asked, *, engine: str, queries: str | None, growth: bool, folder: str | None, as_json: bool
) -> int:  # fmt: skip
    """Plan queries as if SOURCE held so many rows.

    The rows of tables that --rows does not name are those that are known, declared, or follow. No row is made: the
    planner of an embedded PostgreSQL is told what they look like. With --on duckdb, SOURCE may also be Parquet files or
    what --save wrote; DuckDB then plans on files of which there is only the footer.
    """
    _refuse_what_does_not_fit(engine, growth=growth, folder=folder)
    show = progress_line()
    ask = _in_duckdb if engine == "duckdb" else _in_postgres
    shown, fields, notes = ask(asked, queries, growth=growth, folder=folder, show=show)
    if show:
        show("")
    if as_json:
        object_of("planroom.scale/1", source=asked.source.shown, engine=engine, notes=list(notes), **fields)
        return 0
    text(shown)
    if folder:
        note(f"{folder}: the footers")
    for each in notes[:_MOST_NOTED]:
        note(f"note: {each}")
    if len(notes) > _MOST_NOTED:
        note(f"... and {len(notes) - _MOST_NOTED} more: `--format json` lists them.")
    return 0


def _refuse_what_does_not_fit(engine: str, *, growth: bool, folder: str | None) -> None:
    if engine == "duckdb" and growth:
        raise StatementRefusedError(
            "DuckDB tells no cost that could grow.", why="its plans hold rows alone.", fix="leave --on duckdb out."
        )
    if engine != "duckdb" and folder:
        raise StatementRefusedError("Only DuckDB's footers can be saved.", fix="add --on duckdb.")


def _in_postgres(
    asked: Asked, queries: str | None, *, growth: bool, folder: str | None, show: Show
) -> Answer:  # fmt: skip
    """Return what is to be shown, the same as fields for programs, and what is assumed."""
    from planroom.workbench import workload

    del folder
    with asked.database() as big:
        fields = _sizes(big)
        if queries and growth:
            grown = big.growth(queries, progress=show)
            return str(grown), fields | _growth(grown), big.notes
        if queries:
            planned = workload(queries, on=big, progress=show)
            return str(planned), fields | _queries(planned), big.notes
        return str(big), fields, big.notes


def _in_duckdb(asked: Asked, queries: str | None, *, growth: bool, folder: str | None, show: Show) -> Answer:
    """Return the same of DuckDB, and write its footers where that is asked for."""
    from planroom.workbench import workload

    del growth
    with asked.warehouse() as big:
        if folder:
            big.save(folder)
        if not queries:
            return str(big), {}, big.notes
        planned = workload(queries, on=big, progress=show)
        return str(planned), _queries(planned), big.notes


_MOST_NOTED = 8


def _sizes(big: ScaledDatabase) -> dict[str, object]:
    relations = [
        {"schema": each.schema, "name": each.name, "table": each.table, "rows": each.rows, "pages": each.pages}
        for each in big.statistics.relations
    ]
    return {"rows": dict(big.rows), "relations": relations}


def _queries(planned: Workload) -> dict[str, object]:
    found = [
        {
            "name": each.name,
            "cost": each.plan.total_cost if each.plan else None,
            "rows": each.plan.root.estimated_rows if each.plan else None,
            "shape": each.shape,
            "reason": each.reason,
        }
        for each in planned.queries
    ]
    return {"queries": found}


def _growth(grown: Growth) -> dict[str, object]:
    found = [
        {
            "name": each.name,
            "exponent": round(each.exponent, 4),
            "faster": each.faster,
            "costs": {f"{factor:g}": plan.total_cost for factor, plan in each.plans},
            "reason": each.reason,
        }
        for each in grown.queries
    ]
    return {"growth": found}
