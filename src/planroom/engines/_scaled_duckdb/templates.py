"""A Parquet footer for each table of a design, written by DuckDB itself: the right types, and the ends of columns.

DuckDB writes the values that are known of a column, a handful of rows; their footer holds the least and the greatest
of them. Its counts are then those of a small file, which `planroom.scaling.parquet.forging` makes large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines._scaled_duckdb.asking import identifier, literal, rows_of
from planroom.engines._scaled_duckdb.forged_table import ForgedEnum, ForgedView
from planroom.engines._scaled_duckdb.parquet_files import read_footer
from planroom.engines.duckdb import DuckDBEngine
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.engines._scaled_duckdb.folder import OwnFolder
    from planroom.model import Model
    from planroom.scaling.parquet.footer import Footer

    Ends = Mapping[tuple[str, str, str], Sequence[str]]

__all__ = ["Template", "Templates", "templates"]

_CHANGED = ("HUGEINT", "UHUGEINT", "BIT", "BIGNUM", "TIME WITH TIME ZONE", "UNION")


@dataclass(frozen=True, slots=True)
class Template:
    """A table as DuckDB has it: its columns with their types, and a footer with their ends."""

    schema: str
    name: str
    types: tuple[tuple[str, str], ...]
    footer: Footer


@dataclass(frozen=True, slots=True)
class Templates:
    """What DuckDB made of a design.

    Attributes:
        tables: The tables, by schema and name.
        enums: The enums.
        views: The views.
        notes: Types that Parquet has not.
    """

    tables: Mapping[tuple[str, str], Template]
    enums: tuple[ForgedEnum, ...]
    views: tuple[ForgedView, ...]
    notes: tuple[str, ...] = ()


def templates(model: Model, ends: Ends, folder: OwnFolder) -> Templates:
    """Return what DuckDB makes of a design.

    Args:
        model: The design; what DuckDB has not becomes what `planroom.formats.duckdb` makes of it.
        ends: Values of columns, as text, among which are the least and the greatest; by schema, table and column.
        folder: Where DuckDB may write.

    Raises:
        StatementFailedError: DuckDB refuses the design; the message is its own.
    """
    from planroom.formats import FORMATS

    with DuckDBEngine() as engine:
        engine.run(FORMATS["duckdb"].write(model))
        types = _types(engine)
        found = {
            key: Template(*key, columns, _written(engine, key, columns, ends, folder)) for key, columns in types.items()
        }
        return Templates(found, _enums(engine), _views(engine), tuple(_changed(types)))


def _types(engine: DuckDBEngine) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    rows = rows_of(
        engine,
        "SELECT c.schema_name, c.table_name, c.column_name, c.data_type FROM duckdb_columns() c "
        "JOIN duckdb_tables() t USING (table_oid) WHERE NOT c.internal AND t.database_name = current_database() "
        "AND c.database_name = current_database() ORDER BY c.schema_name, c.table_name, c.column_index",
    )
    found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for schema, table, column, kind in rows:
        found[schema, table] = (*found.get((schema, table), ()), (column, kind))
    return found


def _written(
    engine: DuckDBEngine,
    key: tuple[str, str],
    columns: Sequence[tuple[str, str]],
    ends: Ends,
    folder: OwnFolder,
) -> Footer:
    """Let DuckDB write the known values of a table, and return the footer of what it wrote."""
    path = folder.path / "template.parquet"
    cells = ", ".join(
        f"unnest({_values(ends.get((*key, name), ()), kind)}) AS {identifier(name)}" for name, kind in columns
    )
    engine.run(f"COPY (SELECT {cells}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION uncompressed)")
    try:
        return read_footer(path)
    finally:
        path.unlink(missing_ok=True)


def _values(values: Sequence[str], kind: str) -> str:
    """Return a list of a type; what is no value of it becomes NULL, and stands for nothing known."""
    cells = ", ".join(f"TRY_CAST({literal(each)} AS {kind})" for each in values) or f"CAST(NULL AS {kind})"
    return f"[{cells}]"


def _enums(engine: DuckDBEngine) -> tuple[ForgedEnum, ...]:
    rows = rows_of(
        engine,
        "SELECT schema_name, type_name, labels FROM duckdb_types() WHERE logical_type = 'ENUM' AND NOT internal "
        "AND database_name = current_database() ORDER BY ALL",
    )
    return tuple(ForgedEnum(schema, name, tuple(labels)) for schema, name, labels in rows if labels)


def _views(engine: DuckDBEngine) -> tuple[ForgedView, ...]:
    return tuple(ForgedView(each.schema, each.name, each.query.text) for each in engine.model().views)


def _changed(types: Mapping[tuple[str, str], Sequence[tuple[str, str]]]) -> list[str]:
    """Return what is to be said of columns whose type Parquet has not."""
    lost = [
        f"{table}.{column} ({kind})"
        for (_, table), columns in types.items()
        for column, kind in columns
        if kind.startswith(_CHANGED)
    ]
    return [f"Parquet has no such types, so DuckDB reads others: {', '.join(lost)}."] if lost else []
