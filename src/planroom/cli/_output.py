"""How a result leaves: as text for people, as one JSON object for programs, or as the document itself."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from planroom.errors import PlanroomError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["document", "format_option", "give_up", "note", "object_of", "printable", "progress_line", "text"]

_SPACES = frozenset("\t\u2009\u202f\u00a0")


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--format`` to a command; it arrives as ``as_json``."""
    return click.option(
        "--format",
        "as_json",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        callback=lambda _context, _parameter, value: value == "json",
        help="How to print the result; json is one object.",
    )(function)


def printable(value: str) -> str:
    r"""Return text that cannot steer a terminal: what is invisible is written as its escape.

    Example:
        >>> printable("\x1b[2J")
        '\\x1b[2J'
    """
    return "\n".join(line if line.isprintable() else _escaped(line) for line in value.split("\n"))


def _escaped(line: str) -> str:
    return "".join(each if each.isprintable() or each in _SPACES else repr(each)[1:-1] for each in line)


def text(value: object) -> None:
    """Print a result for people."""
    _write(f"{printable(str(value))}\n")


def note(value: str) -> None:
    """Tell people something that is not the result."""
    print(printable(value), file=sys.stderr, flush=True)


_PATIENCE_S = 0.5


def progress_line() -> Callable[[str], None] | None:
    """Return what shows on one line of a terminal what is worked on, once it has taken a while; None where none is."""
    if not sys.stderr.isatty():
        return None
    import shutil

    begun = time.monotonic()
    width = max(20, shutil.get_terminal_size().columns - 1)

    def show(what: str) -> None:
        if not what or time.monotonic() - begun > _PATIENCE_S:
            shown = printable(what.replace("\n", " "))
            shown = shown if len(shown) <= width else f"...{shown[3 - width :]}"
            click.echo(f"\r{shown:<{width}}\r", nl=False, err=True)

    return show


def object_of(schema: str, **fields: object) -> None:
    """Print a result for programs: one JSON object in ASCII, whatever the terminal's encoding.

    Args:
        schema: The form's name and version, such as ``planroom.show/1``; within a version fields are only added.
        fields: Everything else.
    """
    _write(json.dumps({"schema": schema, **fields}, indent=2, default=_plain) + "\n")


def _plain(value: Any) -> object:
    """Return what JSON has no form for as what it has one for."""
    return dict(value) if hasattr(value, "keys") else str(value)


def document(content: str) -> None:
    """Print a document as it would stand in a file: UTF-8, lines ended by a newline."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        _write(content)
        return
    sys.stdout.flush()
    _guarded(lambda: (buffer.write(content.encode("utf-8", "surrogateescape")), buffer.flush()))


def _write(content: str) -> None:
    _guarded(lambda: (sys.stdout.write(content), sys.stdout.flush()))


def _guarded(write: Callable[[], object]) -> None:
    """Write to standard output.

    Raises:
        BrokenPipeError: Nobody reads it any more.
        PlanroomError: It cannot be written.
    """
    try:
        write()
    except BrokenPipeError:
        raise
    except OSError as error:
        give_up()
        raise PlanroomError("The output cannot be written.", why=f"{error.strerror or error}.") from None


def give_up() -> None:
    """Send what is still in the buffer nowhere: Python would complain about it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
