"""What a kind of check declares, and what it stands on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.adr.evidence import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from planroom.adr.claims import CheckClaim
    from planroom.architecture import System
    from planroom.engines import Engine
    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["CheckKind", "Ground", "Verdict", "files_below"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says.

    Attributes:
        result: Whether the claim holds.
        words: Why, for people; no values of a database.
        engine: The engine that was asked, with its version.
    """

    result: Result
    words: str
    engine: str = ""


@dataclass(frozen=True)
class Ground:
    """What checks stand on: how sources become models, databases and findings is the workbench's business.

    Attributes:
        root: The folder that paths in records count from.
        allow: The modules whose functions may be called.
        default: The source that is meant where a check names none.
        read: Gives the model of a source.
        opened: Gives a database that holds a source: the user's own, only read, or one of planroom's with the design.
        judge: Gives the findings of one rule on a source, with a model.
        judge_system: Gives the findings of one rule on a system.
        explain: Gives the plan of a statement on an engine, as text.
    """

    root: Path
    allow: tuple[str, ...]
    default: str
    read: Callable[[str], Model]
    opened: Callable[[str, str], AbstractContextManager[Engine]]
    judge: Callable[[str, str, str], tuple[Finding, ...]]
    judge_system: Callable[[System, str], tuple[Finding, ...]]
    explain: Callable[[str, Engine], str]

    def path(self, source: str) -> str:
        """Return a source as it is found from here: a path counts from the root."""
        return source if "://" in source or not source else str(self.root / source)


class CheckKind(ABC):
    """A plug-in: one kind of check. Its file's name is the key that names it in a record."""

    @property
    def name(self) -> str:
        """The file's name, as records write it."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    @abstractmethod
    def describe(self) -> str:
        """Return in one line what it checks, with an example."""

    def inputs(self, claim: CheckClaim, ground: Ground) -> Iterator[tuple[str, bytes]]:
        """Yield what the check is about, by name: the claim, and the files that it names; nothing is run.

        A database that is named by a URL cannot be read without being asked: its claim is out of date from the next day
        on, and the workbench says so.
        """
        yield "claim", f"{claim.kind}\0{claim.subject}\0{sorted(claim.arguments.items())}".encode()
        for source in {str(claim.arguments.get("on") or ground.default), str(claim.arguments.get("model") or "")} - {
            ""
        }:
            yield from files_below(ground, source)

    @abstractmethod
    def run(self, claim: CheckClaim, ground: Ground) -> Verdict:
        """Return what the check says.

        Raises:
            PlanroomError: It could not be run; that is told as "cannot tell", and is not green.
        """


def files_below(ground: Ground, source: str) -> Iterator[tuple[str, bytes]]:
    """Yield a file, or all files of a folder, with its name from the root."""
    if "://" in source:
        return
    path = ground.root / source
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if each.is_file():
            yield (
                each.relative_to(ground.root).as_posix() if each.is_relative_to(ground.root) else each.as_posix(),
                each.read_bytes(),
            )
