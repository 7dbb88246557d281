"""Where a command begins and ends: whatever happens in between becomes an exit status and a few lines on stderr."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback
from typing import TYPE_CHECKING

import click

from planroom.cli._commands import planroom_command
from planroom.cli._output import give_up, printable
from planroom.collector import end_quickly, seldom
from planroom.errors import PlanroomError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

FINE, CANNOT = 0, 2
BUG = 70  # sysexits.h: EX_SOFTWARE
INTERRUPTED = 130  # 128 + SIGINT, as shells say it
PIPE_CLOSED = 141  # 128 + SIGPIPE
DEBUG_VARIABLE = "PLANROOM_DEBUG"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_COMPLETION_VARIABLE = "_PLANROOM_COMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        arguments: The words after ``planroom``; by default the process's own.
    """
    _accept_every_character()
    end_quickly()
    try:
        with seldom():
            return _run(list(sys.argv[1:] if arguments is None else arguments))
    except BrokenPipeError:
        give_up()
        return PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        return _said("Interrupted.", INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        return _said(error.format_message(), CANNOT)
    except click.ClickException as error:
        return _said(str(_in_planrooms_words(error)), CANNOT)
    except PlanroomError as error:
        _traceback_when_debugging()
        return _said(str(error), CANNOT)
    except MemoryError:
        return _said("The memory is not enough for this.", CANNOT)
    except Exception as error:  # this is the outermost handler: what arrives here is a bug
        if isinstance(error, OSError) and error.errno in _FULL:  # click writes its help itself
            give_up()
            return _said(f"The output cannot be written.\n  why: {error.strerror}.", CANNOT)
        _traceback_when_debugging()
        return _said(str(_bug(error)), BUG)


def _run(arguments: list[str]) -> int:
    if instruction := os.environ.get(_COMPLETION_VARIABLE):
        from click.shell_completion import shell_complete

        return shell_complete(planroom_command, {}, "planroom", _COMPLETION_VARIABLE, instruction)
    try:
        with planroom_command.make_context("planroom", arguments) as context:
            status = planroom_command.invoke(context)
    except click.exceptions.Exit as ended:
        status = ended.exit_code
    return status if isinstance(status, int) else FINE


def _accept_every_character() -> None:
    """Let a terminal that knows few characters show the others as escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _said(text: str, status: int) -> int:
    from planroom.workbench.secrets import without_secrets

    with contextlib.suppress(OSError):
        print(printable(without_secrets(text)), file=sys.stderr, flush=True)
    return status


def _in_planrooms_words(error: click.ClickException) -> PlanroomError:
    """Return a call that click could not use in the form of planroom's other errors."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "planroom"
    return PlanroomError(error.format_message(), fix=f"`{path} --help` shows how it is called.")


def _bug(error: Exception) -> PlanroomError:
    first_line = str(error).partition("\n")[0]
    return PlanroomError(
        f"This is a bug in planroom: {type(error).__name__}: {first_line}",
        fix=f"please report it, with the traceback that {DEBUG_VARIABLE}=1 shows.",
    )


def _traceback_when_debugging() -> None:
    if os.environ.get(DEBUG_VARIABLE, "") not in {"", "0"}:
        _said(traceback.format_exc().rstrip(), 0)
