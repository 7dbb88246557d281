"""What a reader of plans declares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["PlanReader"]


class PlanReader(ABC):
    """A plug-in: one format that plans are printed in. Its file's name is its name.

    Attributes:
        order: Readers are asked in this order; the strictest first.
    """

    order: ClassVar[int] = 0

    @abstractmethod
    def describe(self) -> str:
        """Return what it reads, in a few words."""

    @abstractmethod
    def recognises(self, text: str) -> bool:
        """Return whether the text looks like this format, right or broken."""

    @abstractmethod
    def read(self, text: str, *, source: str = "") -> Plan:
        """Return the plan.

        Raises:
            SyntaxProblem: The text is cut off, broken, or no plan.
        """
