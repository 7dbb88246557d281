"""A new constraint of a domain checks every table that uses it, while they are closed to writes."""

from __future__ import annotations

from planroom.linting.effects import Cause
from planroom.linting.rules.migrations._work import BlockingWork

__all__ = ["DomainNarrowed"]


class DomainNarrowed(BlockingWork):
    """A new constraint of a domain checks every table that uses it, while they are closed to writes.

    Each table with a column of the domain is held under SHARE, one after the other, until all are read. NOT VALID
    leaves old values alone; VALIDATE (SHARE UPDATE EXCLUSIVE since PostgreSQL 18) checks them later.
    """

    code = "MIG018"
    causes = frozenset({Cause.DOMAIN})
    statements = frozenset({"AlterDomainStmt"})
    fix = "ALTER DOMAIN ... ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT in a later transaction."
    source = "https://www.postgresql.org/docs/current/sql-alterdomain.html"
    before = "CREATE DOMAIN d AS text; CREATE DOMAIN unused AS text; CREATE TABLE t (id int PRIMARY KEY, c d)"
    bad = (
        "ALTER DOMAIN d ADD CONSTRAINT c CHECK (length(VALUE) < 100)",
        "ALTER DOMAIN d SET NOT NULL",
    )
    good = (
        "ALTER DOMAIN d ADD CONSTRAINT c CHECK (length(VALUE) < 100) NOT VALID",
        "ALTER DOMAIN unused SET NOT NULL",
    )
