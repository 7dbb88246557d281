"""The ends of indexes on expressions, where no row can be made that has them.

A B-tree of the same columns, on a table whose first column is plain, holds the least and the greatest value; its one
leaf page becomes that of the index. Its entries point to the first rows of a table, and the table has those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementFailedError
from planroom.scaling.pages import BLOCK_BYTES, btree_leaf
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.engines.postgres.sizing import Sizes
    from planroom.scaling.statistics import Statistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["LeadingExpression", "expression_ends", "leading_expressions", "plant_leaf"]

_LEADING = """
    SELECT i.indexrelid::int8, i.indrelid::int8, n.nspname, x.relname, a.attname, (i.indoption[0] & 1)::int4,
        ARRAY(
            SELECT pg_catalog.format_type(k.atttypid, k.atttypmod)
                || CASE WHEN k.attcollation > 0 THEN ' COLLATE ' || k.attcollation::pg_catalog.regcollation ELSE '' END
            FROM pg_catalog.pg_attribute k WHERE k.attrelid = x.oid AND k.attnum > 0 ORDER BY k.attnum
        )
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i' AND x.oid >= 16384
    JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
    JOIN pg_catalog.pg_am am ON am.oid = x.relam AND am.amname = 'btree'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = x.oid AND a.attnum = 1
    WHERE i.indkey[0] = 0 AND i.indpred IS NULL
    ORDER BY 1
"""
_TABLE = "planroom_leaf"
_SCHEMA = "planroom_scratch"  # not a temporary one: the pages of those are in no buffer that could be emptied


@dataclass(frozen=True, slots=True)
class LeadingExpression:
    """An index over all rows of a table whose first column is an expression.

    Attributes:
        oid: The index's number.
        table: Its table's number.
        schema: Its schema.
        index: Its name.
        name: The name that the server gave the expression.
        descending: Whether the greatest value comes first.
        types: The types of all its columns, with their collations.
    """

    oid: int
    table: int
    schema: str
    index: str
    name: str
    descending: bool
    types: tuple[str, ...]


def leading_expressions(run: Run) -> tuple[LeadingExpression, ...]:
    """Return the B-trees over all rows of a table that an expression leads."""
    return tuple(
        LeadingExpression(oid, table, schema, index, name, bool(descending), tuple(types))
        for oid, table, schema, index, name, descending, types in run(_LEADING)
    )


def expression_ends(expression: LeadingExpression, statistics: Statistics) -> tuple[str, ...]:
    """Return the least and the greatest value of an expression, once where they are equal; nothing if not known."""
    known = statistics.by_column.get((expression.schema, expression.index, expression.name, False))
    return tuple(dict.fromkeys(known.ends)) if known and known.ends and known.histogram else ()


def plant_leaf(run: Run, sizes: Sizes, expression: LeadingExpression, ends: tuple[str, ...]) -> bool:
    """Give an index the leaf page that holds these ends, and return whether there is one.

    Args:
        run: Sends a statement with values for ``$1`` ... and returns its rows.
        sizes: The relations; the table of the index holds as many rows as there are ends.
        expression: The index.
        ends: The least and the greatest value.
    """
    types = expression.types
    columns = ", ".join(f"k{number} {each}" for number, each in enumerate(types))
    keys = ", ".join(f"k{number}{' DESC' * (not number and expression.descending)}" for number in range(len(types)))
    first = types[0].split(" COLLATE ", maxsplit=1)[0]
    run("BEGIN")
    try:
        run(f"CREATE SCHEMA {_SCHEMA}")
        run(f"CREATE TABLE {_SCHEMA}.{_TABLE} ({columns})")
        run(f"CREATE INDEX {_TABLE}_index ON {_SCHEMA}.{_TABLE} ({keys})")
        for end in ends:
            run(f"INSERT INTO {_SCHEMA}.{_TABLE} (k0) VALUES ($1::{first})", end)  # noqa: S608  (the server's own names)
        ((oid, file),) = run(
            f"SELECT c.oid::int8, pg_catalog.pg_relation_filepath(c.oid) FROM pg_catalog.pg_class c"  # noqa: S608
            f" WHERE c.oid = '{_SCHEMA}.{_TABLE}_index'::pg_catalog.regclass"
        )
        sizes.evict(run, [oid])
        leaf = btree_leaf(sizes.files.read(file, 2))
    except StatementFailedError:
        return False
    finally:
        run("ROLLBACK")
    sizes.give_leaf(expression.oid, leaf)
    return len(leaf) == BLOCK_BYTES
