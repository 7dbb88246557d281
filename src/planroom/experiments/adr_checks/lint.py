"""A rule of the linter that has to stay clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.evidence import Result
from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict

if TYPE_CHECKING:
    from planroom.adr.claims import CheckClaim

__all__ = ["Lint"]


class Lint(CheckKind):
    """``{lint: MIG006, on: migrations, model: schemas/shop.sql}``."""

    def describe(self) -> str:
        """Return in one line what it checks, with an example."""
        return "a rule finds nothing: {lint: index-built-without-concurrently, on: migrations}"

    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return whether the rule finds nothing."""
        source, model = str(claim.arguments.get("on") or ground.default), str(claim.arguments.get("model") or "")
        found = ground.judge(ground.path(source), claim.subject, ground.path(model))
        if not found:
            return Verdict(Result.HOLDS, f"{claim.subject} finds nothing in {source}")
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        return Verdict(Result.FAILS, f"{claim.subject} finds: {found[0].message}{more}")
