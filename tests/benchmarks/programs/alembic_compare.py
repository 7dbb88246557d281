"""Alembic compares a database with SQLAlchemy's MetaData in which 50 columns and tables are other than there."""

from __future__ import annotations

import sqlalchemy as sa
from _metadata import metadata
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext


def prepare(count):
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata(int(count)).create_all(engine)
    connection = engine.connect()
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return context, changed(metadata(int(count)))


def changed(made):
    leaves = made.sorted_tables[-150:]
    for number, table in enumerate(leaves[::3]):
        if number % 2:
            table.append_column(sa.Column("more", sa.Text))
        else:
            table.columns["note"].nullable = False
    return made


def work(prepared):
    found = compare_metadata(*prepared)
    return f"{len(found)} changes"
