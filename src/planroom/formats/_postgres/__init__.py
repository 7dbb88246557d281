"""A model as PostgreSQL DDL: the parts that `planroom.formats.postgres` is put together from."""

from planroom.formats._postgres.script import script

__all__ = ["script"]
