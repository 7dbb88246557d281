"""A rule about the system around the design that has to stay clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.evidence import Result
from planroom.architecture import System
from planroom.errors import PlanroomError
from planroom.experiments.adr_checks._modules import file_of, member
from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.adr.claims import CheckClaim

__all__ = ["Architecture"]


class Architecture(CheckKind):
    """``{architecture: shared-database, system: "schemas.shop_system:system"}``."""

    def describe(self) -> str:
        """Return in one line what it checks, with an example."""
        return 'a rule finds nothing in a system of an allowed module: {architecture: ARC003, system: "systems:shop"}'

    def inputs(self, claim: CheckClaim, ground: Ground) -> Iterator[tuple[str, bytes]]:
        """Yield the claim, the design, and the file that defines the system; it is not imported."""
        yield from super().inputs(claim, ground)
        yield from file_of(str(claim.arguments.get("system") or ""), ground)

    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return whether the rule finds nothing.

        Raises:
            StatementRefusedError: The project does not allow the module; nothing is imported.
            UnknownNameError: There is no such rule.
            PlanroomError: There is no such system, or what is called so is none.
        """
        reference = str(claim.arguments.get("system") or "")
        system = member(reference, ground, "system")
        if not isinstance(system, System):
            raise PlanroomError(
                f"{reference} is no system.", why=f"it is {type(system).__name__}.", fix="name a pr.System."
            )
        found = ground.judge_system(system, claim.subject)
        if not found:
            return Verdict(Result.HOLDS, f"{claim.subject} finds nothing in {system.name}")
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        return Verdict(Result.FAILS, f"{claim.subject} finds: {found[0].message}{more}")
