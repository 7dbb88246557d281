"""What ``pr.*`` and the command line call: sources resolved, floors joined."""

from planroom.workbench.databases import database, duckdb, postgres
from planroom.workbench.differences import diff
from planroom.workbench.documentation import coverage
from planroom.workbench.inferring import infer_relations
from planroom.workbench.judging import lint
from planroom.workbench.pictures import er, explorer
from planroom.workbench.sources import read
from planroom.workbench.storing import write

__all__ = [
    "coverage",
    "database",
    "diff",
    "duckdb",
    "er",
    "explorer",
    "infer_relations",
    "lint",
    "postgres",
    "read",
    "write",
]
