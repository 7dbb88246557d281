"""A live PostgreSQL's catalog, read into a `Model`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.collector import put_off
from planroom.engines.postgres.catalog.columns import column_rows
from planroom.engines.postgres.catalog.expressions import Expressions
from planroom.engines.postgres.catalog.names import CatalogNames
from planroom.engines.postgres.catalog.namespaces import extensions, schemas
from planroom.engines.postgres.catalog.relations import relation_rows
from planroom.engines.postgres.catalog.routines import routines
from planroom.engines.postgres.catalog.sequences import identity_sequences, sequence_rows, sequences
from planroom.engines.postgres.catalog.session import Session
from planroom.engines.postgres.catalog.tables import Relations
from planroom.engines.postgres.catalog.types import composite_types, domains, enums, range_types
from planroom.engines.postgres.catalog.unread import unread
from planroom.model import Model

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.session import Run

__all__ = ["read_catalog"]


@put_off()
def read_catalog(run: Run, *, version: int, source: str = "") -> Model:
    """Return the model of the database that ``run`` reaches.

    A fixed number of queries, whatever the size of the database. Objects that an extension owns are left out.

    Args:
        run: Executes one query and returns its rows as tuples. All queries must run in one transaction that sees one
            snapshot (REPEATABLE READ), and ``search_path`` must be empty, so that names are printed with their schemas.
        version: The server's version as a number (``server_version_num``), at least 90600.
        source: What the origins of the objects name: a URL without its password.
    """
    session = Session(run, version, source)
    session.settle()
    rows, columns, sequence_list = relation_rows(session), column_rows(session), sequence_rows(session)
    names = CatalogNames(session, {(row.schema, row.name): row.oid for row in rows}, columns)
    expressions = Expressions(names, columns)
    relations = Relations(session, expressions, rows, columns, identity_sequences(sequence_list))
    objects = {
        "tables": relations.tables(),
        "views": relations.views(),
        "enums": enums(session),
        "domains": domains(session, expressions),
        "composite_types": composite_types(session, columns),
        "range_types": range_types(session),
        "sequences": sequences(session, sequence_list),
        "routines": routines(session, expressions),
    }
    used = {each.schema for kind in objects.values() for each in kind}  # type: ignore[attr-defined]
    ((name,),) = session.run("SELECT current_database()")
    return Model(
        name=name,
        extensions=extensions(session),
        schemas=schemas(session, used),
        **objects,  # type: ignore[arg-type]
        unread=unread(session),
    )
