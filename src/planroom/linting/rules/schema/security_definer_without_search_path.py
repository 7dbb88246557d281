"""SCH027."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit, Effect, Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Routine

__all__ = ["SecurityDefinerWithoutSearchPath"]


_NAME = r"(?:\"[^\"]+\"|'[^']*'|[\w$]+)"
_SET = rf"\bset\s+search_path\s*(?:=|\bto\b)\s*{_NAME}(?:\s*,\s*{_NAME})*(?P<it>)(?!\s*,)"
"""Ends behind the last of the schemas."""


class SecurityDefinerWithoutSearchPath(SchemaRule):
    """A SECURITY DEFINER routine looks names up where its caller says, with its owner's rights.

    A caller who puts a table or function of that name into a schema of the search path, or into pg_temp, has the owner
    run or read it. A body that is parsed when it is created (BEGIN ATOMIC) is not open to this.
    """

    code = "SCH027"
    severity = Severity.WARNING
    effect = Effect.INSECURE
    fix = "Add SET search_path = the schemas it needs, pg_temp; the temporary schema last."
    source = "https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*)::int FROM t';",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT 1';",
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_temp, public"
            " AS 'SELECT 1';"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public, "
            "pg_temp AS 'SELECT 1';"
        ),
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT 1';",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT 1; END;",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield such routines whose search path is not fixed; as notes where pg_temp is not the last of it."""
        for routine in design.model.routines:
            if routine.security_definer and not routine.atomic and routine.language not in {"c", "internal"}:
                path = dict(routine.options).get("search_path")
                if path is None:
                    yield self._judged(routine, "looks names up in its caller's search path, with its owner's rights")
                elif path.strip(" \"'") and path.rpartition(",")[2].strip(' "') != "pg_temp":
                    message = f"looks up tables in pg_temp before its search path, {path}"
                    last = Edit(routine.origin, ", pg_temp", ("word", _SET))
                    certain = routine.origin.line and "pg_temp" not in path
                    yield self._judged(routine, message, Severity.NOTE).with_edits((last,) if certain else ())

    def _judged(self, routine: Routine, message: str, severity: Severity | None = None) -> Finding:
        return self.found(f"{routine.signature} {message}", routine.id, routine.origin, severity=severity)
