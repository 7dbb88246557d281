"""Hypothesis strategies for models that MySQL, SQLite and DuckDB can hold exactly, hostile names and texts included."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from planroom.model import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexColumn,
    Model,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    View,
)
from planroom.sqltext import DataType
from planroom.sqltext.dialect_expressions import dialect_expression, dialect_query
from planroom.sqltext.dialect_types import read_type
from tests.strategies import comments, hostile_texts, names

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["dialect_models"]

TYPES = {
    "mysql": (
        "int", "bigint unsigned", "tinyint(1)", "varchar(20)", "char(3)", "decimal(12,2)", "datetime(6)", "timestamp",
        "date", "time", "year", "text", "mediumtext", "json", "blob", "varbinary(16)", "double", "float", "bit(5)",
        "set('a','b')",
    ),
    "sqlite": (
        "integer", "int", "varchar(20)", "text", "blob", "real", "numeric(10,2)", "datetime", "boolean", "date", "",
        "unsigned big int",
    ),
    "duckdb": (
        "integer", "bigint", "uinteger", "hugeint", "varchar", "decimal(12,2)", "double", "float", "timestamp", "uuid",
        "timestamp with time zone", "date", "time", "blob", "boolean", "integer[]", "STRUCT(a INTEGER, b VARCHAR)",
    ),
}  # fmt: skip
DEFAULTS = {"int": "42", "integer": "-1", "varchar(20)": "'it''s'", "text": "'x'", "decimal(12,2)": "1.50"}
QUOTES = {"mysql": "`", "sqlite": '"', "duckdb": '"'}


@dataclass
class _Namer:
    """Names that differ in more than their case, as these dialects want them."""

    draw: st.DrawFn
    used: set[str] = field(default_factory=set)

    def __call__(self, prefix: str) -> str:
        base = self.draw(names().filter(lambda name: name == name.strip())).strip()[:30]
        name = base if base.casefold() not in self.used and len(base) < 20 else f"{prefix}{len(self.used)}_{base}"[:40]
        while name.casefold() in self.used or name != name.strip():
            name = f"{prefix}{len(self.used)}_{len(name)}x"
        self.used.add(name.casefold())
        return name


def _quoted(name: str, dialect: str) -> str:
    quote = QUOTES[dialect]
    return quote + name.replace(quote, quote * 2) + quote


@st.composite
def _column(draw: st.DrawFn, namer: _Namer, dialect: str, enums: list[Enum], table: str) -> Column:
    spelled = draw(st.sampled_from(TYPES[dialect]))
    default = DEFAULTS.get(spelled) if draw(st.booleans()) else None
    if dialect == "mysql" and spelled == "text":
        default = None
    name = namer("c")
    kind = read_type(spelled, dialect)
    if dialect == "mysql" and draw(st.integers(0, 4)) == 0:
        labels = tuple(draw(st.lists(hostile_texts().map(str.strip).filter(bool), min_size=1, max_size=3, unique=True)))
        enums.append(Enum(schema="", name=f"{table}_{name}", labels=labels))
        kind, default = DataType(f"{table}_{name}"), None
    return Column(
        name,
        kind,
        nullable=draw(st.booleans()),
        default=dialect_expression(default, dialect) if default else None,
        collation="NOCASE" if dialect == "sqlite" and spelled == "text" and draw(st.booleans()) else "",
        comment=draw(comments()) if dialect == "mysql" else "",
    )


@st.composite
def _table(draw: st.DrawFn, namer: _Namer, dialect: str, enums: list[Enum]) -> Table:
    name = namer("t")
    first = Column(namer("c"), read_type("integer", dialect), nullable=False)
    if dialect in {"mysql", "sqlite"} and draw(st.booleans()):
        first = replace(first, identity=Identity(always=False))
    columns = [first, *(draw(_column(namer, dialect, enums, name)) for _ in range(draw(st.integers(0, 4))))]
    q = _quoted(first.name, dialect)
    free = dialect != "mysql" or not first.identity  # MySQL lets nothing depend on a column that counts
    if free and draw(st.booleans()):
        stored = dialect != "duckdb" and draw(st.booleans())
        twice = Generated(dialect_expression(f"{q} * 2", dialect), stored)
        columns.append(Column(namer("g"), read_type("bigint", dialect), generated=twice))
    plain = [each for each in columns[1:] if not each.generated and each.type.name in _INDEXABLE]
    key = {"mysql": "PRIMARY"}.get(dialect) or namer("pk")
    unique = [Unique(name=namer("u"), columns=(each.name,)) for each in plain[:1] if draw(st.booleans())]
    checks = (
        [Check(name=namer("ck"), expression=dialect_expression(f"{q} > 0", dialect))] if draw(st.booleans()) else []
    )
    return Table(
        schema=_SCHEMAS[dialect],
        name=name,
        columns=tuple(columns),
        primary_key=PrimaryKey(name=key, columns=(first.name,)),
        unique_constraints=tuple(unique),
        checks=tuple(checks),
        indexes=_sorted([draw(_index(namer, dialect, first, each)) for each in plain if draw(st.booleans())]),
        comment=draw(comments()) if dialect == "mysql" else "",
        storage=(("charset", "utf8mb4"), ("engine", "InnoDB")) if dialect == "mysql" and draw(st.booleans()) else (),
    )


_SCHEMAS = {"mysql": "", "sqlite": "main", "duckdb": "main"}
_INDEXABLE = frozenset({"character varying", "integer", "int", "numeric", "date", "text", "bigint"}) - {"text"}


@st.composite
def _index(draw: st.DrawFn, namer: _Namer, dialect: str, first: Column, column: Column) -> Index:
    q = _quoted(first.name, dialect)
    partial = dialect == "sqlite" and draw(st.booleans())
    descending = dialect != "duckdb" and draw(st.booleans())
    return Index(
        name=namer("ix"),
        columns=(IndexColumn(column=column.name, descending=descending, nulls_first=descending),),
        unique=dialect != "mysql" and draw(st.booleans()),
        predicate=dialect_expression(f"{q} > 5", dialect) if partial else None,
    )


@st.composite
def _foreign_keys(draw: st.DrawFn, namer: _Namer, dialect: str, tables: list[Table]) -> list[Table]:
    found = []
    for place, table in enumerate(tables):
        targets = tables if dialect == "sqlite" else tables[:place]
        target = draw(st.sampled_from(targets)) if targets and draw(st.booleans()) else None
        keys = [draw(_foreign_key(namer, dialect, table, target))] if target else []
        found.append(replace(table, foreign_keys=tuple(keys)))
    return found


@st.composite
def _foreign_key(draw: st.DrawFn, namer: _Namer, dialect: str, table: Table, target: Table) -> ForeignKey:
    acting = dialect != "duckdb" and not table.columns[0].identity
    deferred = dialect == "sqlite" and draw(st.booleans())
    return ForeignKey(
        name=namer("fk"),
        columns=(table.columns[0].name,),
        referenced_table=target.id,
        referenced_columns=(target.columns[0].name,),
        on_delete=draw(st.sampled_from(["no action", "cascade", *(["restrict"] if dialect == "sqlite" else [])]))
        if acting
        else "no action",
        deferrable=deferred,
        initially_deferred=deferred,
    )


def _sorted(objects: list[Any], key: Callable[[Any], str] = lambda each: each.name) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=key))


@st.composite
def dialect_models(draw: st.DrawFn, dialect: str) -> Model:
    """Models of a dialect that its script holds exactly."""
    namer = _Namer(draw)
    enums: list[Enum] = []
    tables = [draw(_table(namer, dialect, enums)) for _ in range(draw(st.integers(0, 3)))]
    tables = draw(_foreign_keys(namer, dialect, tables))
    views = []
    if tables and draw(st.booleans()):
        first = tables[0].columns[0]
        source, column = (_quoted(each, dialect) for each in (tables[0].name, first.name))
        query = dialect_query(f"SELECT {column} AS x FROM {source}", dialect)
        views = [View(schema=_SCHEMAS[dialect], name=namer("v"), query=query, columns=(Column("x", DataType.UNKNOWN),))]
    return Model(
        dialect=dialect,
        schemas=(Schema(name=_SCHEMAS[dialect]),) if _SCHEMAS[dialect] and tables else (),
        tables=_sorted(tables, lambda each: each.id),
        views=tuple(views),
        enums=_sorted(enums, lambda each: each.id),
    )
