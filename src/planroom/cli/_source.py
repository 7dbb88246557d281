"""What commands that read a source have in common: how it is read, and what its findings mean for the exit status."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from planroom.cli._options import exit_status, fail_on_option
from planroom.cli._output import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.findings import Finding
    from planroom.model import Model

__all__ = ["Source", "finding_objects", "note_findings", "source_options", "unread_objects"]

_STDIN = "/dev/stdin"
_MOST_NOTED = 5


@dataclass(frozen=True)
class Source:
    """A source as the command line named it.

    Attributes:
        target: A path, URL or SQL text.
        format: The format's name; empty where the suffix or the content tells.
        notes: The file of annotations, if one was named.
        fail_on: The lowest severity that makes the exit status 1, or ``never``.
    """

    target: str
    format: str
    notes: str | None
    fail_on: str

    @property
    def shown(self) -> str:
        """The source without its password."""
        from planroom.workbench.secrets import without_secrets

        return without_secrets(self.target)

    def read(self) -> Model:
        """Return the model that it describes."""
        from planroom.workbench import read

        return read(_STDIN if self.target == "-" else self.target, format=self.format, notes=self.notes)

    def status(self, findings: tuple[Finding, ...]) -> int:
        """Return 1 when a finding is as bad as ``fail_on`` says, else 0."""
        return exit_status((finding.severity for finding in findings), self.fail_on)


def source_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument SOURCE and its options to a command; they arrive together as ``source``."""

    def gathered(source: str, from_format: str, notes: str | None, fail_on: str, **rest: Any) -> Any:
        return function(Source(source, from_format, notes, fail_on), **rest)

    gathered.__doc__ = function.__doc__
    gathered.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    options = (
        click.argument("source"),
        click.option(
            "--from", "from_format", default="", metavar="FORMAT", help="Its format, where the suffix does not tell."
        ),
        click.option("--notes", metavar="FILE", help="Annotations; by default SOURCE's neighbour NAME.notes.yml."),
        fail_on_option(),
    )
    wrapped: Callable[..., Any] = gathered
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def finding_objects(findings: tuple[Finding, ...]) -> list[dict[str, object]]:
    """Return findings for programs."""
    return [
        {
            "code": each.code,
            "slug": each.slug,
            "severity": str(each.severity),
            "effect": str(each.effect),
            "message": each.message,
            "subject": each.subject,
            **_place(each.location),
            "why": each.why,
            "fix": each.fix.text if each.fix else "",
            "source": each.source,
        }
        for each in findings
    ]


def unread_objects(model: Model) -> list[dict[str, object]]:
    """Return what was not read for programs, without its text: that may hold rows."""
    return [
        {"kind": each.kind, "what": each.what, "reason": each.reason, **_place(each.location)} for each in model.unread
    ]


def _place(location: Any) -> dict[str, object]:
    """Return a place as ``file``, ``line`` and ``column``; 0 is unknown."""
    place = asdict(location)
    return {"file": place["source"], "line": place["line"], "column": place["column"]}


def note_findings(findings: tuple[Finding, ...]) -> None:
    """Tell the findings of a source beside a result that does not show them."""
    for finding in findings[:_MOST_NOTED]:
        note(str(finding))
    if len(findings) > _MOST_NOTED:
        note(f"... and {len(findings) - _MOST_NOTED} more: `--format json` lists them.")
