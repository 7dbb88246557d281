"""What commands about a scale have in common: the source, its rows, what is known of its data, settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from planroom.cli._source import source_options
from planroom.cli._statement import setting_pair
from planroom.errors import QuantityError

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.cli._source import Source
    from planroom.workbench import ScaledDatabase, ScaledWarehouse

__all__ = ["Asked", "rows_by_table", "scale_options"]

_LIVE = ("postgresql://", "postgres://")


@dataclass(frozen=True)
class Asked:
    """A design at a scale, as the command line asked for it.

    Attributes:
        source: The design.
        rows: ``TABLE=N`` each.
        stats: Where statistics come from; None for what is declared.
        sample: Whether they are of a sample.
        settings: ``NAME=VALUE`` each.
    """

    source: Source
    rows: tuple[str, ...]
    stats: str | None
    sample: bool
    settings: tuple[str, ...]

    def database(self) -> ScaledDatabase:
        """Return the PostgreSQL database that plans at this scale; a live source tells its statistics, too."""
        from planroom.workbench import at_scale

        stats = self.stats or (self.source.target if self.source.target.startswith(_LIVE) else None)
        rows, settings = rows_by_table(self.rows), dict(map(setting_pair, self.settings))
        return at_scale(self.source.read(), rows, stats=stats, sample=self.sample, settings=settings)

    def warehouse(self) -> ScaledWarehouse:
        """Return the DuckDB that plans at this scale; the source may be Parquet or DuckDB files, too."""
        from planroom.workbench import at_scale

        plain = self.source.target != "-" and not self.source.format and not self.source.notes
        source = self.source.target if plain else self.source.read()
        rows, settings = rows_by_table(self.rows), dict(map(setting_pair, self.settings))
        return at_scale(source, rows, on="duckdb", stats=self.stats, settings=settings)


def scale_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add SOURCE, its options, --rows, --stats and --set to a command; they arrive together as ``asked``."""

    def gathered(
        source: Source, rows: tuple[str, ...], stats: str | None, sample: bool, settings: tuple[str, ...], **rest: Any
    ) -> Any:
        return function(Asked(source, rows, stats, sample, settings), **rest)

    gathered.__doc__ = function.__doc__
    gathered.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    wrapped: Callable[..., Any] = gathered
    for option in (
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the planner."),
        click.option("--sample", is_flag=True, help="The statistics are of a sample: moments stay."),
        click.option("--stats", metavar="URL|FILE", help="Statistics of a real database, or a file with such."),
        click.option(
            "--rows", multiple=True, metavar="TABLE=N", help="Rows of a table, such as orders=10bn; repeatable."
        ),
    ):
        wrapped = option(wrapped)
    return source_options(wrapped)


def rows_by_table(asked: tuple[str, ...]) -> dict[str, str]:
    """Return rows by table from ``TABLE=N``; a name may hold ``=`` itself.

    Raises:
        QuantityError: One does not say how many rows of which table.
    """
    found: dict[str, str] = {}
    for each in asked:
        table, equals, count = each.rpartition("=")
        if not equals or not table:
            raise QuantityError(f"{each!r} does not say how many rows of which table.", fix="write --rows orders=30k.")
        found[table] = count
    return found
