"""Extended statistics when rows change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.model import Model, ObjectId, Table
    from planroom.scaling.domains import Domains
    from planroom.scaling.statistics import ExtendedData, Statistics

__all__ = ["grown_groups"]


def grown_groups(
    statistics: Statistics, model: Model, domains: Domains, rows: Mapping[ObjectId, float]
) -> Iterator[ExtendedData]:
    """Yield extended statistics with other rows.

    Different values of columns together grow as the one of them does that grows most, and are never more than rows.
    Dependencies stay. Lists of common values stay where no column of theirs grows, and are left out elsewhere.
    """
    owners = {(each.schema, each.name): table for table in model.tables for each in table.statistics}
    for data in statistics.extended:
        table = owners.get((data.schema, data.name))
        if table is None or table.id not in rows:
            yield data
        else:
            yield _grown(data, table, domains, rows[table.id])


def _grown(data: ExtendedData, table: Table, domains: Domains, rows: float) -> ExtendedData:
    factors = {number: _factor(table, number, domains) for number in range(1, len(table.columns) + 1)}

    def most(numbers: tuple[int, ...]) -> float:
        return max((factors.get(each, 1.0) for each in numbers), default=1.0)

    distinct = data.distinct
    if distinct is not None:
        distinct = tuple((numbers, max(1.0, min(count * most(numbers), rows))) for numbers, count in distinct)
    named = next((each.columns for each in table.statistics if each.name == data.name), ())
    places = [number for number, each in enumerate(table.columns, 1) if each.name in named]
    return replace(data, distinct=distinct, common=data.common if most(tuple(places)) == 1 else None)


def _factor(table: Table, number: int, domains: Domains) -> float:
    domain = domains.of(table, table.columns[number - 1])
    return domain.factor if domain.kind != "closed" else 1.0
