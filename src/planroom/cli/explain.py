"""planroom explain: the plan that a database has for a statement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from planroom.cli._output import document, note, object_of, text
from planroom.cli._statement import setting_pair, statement_in

if TYPE_CHECKING:
    from planroom.plans import Plan

__all__ = ["command"]


@click.command(short_help="The plan that a database has for a statement.")
@click.argument("sql", metavar="SQL|FILE|-")
@click.option("--on", "engine", required=True, metavar="ENGINE", help="A URL, a database file, or what `show` takes.")
@click.option("--analyze", is_flag=True, help="Run it and measure; what it changes is rolled back.")
@click.option("--param", "params", multiple=True, metavar="V", help="The value of $1, $2 ...: JSON, or else text.")
@click.option("--generic", is_flag=True, help="PostgreSQL's plan for any values.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting for this plan alone.")
@click.option("--allow-functions", is_flag=True, help="Let --analyze run volatile functions on your database.")
@click.option("--timeout", default="30s", show_default=True, metavar="TIME", help="How long the statement may take.")
@click.option(
    "--format",
    "shown_as",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to print the plan; json is one object, html a page.",
)
def command(
    sql: str, *, engine: str, params: tuple[str, ...], settings: tuple[str, ...], timeout: str, shown_as: str,
    **options: bool,
) -> int:  # fmt: skip
    """Show the plan of one statement: SQL, a FILE that holds it, or - for standard input.

    On a database that you name nothing is changed: a statement that writes is planned and never run, and volatile
    functions are not called. What stands for a design is put into an empty database of planroom's own.
    """
    from planroom.quantities import parse_duration
    from planroom.workbench import explain

    plan = explain(
        statement_in(sql),
        on=engine,
        params=[_value(each) for each in params],
        settings=dict(map(setting_pair, settings)),
        timeout_s=parse_duration(timeout),
        **options,
    )
    _put(plan, shown_as)
    return 0


def _value(given: str) -> object:
    try:
        return json.loads(given)
    except ValueError:
        return given


def _put(plan: Plan, shown_as: str) -> None:
    if shown_as == "json":
        object_of("planroom.explain/1", **_fields(plan))
        return
    if shown_as == "html":
        from planroom.display import page, preformatted

        html = plan._repr_mimebundle_(include=["text/html"]).get("text/html", "") or preformatted(str(plan))
        document(page("Query plan", html))
    else:
        text(plan)
    for each in plan.notes:
        note(f"note: {each}")


def _fields(plan: Plan) -> dict[str, object]:
    """Return a plan for programs: what is known about it, and the engine's own object."""
    return {
        "engine": plan.engine,
        "version": plan.version,
        "source": plan.source,
        "sql": plan.sql,
        "analyzed": plan.analyzed,
        "settings": dict(plan.settings),
        "notes": list(plan.notes),
        "total_cost": plan.total_cost,
        "total_ms": plan.total_ms,
        "plan": plan.raw,
    }
