"""The names that PostgreSQL gives to what nobody named.

Source: PostgreSQL 18, ``makeObjectName``, ``ChooseRelationName``, ``ChooseConstraintName``, ``ChooseIndexName`` and
``ChooseIndexColumnNames`` (commands/indexcmds.c, catalog/pg_constraint.c).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from planroom.sqltext import MAX_IDENTIFIER_BYTES

__all__ = ["choose", "columns_part", "default_name", "index_column_names", "key_name", "truncated"]


def truncated(name: str, limit: int = MAX_IDENTIFIER_BYTES) -> str:
    """Return the name cut to ``limit`` bytes of UTF-8, never inside a character."""
    data = name.encode()
    return name if len(data) <= limit else data[:limit].decode(errors="ignore")


@lru_cache(maxsize=1 << 16)
def default_name(table: str, addition: str, label: str) -> str:
    """Return ``table_addition_label``; the longer of the first two parts is shortened until all of it fits.

    Example:
        >>> default_name("orders", "customer_id", "fkey"), default_name("orders", "", "pkey")
        ('orders_customer_id_fkey', 'orders_pkey')
    """
    room = MAX_IDENTIFIER_BYTES - (len(label.encode()) + 1 if label else 0) - (1 if addition else 0)
    first, second = len(table.encode()), len(addition.encode())
    while first + second > room:
        if first > second:
            first -= 1
        else:
            second -= 1
    parts = (truncated(table, first), truncated(addition, second), label)
    return "_".join(part for part in parts if part)


def choose(table: str, addition: str, label: str, taken: Callable[[str], bool]) -> str:
    """Return the default name, or the first of its numbered variants (``..._key1``) that is not taken."""
    name, number = default_name(table, addition, label), 0
    while taken(name):
        number += 1
        name = default_name(table, addition, f"{label}{number}")
    return name


def columns_part(columns: Iterable[str]) -> str:
    """Return the middle part of an index's or foreign key's name: its columns, joined, until the limit is passed."""
    joined = ""
    for column in columns:
        joined = f"{joined}_{column}" if joined else column
        if len(joined.encode()) >= MAX_IDENTIFIER_BYTES + 1:
            break
    return joined


def index_column_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of an index's columns, numbered where they repeat: ``expr``, ``expr1``."""
    chosen: list[str] = []
    for name in names:
        candidate, number = name, 0
        while candidate in chosen:
            number += 1
            candidate = truncated(name, MAX_IDENTIFIER_BYTES - len(str(number))) + str(number)
        chosen.append(candidate)
    return tuple(chosen)


def key_name(table: str, columns: Sequence[str], label: str, taken: Callable[[str], bool]) -> str:
    """Return the name of a primary key (``pkey``), unique (``key``), exclusion (``excl``) or plain index (``idx``)."""
    addition = "" if label == "pkey" else columns_part(index_column_names(columns))
    return choose(table, addition, label, taken)
