"""What SQLAlchemy makes of a model, as calls: `making` carries them out, `source` writes them down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planroom.ddl.naming import default_name
from planroom.errors import FormatError
from planroom.formats._python.code import Call, Value
from planroom.formats._sqlalchemy.constraints import (
    check,
    exclusion,
    foreign_key_options,
    index,
    is_plain_key,
    primary_key,
    stands_alone,
    table_options,
    text_of,
    unique,
)  # fmt: skip
from planroom.formats._sqlalchemy.notes import info_of
from planroom.formats._sqlalchemy.types import METADATA, Types, keywords, schema_of
from planroom.model import SequenceOptions, qualified, quote_identifier
from planroom.sqltext import parse_expression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model import Column, ForeignKey, Model, Sequence, Table

__all__ = ["NAMING_CONVENTION", "Description", "TableCode"]

NAMING_CONVENTION = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
"""How PostgreSQL names what nobody named; a name that it would have cut is written out."""

_INTEGERS = {"bigint", "integer", "smallint"}


@dataclass(frozen=True)
class TableCode:
    """One table: the calls of its columns, of its constraints and indexes, and its options."""

    table: Table
    columns: tuple[Call, ...]
    arguments: tuple[Call, ...]
    options: tuple[tuple[str, Value], ...]

    @property
    def call(self) -> Call:
        """The call that makes the whole table."""
        return Call("sa.Table", (self.table.name, METADATA, *self.columns, *self.arguments), self.options)

    @property
    def keyed(self) -> bool:
        """Whether it has a primary key that SQLAlchemy can hold, so that a class can be mapped to it."""
        key = self.table.primary_key
        return key is not None and not key.without_overlaps


class Description:
    """A model as SQLAlchemy would make it.

    Raises:
        FormatError: The model is written in another dialect than PostgreSQL's.
    """

    def __init__(self, model: Model) -> None:
        if model.dialect != "postgres":
            raise FormatError(
                f"This model cannot become SQLAlchemy tables: its dialect is {model.dialect}.",
                why="types and expressions are handed over as PostgreSQL writes them.",
            )
        self.model = model
        self.types = Types(model)
        self._kept = {table.id: table for table in model.tables if not table.partition_of}

    def sequences(self) -> Iterator[tuple[str, Call]]:
        """Yield the id and the making of each sequence, but for those that a SERIAL column brings."""
        for sequence in self.model.sequences:
            if sequence.id not in self._serial.values():
                yield sequence.id, self._sequence(sequence)

    def _sequence(self, sequence: Sequence) -> Call:
        data_type = self.types.of(sequence.type) if str(sequence.type) != "bigint" else None
        return Call(
            "sa.Sequence",
            (sequence.name,),
            keywords(
                schema=schema_of(sequence.schema), metadata=METADATA, data_type=data_type,
                **_counting(sequence.options),
            ),
        )  # fmt: skip

    @cached_property
    def tables(self) -> tuple[TableCode, ...]:
        """The tables in the model's order; partitions are left out, for their parent says how it is divided."""
        return tuple(self._table(table) for table in self._kept.values())

    @cached_property
    def _serial(self) -> Mapping[str, str]:
        """The sequence that SQLAlchemy makes by itself, by the id of the column: a key that is an integer."""
        sequences = {each.id: each for each in self.model.sequences}
        found = {}
        for table in self._kept.values():
            key = table.primary_key
            column = table.columns_by_name[key.columns[0]] if key and len(key.columns) == 1 else None
            if key is None or column is None or column.default is None or self._inline_key(table, column):
                continue
            own = sequences.get(qualified(table.schema, default_name(table.name, column.name, "seq")))
            if own and _is_serial(own, column, _place(table, column)):
                found[_place(table, column)] = own.id
        return found

    def late_keys(self) -> Iterator[Call]:
        """Yield the making of the foreign keys that have to wait for their targets, which no name can tell."""
        for table in self._kept.values():
            for key in table.foreign_keys:
                if self._holds(key) and not self._nameable(key):
                    yield self._late_key(table, key)

    def _table(self, table: Table) -> TableCode:
        unique_here = [each for each in table.unique_constraints if not each.without_overlaps]
        inline = {key.name for column in table.columns for key in self._inline_key(table, column)}
        keys = [key for key in table.foreign_keys if self._holds(key) and key.name not in inline]
        arguments = (
            *primary_key(table),
            *(unique(each) for each in unique_here if not stands_alone(table, each)),
            *(check(each) for each in table.checks if each.enforced and not each.no_inherit),
            *(exclusion(each) for each in table.exclusions),
            *(self._foreign_key(table, each) for each in keys if self._nameable(each)),
            *(index(each) for each in table.indexes),
        )
        return TableCode(
            table,
            tuple(self._column(table, column) for column in table.columns),
            arguments,
            table_options(table),
        )

    # -- columns ---------------------------------------------------------------------------------------------------

    def _column(self, table: Table, column: Column) -> Call:
        key = table.primary_key
        keyed = key is not None and column.name in key.columns
        unique_alone = {each.columns[0] for each in table.unique_constraints if stands_alone(table, each)}
        serial = _place(table, column) in self._serial
        extra: list[Call] = [self._inline_code(table, each) for each in self._inline_key(table, column)]
        if column.identity:
            counting = _counting(column.identity.sequence)
            extra.append(Call("sa.Identity", (), keywords(always=column.identity.always or None, **counting)))
        if column.generated:
            stored = (("persisted", column.generated.stored),)
            extra.append(Call("sa.Computed", (text_of(column.generated.expression),), stored))
        return Call(
            "sa.Column",
            (column.name, self.types.of(column.type, column.collation), *extra),
            keywords(
                primary_key=True if keyed and is_plain_key(table) else None,
                autoincrement=False if keyed and self._would_count(table, column, extra) and not serial else None,
                nullable=None if column.nullable or (keyed and is_plain_key(table)) else False,
                unique=True if column.name in unique_alone else None,
                server_default=text_of(column.default) if column.default and not serial else None,
                comment=column.comment,
                info=info_of(column.annotations),
            ),
        )

    def _would_count(self, table: Table, column: Column, extra: list[Call]) -> bool:
        """Whether SQLAlchemy would make SERIAL of a key's column, if it were not told."""
        alone = table.primary_key is not None and len(table.primary_key.columns) == 1
        plain = not column.type.array and not column.type.schema and column.type.name in _INTEGERS
        return alone and plain and not extra and column.default is None

    # -- foreign keys ----------------------------------------------------------------------------------------------

    def _holds(self, key: ForeignKey) -> bool:
        return key.enforced and not key.period and key.referenced_table in self._kept

    def _nameable(self, key: ForeignKey) -> bool:
        """Whether ``schema.table.column`` says which columns are meant: the names hold no dots."""
        target = self._kept[key.referenced_table]
        return not any("." in name for name in (target.schema, target.name, *key.referenced_columns))

    def _inline_key(self, table: Table, column: Column) -> list[ForeignKey]:
        """Return the foreign keys of one column that stand beside it."""
        return [
            key
            for key in table.foreign_keys
            if key.columns == (column.name,) and self._holds(key) and self._nameable(key)
        ]

    def _inline_code(self, table: Table, key: ForeignKey) -> Call:
        return Call("sa.ForeignKey", (self._target(key)[0],), foreign_key_options(table, key))

    def _foreign_key(self, table: Table, key: ForeignKey) -> Call:
        options = foreign_key_options(table, key)
        return Call("sa.ForeignKeyConstraint", (list(key.columns), self._target(key)), options)

    def _target(self, key: ForeignKey) -> list[str]:
        target = _key_of(self._kept[key.referenced_table])
        return [f"{target}.{column}" for column in key.referenced_columns]

    def _late_key(self, table: Table, key: ForeignKey) -> Call:
        names = (METADATA, _key_of(table), list(key.columns))
        target = (_key_of(self._kept[key.referenced_table]), list(key.referenced_columns))
        return Call("add_foreign_key", (*names, *target), foreign_key_options(table, key))


def _key_of(table: Table) -> str:
    """Return what a MetaData calls a table."""
    return ".".join(filter(None, (schema_of(table.schema), table.name)))


def _place(table: Table, column: Column) -> str:
    return f"{table.id}.{quote_identifier(column.name)}"


def _is_serial(sequence: Sequence, column: Column, place: str) -> bool:
    """Whether ``SERIAL`` would make this very sequence and this very default."""
    literal = sequence.id.replace("'", "''")
    return (
        sequence.owned_by == place
        and sequence.options == SequenceOptions()
        and sequence.type == column.type
        and not sequence.unlogged
        and not sequence.comment
        and column.default == parse_expression(f"nextval('{literal}'::regclass)", {}, target=column.type)
    )


def _counting(options: SequenceOptions) -> dict[str, Value]:
    """Return how a sequence counts, as Sequence and Identity take it."""
    return {
        "start": options.start,
        "increment": options.increment if options.increment != 1 else None,
        "minvalue": options.minimum,
        "maxvalue": options.maximum,
        "cache": options.cache if options.cache != 1 else None,
        "cycle": options.cycle or None,
    }
