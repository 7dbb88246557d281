"""A live PostgreSQL's catalog: read into a `Model`, counted, and put in words for comparison.

All of it is asked through a function that executes one query and returns its rows; connections are not made here.
"""

from planroom.engines.postgres.catalog.counts import catalog_counts, model_counts
from planroom.engines.postgres.catalog.fingerprint import catalog_fingerprint
from planroom.engines.postgres.catalog.reading import read_catalog

__all__ = ["catalog_counts", "catalog_fingerprint", "model_counts", "read_catalog"]
