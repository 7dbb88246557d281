"""Constraints and indexes as PostgreSQL writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.formats._postgres.clauses import (
    column_list,
    comment_on,
    deferrability,
    enclosed,
    options,
    storage_clause,
    tablespace_clause,
    words,
)
from planroom.model import Check, Exclusion, ForeignKey, Index, PrimaryKey, Unique, quote_identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import ExtendedStatistics, IndexColumn, ObjectId, Partitioning

__all__ = [
    "Constraint",
    "constraint",
    "constraint_comment",
    "create_index",
    "create_statistics",
    "key_part",
    "partition_key",
]

Constraint = PrimaryKey | Unique | Exclusion | Check | ForeignKey


def constraint(subject: Constraint) -> tuple[str, str]:
    """Return a constraint in two parts: ``CONSTRAINT name`` and what it demands."""
    match subject:
        case PrimaryKey() | Unique():
            body = _key(subject)
        case Exclusion():
            body = _exclusion(subject)
        case Check():
            body = _check(subject)
        case ForeignKey():
            body = _foreign_key(subject)
    return f"CONSTRAINT {quote_identifier(subject.name)}", body


def constraint_comment(table: ObjectId, subject: Constraint) -> list[str]:
    """Return the comment on a constraint, if it has one."""
    return comment_on(f"CONSTRAINT {quote_identifier(subject.name)} ON {table}", subject.comment)


def _key(key: PrimaryKey | Unique) -> str:
    kind = "PRIMARY KEY" if isinstance(key, PrimaryKey) else "UNIQUE"
    columns = _last_marked(key.columns, after=" WITHOUT OVERLAPS" if key.without_overlaps else "")
    return words(
        kind,
        "NULLS NOT DISTINCT" if isinstance(key, Unique) and key.nulls_not_distinct else "",
        columns,
        f"INCLUDE {column_list(key.include)}" if key.include else "",
        storage_clause(key.storage),
        tablespace_clause(key.tablespace, index=True),
        deferrability(key.deferrable, key.initially_deferred),
    )


def _last_marked(columns: Sequence[str], *, before: str = "", after: str = "") -> str:
    names = [quote_identifier(name) for name in columns]
    return "(" + ", ".join([*names[:-1], before + names[-1] + after]) + ")"


def _exclusion(exclusion: Exclusion) -> str:
    parts = [f"{key_part(each.column)} WITH {_operator(each.operator)}" for each in exclusion.elements]
    return words(
        f"EXCLUDE USING {quote_identifier(exclusion.method)} ({', '.join(parts)})",
        f"INCLUDE {column_list(exclusion.include)}" if exclusion.include else "",
        storage_clause(exclusion.storage),
        tablespace_clause(exclusion.tablespace, index=True),
        f"WHERE {enclosed(exclusion.predicate)}" if exclusion.predicate else "",
        deferrability(exclusion.deferrable, exclusion.initially_deferred),
    )


def _operator(name: str) -> str:
    return f"OPERATOR({name})" if "." in name else name


def _check(check: Check) -> str:
    return words(
        f"CHECK {enclosed(check.expression)}",
        "NO INHERIT" if check.no_inherit else "",
        "" if check.enforced else "NOT ENFORCED",
    )


def _foreign_key(key: ForeignKey) -> str:
    period = "PERIOD " if key.period else ""
    return words(
        f"FOREIGN KEY {_last_marked(key.columns, before=period)}",
        f"REFERENCES {key.referenced_table} {_last_marked(key.referenced_columns, before=period)}",
        "MATCH FULL" if key.match_full else "",
        _action("UPDATE", key.on_update),
        _action("DELETE", key.on_delete),
        column_list(key.on_delete_columns) if key.on_delete_columns else "",
        deferrability(key.deferrable, key.initially_deferred),
        "" if key.enforced else "NOT ENFORCED",
    )


def _action(event: str, action: str) -> str:
    return "" if action == "no action" else f"ON {event} {action.upper()}"


def key_part(part: IndexColumn) -> str:
    """Return one key part of an index, an exclusion or a partition key."""
    usual_nulls = part.nulls_first == part.descending
    return words(
        enclosed(part.expression) if part.expression else quote_identifier(part.column),
        f"COLLATE {part.collation}" if part.collation else "",
        part.operator_class + (options(part.operator_class_options) if part.operator_class_options else ""),
        "DESC" if part.descending else "",
        "" if usual_nulls else f"NULLS {'FIRST' if part.nulls_first else 'LAST'}",
    )


def partition_key(partitioning: Partitioning) -> str:
    """Return how a table is partitioned, such as ``RANGE (day)``."""
    return f"{partitioning.strategy.upper()} ({', '.join(key_part(part) for part in partitioning.columns)})"


def create_index(owner: ObjectId, index: Index, *, only: bool = False) -> str:
    """Return the statement that makes an index."""
    method = "" if index.method == "btree" else f"USING {quote_identifier(index.method)} "
    head = words("CREATE", "UNIQUE" if index.unique else "", "INDEX", quote_identifier(index.name))
    tail = words(
        f"INCLUDE {column_list(index.include)}" if index.include else "",
        "NULLS NOT DISTINCT" if index.nulls_not_distinct else "",
        storage_clause(index.storage),
        tablespace_clause(index.tablespace),
        f"WHERE {index.predicate.text.strip()}" if index.predicate else "",
    )
    parts = ", ".join(key_part(part) for part in index.columns)
    return words(f"{head} ON {'ONLY ' if only else ''}{owner} {method}({parts})", tail) + _end(index)


def _end(index: Index) -> str:
    """Return the semicolon, on its own line when the predicate ends in a line comment."""
    last_line = index.predicate.text.rstrip().rpartition("\n")[2] if index.predicate else ""
    return "\n;" if "--" in last_line else ";"


def create_statistics(table: ObjectId, name: ObjectId, statistics: ExtendedStatistics) -> list[str]:
    """Return the statements that make extended statistics."""
    kinds = f"({', '.join(statistics.kinds)})" if statistics.kinds else ""
    subjects = [quote_identifier(column) for column in statistics.columns]
    subjects += [enclosed(expression) for expression in statistics.expressions]
    target = [f"ALTER STATISTICS {name} SET STATISTICS {statistics.target};"] if statistics.target is not None else []
    create = words("CREATE STATISTICS", name, kinds, "ON", ", ".join(subjects), "FROM", table)
    return [create + ";", *target, *comment_on(f"STATISTICS {name}", statistics.comment)]
