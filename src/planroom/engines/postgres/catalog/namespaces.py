"""Schemas and extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import USER_SCHEMA, not_extension
from planroom.model import Extension, Schema

if TYPE_CHECKING:
    from collections.abc import Collection

    from planroom.engines.postgres.catalog.session import Session

__all__ = ["PUBLIC_COMMENT", "extensions", "schemas"]

PUBLIC_COMMENT = "standard public schema"  # initdb's own


def schemas(session: Session, used: Collection[str]) -> tuple[Schema, ...]:
    """Return the user's schemas; ``public`` and those of extensions only where something else lives in them.

    Args:
        session: The reading.
        used: The names of the schemas that hold an object of the model.
    """
    rows = session.run(f"""
        SELECT n.oid::int8, n.nspname, {not_extension("pg_namespace", "n")} FROM pg_namespace n WHERE {USER_SCHEMA}""")
    found = []
    for oid, name, designed in rows:
        comment = session.comment("pg_namespace", oid)
        if name == "public":
            comment, designed = (comment, True) if comment != PUBLIC_COMMENT else ("", False)
            designed = bool(comment)
        if designed or name in used:
            found.append(Schema(name=name, comment=comment, origin=session.origin))
    return tuple(sorted(found, key=lambda each: each.name))


def extensions(session: Session) -> tuple[Extension, ...]:
    """Return the installed extensions, but for plpgsql, which every database has.

    Their comments are left out: the server copies each from the extension's control file, and to ask what stands there
    (``pg_available_extensions``) fails as soon as one of all the control files on the server is broken.
    """
    rows = session.run("""
        SELECT x.oid::int8, x.extname, n.nspname, x.extversion
        FROM pg_extension x
        JOIN pg_namespace n ON n.oid = x.extnamespace
        ORDER BY x.extname""")
    for oid, *_ in rows:
        session.comment("pg_extension", oid)
    return tuple(
        Extension(
            name=name,
            schema=schema,
            version=version,
            origin=session.origin,
        )
        for _, name, schema, version in rows
        if name != "plpgsql"
    )
