"""What can go wrong, said so that a person can act on it.

Every error that planroom raises on purpose is one of these::

    PlanroomError
    ├── SourceError          a source cannot be read: missing, not text, unreachable
    │   └── SyntaxProblem    the text was read, but it does not parse
    ├── UnknownNameError     no such format, engine, table ...; names the nearest one
    ├── MissingExtraError    a feature needs an optional package
    ├── EngineError          a database server or DuckDB said no
    │   ├── ServerUnavailableError   no server could be started or reached
    │   ├── StatementRefusedError    planroom will not send this statement
    │   └── StatementFailedError     the engine refused the statement
    ├── FormatError          a model cannot be written in, or read from, a format
    ├── LayoutError          no picture could be laid out
    ├── ModelError           a model contradicts itself
    └── QuantityError        a number or unit makes no sense

A message has up to four parts, one a line: *what* happened, *where*, *why*, and how to *fix* it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "EngineError",
    "FormatError",
    "LayoutError",
    "MissingExtraError",
    "ModelError",
    "PlanroomError",
    "QuantityError",
    "ServerUnavailableError",
    "SourceError",
    "StatementFailedError",
    "StatementRefusedError",
    "SyntaxProblem",
    "UnknownNameError",
    "nearest",
]


class PlanroomError(Exception):
    """The root of planroom's errors.

    Attributes:
        what: What happened, with the user's own names in it.
        where: The place, such as ``shop.sql:12:3``; empty when there is none.
        why: The reason, as far as it is known.
        fix: What to do about it.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        parts = (("where", self.where), ("why", self.why), ("fix", self.fix))
        return "\n".join([self.what, *(f"  {name}: {text}" for name, text in parts if text)])


class SourceError(PlanroomError):
    """A source cannot be read: it is missing, not text, or cannot be reached."""


class SyntaxProblem(SourceError):  # noqa: N818  (SyntaxError is taken, and this is what it is)
    """A text was read, but it does not parse."""


class UnknownNameError(PlanroomError):
    """Something was asked for by a name that nothing bears."""

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str], *, listing: str = "") -> UnknownNameError:
        """Return the error for ``name``, with the nearest known name as its fix.

        Args:
            kind: What was asked for, such as ``engine``.
            name: The name that nothing bears.
            known: The names that would have been right.
            listing: How to list them all, such as ``planroom engines``.
        """
        names = sorted(known)
        close = nearest(name, names)
        hints = [f"did you mean {close!r}?"] if close else []
        hints += [f"`{listing}` lists them."] if listing else []
        shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
        why = f"{len(names)} are known: {shown}." if names else "none are known."
        return cls(f"There is no {kind} called {name!r}.", why=why, fix=" ".join(hints))


class MissingExtraError(PlanroomError):
    """A feature needs a package that the core install leaves out."""

    @classmethod
    def of(cls, feature: str, package: str, extra: str) -> MissingExtraError:
        """Return the error that names the extra to install."""
        return cls(
            f"{feature} needs the package {package}, which is not installed.",
            why=f"it belongs to the extra [{extra}].",
            fix=f"pip install 'planroom[{extra}]'",
        )


class EngineError(PlanroomError):
    """A database engine could not do what was asked."""


class ServerUnavailableError(EngineError):
    """No server could be started or reached."""


class StatementRefusedError(EngineError):
    """planroom will not send this statement to this database."""


class StatementFailedError(EngineError):
    """The engine refused a statement; the message is the engine's own.

    Attributes:
        code: The engine's code for the error, such as PostgreSQL's SQLSTATE ``42703``; empty when it has none.
    """

    code: str = ""


class FormatError(PlanroomError):
    """A model cannot be written in, or read from, a format."""


class LayoutError(PlanroomError):
    """No picture could be laid out."""


class ModelError(PlanroomError):
    """A model contradicts itself."""


class QuantityError(PlanroomError):
    """A number or a unit makes no sense."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like ``name``, or an empty string when none is close.

    Example:
        >>> nearest("duckbd", ["duckdb", "postgres"])
        'duckdb'
    """
    import difflib  # errors are rare, and every command loads this module

    candidates = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), candidates, n=1, cutoff=0.6)
    return candidates[close[0]] if close else ""
