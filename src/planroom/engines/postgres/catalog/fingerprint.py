"""A database's catalog in words: what two databases are compared by, independent of the model.

Every line comes from the server's own printing functions and catalog columns, with names in place of OIDs. Left out is
only what is not design: physical state (pages, tuples, file nodes, transaction ids), attribute numbers (a line
says a column's place among those that are left), and the members of extensions, which are named but not described.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.fingerprinting import (
    attached,
    columns,
    constraints,
    others,
    relations,
    routines,
    types,
    unmodelled,
)
from planroom.engines.postgres.catalog.session import Session

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.fingerprinting.kind import Kind
    from planroom.engines.postgres.catalog.session import Run

__all__ = ["catalog_fingerprint"]


def catalog_fingerprint(run: Run, version: int) -> dict[str, list[str]]:
    """Return the lines of every kind, sorted; equal databases give equal fingerprints.

    Options of servers and user mappings, which may hold secrets, are given as hashes.

    Args:
        run: Executes one query and returns its rows. All queries must see one snapshot, and ``search_path`` must be
            empty, so that the server prints names with their schemas.
        version: The server's version as a number.
    """
    session = Session(run, version)
    session.settle()
    kinds: dict[str, Kind] = {}
    for part in (relations, columns, attached, constraints, types, routines, others, unmodelled):
        kinds.update(part.kinds(session))
    return {kind: sorted(line for (line,) in run(kinds[kind].query)) for kind in sorted(kinds)}
