"""What is generated and how: a plan, which is data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.model import ObjectId

__all__ = ["ColumnPlan", "Condition", "GenerationPlan", "KeyCheck", "ReferenceCheck", "Skipped", "TablePlan"]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one column is made.

    Attributes:
        name: The column.
        how: In words.
        stored: The DuckDB type that holds it.
        family: The family of its type; see `planroom.generating.kinds.Kind`.
        type: The column's type as SQL writes it.
        base: The name of the built-in type beneath any domains.
        null_fraction: The share of NULL that is aimed at.
        nullable: There may be NULLs, whatever is aimed at.
    """

    name: str
    how: str
    stored: str
    family: str
    type: str
    base: str = ""
    null_fraction: float = 0.0
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """A query that counts rows which collide in a key, and what takes collisions away.

    Attributes:
        name: The constraint or index.
        columns: Its columns.
        count: The query: how many rows are one too many.
        repair: A statement that makes them collide no more; empty where nothing can.
        sure: The rows are unique by construction.
    """

    name: str
    columns: tuple[str, ...]
    count: str
    repair: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class ReferenceCheck:
    """A query that counts rows whose foreign key names no row."""

    name: str
    columns: tuple[str, ...]
    count: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A CHECK constraint as DuckDB can ask it.

    Attributes:
        name: The constraint.
        text: As the model has it.
        sql: The condition in DuckDB's SQL; empty when it cannot be asked there.
        why_not: Why it cannot.
        repairs: Statements that make rows anew which do not meet it, tried in their order.
    """

    name: str
    text: str
    sql: str = ""
    why_not: str = ""
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How the rows of one table are made.

    Attributes:
        id: The table's id.
        schema: Its schema.
        name: Its name.
        rows: How many.
        asked: That many were asked for; else the number follows from others.
        columns: What is stored, in the table's order; generated columns are left to the engine.
        create: The statement that makes the table and its rows.
        late: Statements that fill references to tables which are made later.
        keys: How its keys are verified.
        references: How its foreign keys are verified.
        conditions: Its CHECK constraints.
        notes: What is left to the engine, or cannot be told.
        target: The name by which SQL calls it.
    """

    id: ObjectId
    schema: str
    name: str
    rows: int
    asked: bool
    columns: tuple[ColumnPlan, ...]
    create: str
    late: tuple[str, ...]
    keys: tuple[KeyCheck, ...]
    references: tuple[ReferenceCheck, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A table that gets no rows, and why."""

    id: ObjectId
    why: str


@dataclass(frozen=True, slots=True)
class GenerationPlan:
    """How the rows of a model are made.

    Attributes:
        name: The model's name.
        seed: The seed.
        schemas: The schemas that the tables stand in.
        tables: Parents first.
        skipped: The tables that get no rows.
    """

    name: str
    seed: int
    schemas: tuple[str, ...]
    tables: tuple[TablePlan, ...]
    skipped: tuple[Skipped, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(each.rows for each in self.tables)
