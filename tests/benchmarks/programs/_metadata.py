"""The made-up schema as SQLAlchemy's MetaData."""

from __future__ import annotations

import sqlalchemy as sa
from _shapes import STATES, Table, shapes

__all__ = ["metadata"]


def metadata(count: int) -> sa.MetaData:
    """Return so many tables with eight columns and up to two foreign keys each."""
    made = sa.MetaData()
    state = sa.Enum(*STATES, name="state")
    for shape in shapes(count):
        sa.Table(shape.name, made, *_columns(shape, state), comment=f"Rows of {shape.name}")
    return made


def _columns(shape: Table, state: sa.Enum) -> list[sa.Column]:
    references = [
        sa.Column(f"{parent}_id", sa.BigInteger, sa.ForeignKey(f"{parent}.id"), nullable=False)
        for parent in shape.parents
    ]
    fillers = [sa.Column(f"filler_{at}", sa.Integer) for at in range(2 - len(references))]
    return [
        sa.Column("id", sa.BigInteger, primary_key=True),
        *references,
        *fillers,
        sa.Column("code", sa.String(40), nullable=False, unique=True),
        sa.Column("state", state, nullable=False),
        sa.Column("amount", sa.Numeric(12, 2)),
        sa.Column("note", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ]
