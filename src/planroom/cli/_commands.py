"""The commands, found by walking the folder: the file's name is the command's name, a folder's that of a group."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

import click

import planroom
from planroom.errors import UnknownNameError

__all__ = ["Commands", "planroom_command"]

_EPILOG = (
    "Exit status: 0 fine; 1 findings at or above --fail-on; 2 it could not be done; 70 a bug in planroom; "
    "130 interrupted. Errors go to stderr. PLANROOM_DEBUG=1 shows tracebacks."
)


@cache
def _names(package: str) -> tuple[str, ...]:
    folder = import_module(package).__path__
    return tuple(sorted(each.name.replace("_", "-") for each in pkgutil.iter_modules(folder) if each.name[0] != "_"))


class Commands(click.Group):
    """A group whose commands are the files of a folder, imported when they are needed.

    Args:
        package: The dotted name of the folder.
    """

    def __init__(self, *arguments: Any, package: str = "planroom.cli", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Return the commands' names, sorted."""
        return list(_names(self.package))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command called so, named after its file."""
        if cmd_name not in _names(self.package):
            return None
        command: click.Command = import_module(f"{self.package}.{cmd_name.replace('-', '_')}").command
        command.name = cmd_name
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments begin with.

        Raises:
            UnknownNameError: There is no such command; the message names the nearest.
        """
        if args and not args[0].startswith("-") and args[0] not in _names(self.package):
            listing = f"{ctx.command_path} --help"
            raise UnknownNameError.of("command", args[0], _names(self.package), listing=listing)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(planroom.__version__, prog_name="planroom", message="%(prog)s %(version)s")
def planroom_command() -> None:
    """Read, draw and convert the design of a database.

    A SOURCE is a file or folder of SQL, a database's URL, a DuckDB file, SQL text, or - for standard input.
    """
