"""What a reader notices in passing: types that nothing makes and PostgreSQL does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planroom.errors import nearest
from planroom.findings import Effect, Finding, Fix, Severity
from planroom.model import Extension, Table, qualified
from planroom.sqltext import BUILTIN_TYPE_NAMES, DataType

__all__ = ["unknown_types"]


def unknown_types(tables: Sequence[Table], extensions: Sequence[Extension]) -> tuple[Finding, ...]:
    """Return a finding for each column whose type is unknown: the script is another dialect's, or lacks something.

    Types of extensions that planroom knows are resolved before; those of others may be theirs, which the fix says.
    """
    return tuple(_findings(tables, ", ".join(extension.name for extension in extensions)))


def _findings(tables: Sequence[Table], extensions: str) -> Iterator[Finding]:
    for table in tables:
        for column in table.columns:
            if _is_known(column.type) or table.partition_of:
                continue
            close = nearest(column.type.name, BUILTIN_TYPE_NAMES)
            hint = f"did you mean {close!r}?" if close else "create the type, or name the dialect that has it."
            yield Finding(
                code="DDL001",
                slug="unknown-type",
                severity=Severity.WARNING,
                effect=Effect.FAILS,
                message=f"{table.id}.{column.name} is of type {column.type}, which nothing here makes",
                subject=qualified(table.schema, table.name, column.name),
                location=column.origin,
                why="PostgreSQL has no such type, and no statement creates it.",
                fix=Fix(f"{hint} It may come with an extension ({extensions})." if extensions else hint),
            )


def _is_known(type_: DataType) -> bool:
    return bool(type_.schema) or type_.name in BUILTIN_TYPE_NAMES or type_ == DataType.UNKNOWN
