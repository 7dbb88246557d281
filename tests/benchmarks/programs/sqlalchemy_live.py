"""SQLAlchemy reflects a live PostgreSQL database into MetaData."""

from __future__ import annotations

import sqlalchemy as sa
from _live import live


def prepare(path):
    database = live(path)
    place = database.server.conninfo(database.query("select current_database()").rows[0][0])
    url = sa.URL.create("postgresql+psycopg", username=place["user"], database=place["dbname"])
    return sa.create_engine(url, connect_args={"host": place["host"], "port": place["port"]}), database


def work(prepared):
    engine, _ = prepared
    tables = sa.MetaData()
    tables.reflect(engine, views=True)
    keys = sum(len(table.foreign_key_constraints) for table in tables.tables.values())
    engine.dispose()
    return f"{len(tables.tables):,} tables and views, {keys:,} foreign keys"
