"""Options that several commands have: how a result is printed, and what makes the exit status 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planroom.findings import Severity

__all__ = ["exit_status", "fail_on_option", "forms_option"]

_NEVER = "never"


def forms_option(*forms: str, words: str = "How to print the result; json is one object.") -> Callable[..., Any]:
    """Return ``--format`` for a command whose result has several forms, the first by default.

    It arrives as ``shown_as``.
    """
    choice = click.Choice(forms)
    return click.option("--format", "shown_as", type=choice, default=forms[0], show_default=True, help=words)


def fail_on_option(words: str = "The severity of findings from which on the exit status is 1.") -> Callable[..., Any]:
    """Return ``--fail-on`` for a command whose findings have a severity."""
    choice = click.Choice(["note", "warning", "error", _NEVER])
    return click.option("--fail-on", type=choice, default="error", show_default=True, help=words)


def exit_status(severities: Iterable[Severity], fail_on: str) -> int:
    """Return 1 when one of the severities is at least that of ``--fail-on``, else 0."""
    from planroom.findings import Severity

    return 0 if fail_on == _NEVER else int(any(each >= Severity[fail_on.upper()] for each in severities))
