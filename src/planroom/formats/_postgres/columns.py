"""Columns as PostgreSQL writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.ddl.naming import default_name
from planroom.formats._postgres.clauses import comment_on, enclosed, sequence_clauses, words
from planroom.model import qualified, quote_identifier

if TYPE_CHECKING:
    from planroom.model import Column, Generated, Identity, ObjectId, Table

__all__ = [
    "column_comments",
    "column_row",
    "differences",
    "late_settings",
    "not_null_clause",
    "not_null_name",
    "value_clause",
]


def column_row(table: Table, column: Column, *, with_default: bool) -> tuple[str, str, str]:
    """Return a column of CREATE TABLE in three cells: name, type, and the rest."""
    rest = words(
        f"STORAGE {column.storage}" if column.storage else "",
        f"COMPRESSION {column.compression}" if column.compression else "",
        f"COLLATE {column.collation}" if column.collation else "",
        value_clause(table, column, with_default=with_default),
        not_null_clause(column),
    )
    return quote_identifier(column.name), str(column.type), rest


def value_clause(table: Table, column: Column, *, with_default: bool = True) -> str:
    """Return what fills a column: a default, an identity or an expression."""
    if column.generated:
        return _generated(column.generated)
    if column.identity and not table.partition_of:  # a partition has its parent's identity
        return _identity(table, column.identity)
    if column.default and with_default:
        return f"DEFAULT {column.default.text.strip()}" + ("\n" if "--" in column.default.text else "")
    return ""


def _generated(generated: Generated) -> str:
    kind = "STORED" if generated.stored else "VIRTUAL"
    return f"GENERATED ALWAYS AS {enclosed(generated.expression)} {kind}"


def _identity(table: Table, identity: Identity) -> str:
    name = f"SEQUENCE NAME {qualified(table.schema, identity.sequence_name)}" if identity.sequence_name else ""
    clauses = words(name, sequence_clauses(identity.sequence))
    when = "ALWAYS" if identity.always else "BY DEFAULT"
    return words(f"GENERATED {when} AS IDENTITY", f"({clauses})" if clauses else "")


def not_null_clause(column: Column) -> str:
    """Return the NOT NULL of a column; one that is not validated is added later."""
    if column.nullable or not column.not_null_validated:
        return ""
    name = f"CONSTRAINT {quote_identifier(column.not_null_name)}" if column.not_null_name else ""
    return words(name, "NOT NULL", "" if column.not_null_inherited else "NO INHERIT")


def not_null_name(table: Table, column: Column) -> str:
    """Return the name of a column's NOT NULL constraint, chosen or given."""
    return column.not_null_name or default_name(table.name, column.name, "not_null")


def late_settings(table: Table, column: Column) -> list[str]:
    """Return the statements that say of a column what CREATE TABLE cannot."""
    name = quote_identifier(column.name)
    statements = []
    if not column.nullable and not column.not_null_validated:
        no_inherit = "" if column.not_null_inherited else "NO INHERIT"
        constraint = f"CONSTRAINT {quote_identifier(not_null_name(table, column))}"
        statements.append(f"ALTER TABLE {table.id} {words('ADD', constraint, 'NOT NULL', name, no_inherit)} NOT VALID;")
    if column.statistics_target is not None:
        statements.append(f"ALTER TABLE ONLY {table.id} ALTER COLUMN {name} SET STATISTICS {column.statistics_target};")
    return statements


def differences(table: Table, column: Column, parent: Column) -> list[str]:
    """Return the statements that turn an inherited column into this one."""
    alter = f"ALTER TABLE ONLY {table.id} ALTER COLUMN {quote_identifier(column.name)}"
    statements = []
    if column.default != parent.default and not column.generated and not column.identity:
        new = f"SET DEFAULT {column.default.text.strip()}" if column.default else "DROP DEFAULT"
        statements.append(f"{alter} {new};")
    if not column.nullable and parent.nullable and column.not_null_validated:
        statements.append(_add_not_null(table, column))
    if column.storage and column.storage != parent.storage:
        statements.append(f"{alter} SET STORAGE {column.storage};")
    if column.compression != parent.compression:
        statements.append(f"{alter} SET COMPRESSION {column.compression or 'default'};")
    return statements


def _add_not_null(table: Table, column: Column) -> str:
    name = quote_identifier(column.name)
    if not column.not_null_name:
        return f"ALTER TABLE {table.id} ALTER COLUMN {name} SET NOT NULL;"
    constraint = quote_identifier(column.not_null_name)
    return f"ALTER TABLE {table.id} ADD CONSTRAINT {constraint} NOT NULL {name};"


def column_comments(owner: ObjectId, columns: tuple[Column, ...]) -> list[str]:
    """Return the comments on the columns that have one."""
    subjects = [(f"COLUMN {owner}.{quote_identifier(each.name)}", each.comment) for each in columns if each.comment]
    width = max((len(subject) for subject, _ in subjects), default=0)
    return [line for subject, comment in subjects for line in comment_on(subject.ljust(width), comment)]
