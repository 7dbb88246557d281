"""A model as PostgreSQL DDL: the parts that `planroom.formats.postgres` is put together from."""

from planroom.formats._postgres.script import script, table_scripts

__all__ = ["script", "table_scripts"]
