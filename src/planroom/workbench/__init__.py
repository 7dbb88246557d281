"""What ``pr.*`` and the command line call: sources resolved, floors joined."""

from planroom.workbench.databases import database, duckdb, postgres
from planroom.workbench.pictures import er, explorer
from planroom.workbench.sources import read
from planroom.workbench.storing import write

__all__ = ["database", "duckdb", "er", "explorer", "postgres", "read", "write"]
