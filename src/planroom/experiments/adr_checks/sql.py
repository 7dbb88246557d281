"""A SQL assertion: one SELECT that gives one row with one true value, or the value that is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.evidence import Result
from planroom.errors import PlanroomError
from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict

if TYPE_CHECKING:
    from planroom.adr.claims import CheckClaim

__all__ = ["Sql"]


class Sql(CheckKind):
    """``{sql: "select count(*) = 0 from orders where total < 0", on: schemas/shop.sql}``."""

    def describe(self) -> str:
        """Return in one line what it checks, with an example."""
        return "one SELECT gives true, or what is expected: {sql: select count(*) from t, on: shop.sql, expect: 0}"

    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return whether the statement gives what is expected; on a database that the user named it is only read."""
        source = str(claim.arguments.get("on") or ground.default)
        if not source:
            raise PlanroomError("The check names no database.", fix="say on: a schema, a DuckDB file or a URL.")
        with ground.opened(ground.path(source), str(claim.arguments.get("engine") or "postgres")) as engine:
            rows = engine.query(claim.subject, limit=2)
            asked = f"{engine.name} {engine.version}"
            values = [tuple(row) for row in rows]
        if len(values) != 1 or len(values[0]) != 1:
            shape = f"{len(values)} row(s) of {len(rows.columns)} columns"
            raise PlanroomError(
                "The check gives no single value.", why=f"it gives {shape}.", fix="select one expression."
            )
        expected = claim.arguments.get("expect", True)
        found = values[0][0]
        if type(expected) is bool and not isinstance(found, bool):
            raise PlanroomError(
                "The check gives no truth value.",
                why=f"it gives a {type(found).__name__}.",
                fix="compare it, or say what to expect.",
            )
        holds = found == expected or str(found) == str(expected)
        return Verdict(
            Result.HOLDS if holds else Result.FAILS,
            "as expected" if holds else f"{claim.subject} does not give {expected}",
            asked,
        )
