"""What a generated module brings with it, word for word; `planroom.formats.sqlalchemy.to_metadata` uses the same."""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import UserDefinedType

__all__ = ["Verbatim", "add_foreign_key", "commented", "labels"]


class Verbatim(UserDefinedType[Any]):
    """A type that SQLAlchemy has no class for: it is written as it is."""

    cache_ok = True

    def __init__(self, text: str) -> None:
        self.text = text

    def get_col_spec(self, **_: Any) -> str:
        """Return the type as DDL writes it."""
        return self.text


def add_foreign_key(
    metadata: sa.MetaData,
    table: str,
    columns: list[str],
    target: str,
    referenced: list[str],
    **options: Any,
) -> None:
    """Make a foreign key whose names hold dots, which SQLAlchemy would take apart."""
    found = [metadata.tables[target].c[name] for name in referenced]
    key = sa.ForeignKeyConstraint(columns, found, **options)
    metadata.tables[table].append_constraint(key)


def commented(constraint: sa.Constraint, comment: str) -> sa.Constraint:
    """Return a constraint with its comment."""
    constraint.comment = comment
    return constraint


def labels(members: type[enum.Enum]) -> list[str]:
    """Return the labels that the database keeps: the values, not the names."""
    return [str(member.value) for member in members]
