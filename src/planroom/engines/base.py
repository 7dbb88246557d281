"""What every engine can do, and what a plug-in says about its kind of engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from planroom.display import Displayable, card, html_table, text_table
from planroom.engines._explained import Explained
from planroom.engines._rows import Rows, render
from planroom.errors import StatementRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from planroom.model import Model

__all__ = ["Availability", "Diagnosis", "Engine", "EngineKind", "Explained", "Rows", "render"]

DEFAULT_LIMIT = 1000
DEFAULT_TIMEOUT_S = 30.0


class Engine(Displayable, ABC):
    """A database that answers statements.

    An engine is *owned* when planroom made its database: then it runs anything, and the database is gone
    when the engine is closed. On a database that the user named, an engine only reads.
    """

    name: ClassVar[str]
    """The kind of engine, such as ``postgres``."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where the database is, without a password; the same from run to run."""

    @property
    @abstractmethod
    def version(self) -> str:
        """The engine's version, such as ``18.6``."""

    @property
    @abstractmethod
    def owned(self) -> bool:
        """Whether planroom made this database and may change it."""

    @abstractmethod
    def query(
        self,
        sql: str,
        *,
        params: Sequence[object] = (),
        limit: int = DEFAULT_LIMIT,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Rows:
        """Send one statement and return its answer.

        Args:
            sql: One statement; ``$1``, ``$2`` ... stand for ``params``.
            params: The values of the placeholders.
            limit: The most rows to return, >= 0; the answer says when it was cut off.
            timeout_s: Seconds after which the engine gives up; 0 is never.

        Raises:
            StatementRefusedError: planroom will not send this to a database that the user named.
            StatementFailedError: The engine refused it; the message is the engine's own.
            ServerUnavailableError: The engine cannot be reached, or ended while it worked.
        """

    def explain(
        self,
        sql: str,
        *,
        analyze: bool = False,  # noqa: ARG002  (an engine that has plans overrides this)
        params: Sequence[object] = (),  # noqa: ARG002
        generic: bool = False,  # noqa: ARG002
        settings: Mapping[str, object] | None = None,  # noqa: ARG002
        allow_functions: bool = False,  # noqa: ARG002
        timeout_s: float = DEFAULT_TIMEOUT_S,  # noqa: ARG002
    ) -> Explained:
        """Return the plan of one statement as the engine writes it down; nothing stays changed.

        Args:
            sql: One statement without EXPLAIN; ``$1``, ``$2`` ... stand for ``params``.
            analyze: Whether to run the statement and measure it. On a database that planroom made, what it changes
                is rolled back; on one that the user named, a statement that writes is refused.
            params: The values of the placeholders; the plan is the one for these values.
            generic: Whether to give the plan for any values, as a prepared statement has that is used often;
                without ``analyze`` it needs no ``params``.
            settings: Settings of the engine for this plan alone, such as ``{"work_mem": "64MB"}``.
            allow_functions: With ``analyze`` on a database that the user named: whether to run volatile functions.
            timeout_s: Seconds after which the engine gives up; 0 is never.

        Raises:
            StatementRefusedError: planroom will not send this, or the engine has no such plan.
            StatementFailedError: The engine refused it; the message is the engine's own.
            ServerUnavailableError: The engine cannot be reached, or ended while it worked.
        """
        del sql
        raise StatementRefusedError(
            f"planroom reads no plans of {self._product}.",
            why="it reads those of PostgreSQL and DuckDB.",
            fix="ask for it on a database that planroom made: with pr.database(model) as db: db.explain(...).",
        )

    @abstractmethod
    def run(self, script: str) -> None:
        """Run any number of statements, one after the other; only on an owned database.

        Raises:
            StatementRefusedError: The database is the user's.
            StatementFailedError: A statement failed; those before it have been carried out.
            ServerUnavailableError: The engine cannot be reached, or ended while it worked.
        """

    @abstractmethod
    def model(self) -> Model:
        """Return the design that the database's catalog holds.

        Raises:
            StatementFailedError: The catalog may not be read.
            ServerUnavailableError: The engine cannot be reached.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the database; an owned one is dropped. Closing twice is fine."""

    @property
    @abstractmethod
    def _product(self) -> str:
        """The product's own name, such as ``PostgreSQL``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _facts(self) -> tuple[tuple[str, str], ...]:
        """The lines of the card; nothing that changes from run to run."""
        belongs = "planroom; dropped when closed" if self.owned else "you; planroom only reads it"
        return (("engine", f"{self._product} {self.version}"), ("url", self.url), ("belongs to", belongs))

    def __str__(self) -> str:
        return text_table((), self._facts())

    def __repr__(self) -> str:
        return str(self)

    def _html(self) -> str:
        return card(f"{self._product} {self.version}", html_table((), self._facts()[1:]))


@dataclass(frozen=True)
class Availability:
    """Whether a kind of engine can be used here.

    Attributes:
        available: Whether it can.
        reason: Where it comes from, or why it cannot be used.
        version: The engine's version; empty when it is not available.
        fix: What to do when it cannot be used.
    """

    available: bool
    reason: str
    version: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """One line of ``planroom doctor``.

    Attributes:
        check: What was looked at.
        result: What came out.
        detail: What was found, in words.
        fix: What to do when it failed.
    """

    check: str
    result: Literal["ok", "failed", "cannot tell"]
    detail: str
    fix: str = ""


class EngineKind(ABC):
    """A plug-in: one kind of engine. Its file's name is its name.

    Attributes:
        owns: Whether it makes databases of planroom's own.
    """

    name: ClassVar[str]
    owns: ClassVar[bool] = True

    @abstractmethod
    def describe(self) -> str:
        """Return in one line what this engine is good for."""

    @abstractmethod
    def available(self) -> Availability:
        """Return whether this engine can be used here, without starting it."""

    @abstractmethod
    def recognises(self, target: str) -> bool:
        """Return whether ``target``, a URL or a path, looks like a database of this kind; opens nothing."""

    @abstractmethod
    def connect(self, target: str | None = None) -> Engine:
        """Return an engine on the database that ``target`` names, or on a fresh, owned one without it.

        Raises:
            SourceError: The target is missing or no database of this kind.
            ServerUnavailableError: It cannot be reached, or no server can be started.
            MissingExtraError: The driver is not installed.
        """

    def diagnose(self) -> tuple[Diagnosis, ...]:
        """Return what ``planroom doctor`` says about this engine."""
        found = self.available()
        result: Literal["ok", "failed"] = "ok" if found.available else "failed"
        return (Diagnosis(self.name, result, " ".join(filter(None, (found.version, found.reason))), found.fix),)
