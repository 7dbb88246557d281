"""planroom scale: the plans of a workload at production scale, without its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planroom.cli._output import format_option, note, object_of, progress_line, text
from planroom.cli._scale import Asked, scale_options

if TYPE_CHECKING:
    from planroom.plans.at_scale import Growth
    from planroom.workbench import ScaledDatabase, Workload

__all__ = ["command"]


@click.command(short_help="Plans at production scale, without its data.")
@scale_options
@click.option("--queries", metavar="PATH", help="A file or folder of queries; without it the sizes alone are shown.")
@click.option("--growth", is_flag=True, help="Show which queries grow dearer faster than their rows.")
@format_option
def command(asked: Asked, *, queries: str | None, growth: bool, as_json: bool) -> int:
    """Plan queries as if SOURCE held so many rows.

    The rows of tables that --rows does not name are those that are known, declared, or follow. No row is made: the
    planner of an embedded PostgreSQL is told what they look like.
    """
    from planroom.workbench import workload

    show = progress_line()
    with asked.database() as big:
        planned = workload(queries, on=big, progress=show) if queries and not growth else None
        grown = big.growth(queries, progress=show) if queries and growth else None
        if show:
            show("")
        if as_json:
            object_of("planroom.scale/1", **_fields(asked, big, planned, grown))
        else:
            text(big if planned is None and grown is None else planned or grown)
            for each in big.notes[:_MOST_NOTED]:
                note(f"note: {each}")
            if len(big.notes) > _MOST_NOTED:
                note(f"... and {len(big.notes) - _MOST_NOTED} more: `--format json` lists them.")
    return 0


_MOST_NOTED = 8


def _fields(asked: Asked, big: ScaledDatabase, planned: Workload | None, grown: Growth | None) -> dict[str, object]:
    fields: dict[str, object] = {"source": asked.source.shown, "rows": dict(big.rows), "notes": list(big.notes)}
    fields["relations"] = [
        {"schema": each.schema, "name": each.name, "table": each.table, "rows": each.rows, "pages": each.pages}
        for each in big.statistics.relations
    ]
    if planned is not None:
        fields["queries"] = [
            {
                "name": each.name,
                "cost": each.plan.total_cost if each.plan else None,
                "shape": each.shape,
                "reason": each.reason,
            }
            for each in planned.queries
        ]
    if grown is not None:
        fields["growth"] = [
            {
                "name": each.name,
                "exponent": round(each.exponent, 4),
                "faster": each.faster,
                "costs": {f"{factor:g}": plan.total_cost for factor, plan in each.plans},
                "reason": each.reason,
            }
            for each in grown.queries
        ]
    return fields
