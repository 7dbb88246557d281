"""A new constraint of a domain checks every table that uses it, while they are closed to writes."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["DomainNarrowed"]


class DomainNarrowed(BlockingWork):
    """A new constraint of a domain checks every table that uses it, while they are closed to writes.

    Each table with a column of the domain is held under SHARE, one after the other, until all are read; so does
    VALIDATE, unlike that of a table. Only NOT VALID stops nobody.
    """

    code = "MIG018"
    causes = frozenset({Cause.DOMAIN})
    statements = frozenset({"AlterDomainStmt"})
    fix = (
        "Leave the domain's constraint NOT VALID, and put a CHECK ... NOT VALID on each table, which "
        "VALIDATE proves without stopping writes."
    )
    source = "https://www.postgresql.org/docs/current/sql-alterdomain.html"
    before = (
        "CREATE DOMAIN d AS text; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID; CREATE "
        "DOMAIN unused AS text; CREATE TABLE t (id int PRIMARY KEY, c d)"
    )
    bad = (
        "ALTER DOMAIN d ADD CONSTRAINT e CHECK (length(VALUE) < 100)",
        "ALTER DOMAIN d SET NOT NULL",
        "ALTER DOMAIN d VALIDATE CONSTRAINT c",
    )
    good = (
        "ALTER DOMAIN d ADD CONSTRAINT e CHECK (length(VALUE) < 100) NOT VALID",
        "ALTER DOMAIN unused SET NOT NULL",
    )
