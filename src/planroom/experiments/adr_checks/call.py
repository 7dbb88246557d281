"""A function of the project's own, in a module that the project allows."""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING, Any

from planroom.adr.evidence import Result
from planroom.errors import PlanroomError, StatementRefusedError
from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.adr.claims import CheckClaim

__all__ = ["Call"]

_NAME = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_]\w*)")


class Call(CheckKind):
    """``{call: "checks.orders:are_partitioned", args: [orders]}``."""

    def describe(self) -> str:
        """Return in one line what it checks, with an example."""
        return "a function of an allowed module does not say no: {call: checks.orders:are_partitioned}"

    def inputs(self, claim: CheckClaim, ground: Ground) -> Iterator[tuple[str, bytes]]:
        """Yield the claim, and the module's own file where it is in the project; it is not imported."""
        yield from super().inputs(claim, ground)
        module = claim.subject.partition(":")[0].replace(".", "/")
        for path in (ground.root / f"{module}.py", ground.root / module / "__init__.py"):
            if path.is_file():
                yield path.name, path.read_bytes()

    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return what the function says: False, or an AssertionError, is no; anything else is yes.

        Raises:
            StatementRefusedError: The project does not allow the module; nothing is imported.
            PlanroomError: There is no such function, or it broke.
        """
        found = _NAME.fullmatch(claim.subject.strip())
        if found is None:
            raise PlanroomError(f"{claim.subject!r} names no function.", fix="write module:function.")
        module, name = found.groups()
        if not any(module == each or module.startswith(f"{each}.") for each in ground.allow):
            raise StatementRefusedError(
                f"planroom does not import {module}.",
                why="the project does not allow it.",
                fix=f'add it to [tool.planroom.adr]: allow = ["{module}"].',
            )
        function = _imported(module, name, str(ground.root))
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


def _imported(module: str, name: str, root: str) -> Any:
    """Return a function of a module, which may stand in the project's own folder."""
    added = root not in sys.path
    if added:
        sys.path.insert(0, root)
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise PlanroomError(f"There is no function {module}:{name}.", why=f"{error}.") from None
    finally:
        if added:
            sys.path.remove(root)


def _first(text: str) -> str:
    return text.strip().partition("\n")[0][:200]
