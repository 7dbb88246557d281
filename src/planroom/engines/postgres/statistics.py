"""A live PostgreSQL's statistics, as its planner sees them: read from the catalog, no table is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.collector import put_off
from planroom.engines.postgres.gathering.analysed import column_rows, never_analysed, unusable_indexes
from planroom.engines.postgres.gathering.columns import column_statistics, untold_expressions, untold_ranges
from planroom.engines.postgres.gathering.extended import extended_data, untold_extended
from planroom.engines.postgres.gathering.probes import first_pages, index_definitions, settle, with_ends
from planroom.engines.postgres.gathering.relations import relation_rows
from planroom.engines.postgres.gathering.settings import others_settings, planner_settings, sorting
from planroom.scaling.statistics import Statistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planroom.engines.postgres.catalog.session import Session
    from planroom.engines.postgres.engine import PostgresEngine
    from planroom.engines.postgres.gathering.relations import Relation
    from planroom.scaling.statistics import Assumption, ColumnStatistics

__all__ = ["read_statistics"]


@put_off()
def read_statistics(engine: PostgresEngine, *, ends: bool = False) -> Statistics:
    """Return what the planner of a database knows: sizes, columns, extended statistics and settings.

    Read from the catalog in one READ ONLY snapshot, with as many queries whatever the size of the database. Values
    are printed in one way (ISO dates, UTC, hexadecimal bytes, all digits), so that they mean the same elsewhere. What
    the role may not see, was never analysed, or cannot be carried is named in `Statistics.assumptions`. The values of
    rows are in it: see `planroom.scaling.privacy`.

    Args:
        engine: The database, PostgreSQL 12 to 18.
        ends: Ask for the least and the greatest value of each column that leads a B-tree, by two probes of the index
            each. This, and nothing else, reads tables.

    Raises:
        StatementFailedError: The role may not read the catalog, or it took too long.
        ServerUnavailableError: The connection broke.
    """
    with engine.snapshot() as run:
        session = settle(run, engine.url)
        found = relation_rows(session)
        columns = column_statistics(session, {each.key for each in found})
        statistics = Statistics(
            extended=extended_data(session),
            settings=planner_settings(session),
            version=session.version,
            source=engine.url,
            assumptions=tuple(_assumptions(session, found, columns)),
        )
    told, unsaid = first_pages(engine)
    definitions, undefined = index_definitions(engine)
    relations = []
    for each in found:
        height, counts = told.get(each.key, (None, None))
        definition = definitions.get(each.key, "")
        relations.append(replace(each.statistics, height=height, counts=counts, definition=definition))
    columns, unasked = with_ends(engine, columns) if ends else (columns, ())
    assumptions = (*statistics.assumptions, *unsaid, *undefined, *unasked)
    return replace(statistics, relations=tuple(relations), columns=columns, assumptions=assumptions)


def _assumptions(
    session: Session, found: Sequence[Relation], columns: Sequence[ColumnStatistics]
) -> Iterator[Assumption]:
    """Yield what a reader of a plan has to know, in a fixed order."""
    told = {(each.schema, each.table, each.column) for each in columns}
    yield from never_analysed(found, column_rows(session), told)
    yield from unusable_indexes(found)
    yield from untold_expressions(session)
    yield from untold_ranges(session)
    yield from untold_extended(session)
    yield from sorting(session)
    yield from others_settings(session)
