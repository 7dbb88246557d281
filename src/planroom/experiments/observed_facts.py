"""What a database says of the data behind a design: row counts, and which columns hold personal data by their values.

Each column is asked for a bounded sample in one SELECT, read-only and with a timeout. The values are looked at in the
process and let go; what comes back are counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.errors import EngineError, ServerUnavailableError
from planroom.experiments.sampling import sampled, table_sizes
from planroom.model import Facts, qualified, quote_identifier
from planroom.model.personal_values import personal_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.engines import Engine
    from planroom.model import Column, Model, PersonalValues, Table

__all__ = ["observed_facts"]

VALUES = 500
"""The most values of a column that are looked at."""

TIMEOUT_S = 5.0
_TEXTS = frozenset({"text", "character varying", "character", "citext", "varchar", "inet", "bigint", "numeric"})


def observed_facts(model: Model, engine: Engine, *, progress: Callable[[int, int], None] | None = None) -> Facts:
    """Return the facts of a design's data in a database.

    What cannot be asked, because the table is not there or may not be read, is left out.

    Args:
        model: The design.
        engine: A database that holds its data.
        progress: Called before each question with how many are done, and how many there are.

    Raises:
        ServerUnavailableError: The engine cannot be reached.
    """
    sizes = table_sizes(engine)
    tables = [table for table in model.tables if not table.partition_of]
    columns = [(table, column) for table in tables for column in table.columns if _may_be_personal(column)]
    found = {}
    for done, (table, column) in enumerate(columns):
        if progress is not None:
            progress(done, len(columns))
        values = _values(table, column, engine, sizes.get((table.schema, table.name), 0.0))
        if values is not None:
            found[qualified(table.schema, table.name, column.name)] = values
    rows = {
        table.id: sizes[table.schema, table.name] for table in tables if sizes.get((table.schema, table.name), 0) > 0
    }
    return Facts(rows=rows, personal=found, source=engine.url)


def _may_be_personal(column: Column) -> bool:
    kind = column.type
    return not kind.array and (kind.name in _TEXTS or bool(kind.schema)) and not column.annotations.pii


def _values(table: Table, column: Column, engine: Engine, rows: float) -> PersonalValues | None:
    """Return what the values are; None where they cannot be read, whatever the engine says: it may quote a value."""
    name = quote_identifier(column.name)
    source = sampled(table, engine.name, rows, wanted=VALUES)
    sql = (
        f"SELECT DISTINCT v FROM (SELECT CAST({name} AS varchar) AS v FROM {source} "  # noqa: S608  (names are quoted)
        f"WHERE {name} IS NOT NULL LIMIT {10 * VALUES}) AS taken WHERE v <> '' LIMIT {VALUES}"
    )
    try:
        answer = engine.query(sql, limit=VALUES, timeout_s=TIMEOUT_S)
    except ServerUnavailableError:
        raise
    except EngineError:
        return None
    return personal_values(str(value) for (value,) in answer)
