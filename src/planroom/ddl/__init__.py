"""Data definition: one parsed statement after the other is folded into a catalog, and the catalog into a Model.

Readers, the migration linter and rehearsals all go through `apply`, so that a schema and a migration on it cannot be
understood in two ways.
"""

from planroom.ddl.catalog import Catalog
from planroom.ddl.fold import apply, apply_all, apply_if_it_can, leave_code
from planroom.ddl.reader import read_postgres
from planroom.ddl.resuming import catalog_of

__all__ = ["Catalog", "apply", "apply_all", "apply_if_it_can", "catalog_of", "leave_code", "read_postgres"]
