"""A function of the project's own, in a module that the project allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.adr.evidence import Result
from planroom.errors import PlanroomError
from planroom.experiments.adr_checks._modules import file_of, member
from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.adr.claims import CheckClaim

__all__ = ["Call"]


class Call(CheckKind):
    """``{call: "checks.orders:are_partitioned", args: [orders]}``."""

    def describe(self) -> str:
        """Return in one line what it checks, with an example."""
        return "a function of an allowed module does not say no: {call: checks.orders:are_partitioned}"

    def inputs(self, claim: CheckClaim, ground: Ground) -> Iterator[tuple[str, bytes]]:
        """Yield the claim, and the module's own file where it is in the project; it is not imported."""
        yield from super().inputs(claim, ground)
        yield from file_of(claim.subject, ground)

    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return what the function says: False, or an AssertionError, is no; anything else is yes.

        Raises:
            StatementRefusedError: The project does not allow the module; nothing is imported.
            PlanroomError: There is no such function, or it broke.
        """
        function = member(claim.subject, ground, "function")
        arguments = claim.arguments.get("args") or []
        try:
            said = function(**arguments) if isinstance(arguments, dict) else function(*arguments)
        except AssertionError as error:
            return Verdict(Result.FAILS, f"{claim.subject}: {_first(str(error)) or 'an assertion failed'}")
        except PlanroomError:
            raise
        except Exception as error:  # noqa: BLE001, RUF100  (whatever a project's own function does, the others go on)
            raise PlanroomError(
                f"{claim.subject} broke.", why=f"{type(error).__name__}: {_first(str(error))}"
            ) from None
        if said is False:
            return Verdict(Result.FAILS, f"{claim.subject} says no")
        return Verdict(Result.HOLDS, f"{claim.subject} says {said if isinstance(said, str) else 'yes'}")


def _first(text: str) -> str:
    return text.strip().partition("\n")[0][:200]
