"""What the commands that hold plans have in common: where the queries, the database and the accepted plans are."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planroom.cli._output import progress_line
from planroom.errors import PlanroomError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planroom.workbench.workloads import Workload

__all__ = ["planned", "queries_options", "snapshots_of"]


def queries_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument SOURCE and the options that say which queries are planned on it."""
    options = (
        click.argument("source"),
        click.option("--queries", multiple=True, required=True, metavar="PATH", help="A folder or file of queries."),
        click.option(
            "--snapshots", metavar="FILE", help="The accepted plans; by default plans.json beside the queries."
        ),
        click.option("--rows", multiple=True, metavar="TABLE=N", help="Rows to make up in the schema, orders=30k."),
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting for these plans."),
        click.option(
            "--tolerance", default=0.2, show_default=True, metavar="SHARE", help="How much dearer is the same."
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def planned(source: str, queries: tuple[str, ...], rows: tuple[str, ...], settings: tuple[str, ...]) -> Workload:
    """Return the queries with their plans on a database, or on a schema put into one of planroom's own."""
    from planroom.workbench import workload

    paths: list[str | Path] = [Path(each) for each in queries]
    with _database(source, rows) as on:
        return workload(paths, on, settings=dict(map(_setting, settings)) or None, progress=progress_line())


@contextlib.contextmanager
def _database(source: str, rows: tuple[str, ...]) -> Iterator[Any]:
    if not rows:
        yield source
        return
    from planroom.workbench import database
    from planroom.workbench.asking import is_database

    if is_database(source):
        raise PlanroomError(
            "--rows makes rows up in a schema, and this is a database.",
            why="planroom never changes a database that you named.",
            fix="name a schema file, or leave --rows out.",
        )
    made_up: dict[str, Any] = {"rows": dict(map(_rows, rows))}
    with database(source, **made_up) as engine:
        yield engine


def snapshots_of(queries: tuple[str, ...], given: str | None) -> Path:
    """Return the file of the accepted plans."""
    from planroom.workbench.plan_snapshots import beside

    return Path(given) if given else beside(Path(queries[0]))


def _rows(given: str) -> tuple[str, float]:
    from planroom.quantities import parse_count

    name, equals, number = given.rpartition("=")
    if not equals or not name:
        raise PlanroomError(f"--rows {given!r} says nothing.", fix="write TABLE=N, such as orders=30k.")
    return name, float(parse_count(number))


def _setting(given: str) -> tuple[str, object]:
    name, equals, value = given.partition("=")
    if not equals or not name:
        raise PlanroomError(f"--set {given!r} says nothing.", fix="write NAME=VALUE, such as work_mem=64MB.")
    return name, value
