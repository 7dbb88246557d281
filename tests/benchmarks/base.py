"""What a benchmark is: comparisons of contestants, and targets for them."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.inputs import Inputs

__all__ = ["AtLeast", "AtMost", "Benchmark", "Comparison", "Contestant", "Runtime", "Target"]


class Runtime(enum.Enum):
    """Where a contestant's program runs."""

    PLANROOM = "planroom's environment"
    PEERS = ".venv-bench"
    NODE = "Node.js"


@dataclass(frozen=True)
class Contestant:
    """One program, measured in a process of its own.

    Attributes:
        name: What the report calls it.
        program: A file in ``programs``.
        arguments: What the program is given.
        runtime: What runs it.
        units: How many tables (or what the comparison counts in) it works on; 0 where that says nothing.
        timeout_s: When to give up, in seconds of wall time.
        most_runs: The median is taken of so many runs, or of fewer when they take long.
    """

    name: str
    program: str
    arguments: tuple[str, ...] = ()
    runtime: Runtime = Runtime.PLANROOM
    units: int = 0
    timeout_s: float = 120.0
    most_runs: int = 5


@dataclass(frozen=True)
class AtLeast:
    """The subject should take at most the peer's CPU time divided by a factor."""

    subject: str
    peer: str
    factor: float


@dataclass(frozen=True)
class AtMost:
    """The subject's call should take at most so many seconds of CPU."""

    subject: str
    cpu_s: float


Target = AtLeast | AtMost


@dataclass(frozen=True)
class Comparison:
    """Contestants that do the same work; the first is what the others are divided by.

    Attributes:
        title: The work.
        contestants: Who does it.
        targets: What planroom should reach.
        unit: What ``Contestant.units`` counts; empty where the report should not divide by it.
        note: What the reader should know of how it was measured.
    """

    title: str
    contestants: tuple[Contestant, ...]
    targets: tuple[Target, ...] = ()
    unit: str = ""
    note: str = ""


class Benchmark(ABC):
    """A family of comparisons; each file in ``cases`` defines one."""

    order: ClassVar[int] = 100
    """Where it stands in the report; the first come first."""

    @abstractmethod
    def comparisons(self, inputs: Inputs) -> Sequence[Comparison]:
        """Return what to compare.

        Args:
            inputs: Makes the files that contestants read.
        """
