"""A live PostgreSQL's catalog: read into a `Model`, counted, and printed whole for comparison."""

from planroom.engines.postgres.catalog.reading import read_catalog

__all__ = ["read_catalog"]
