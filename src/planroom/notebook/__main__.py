"""What the Makefile calls: ``python -m planroom.notebook lab | review FOLDER PATH... | refresh PATH...``."""

from __future__ import annotations

import sys
from pathlib import Path

from planroom.errors import PlanroomError, UnknownNameError
from planroom.notebook.lab import open_lab
from planroom.notebook.offline import export_html
from planroom.notebook.refreshing import refresh


def _lab(arguments: list[str]) -> int:
    return open_lab(arguments=arguments)


def _review(arguments: list[str]) -> int:
    folder, *paths = map(Path, arguments)
    for written in export_html(paths, folder):
        sys.stdout.write(f"{written}\n")
    return 0


def _refresh(arguments: list[str]) -> int:
    failed = False
    for path in map(Path, arguments):
        for outcome in refresh([path]):
            sys.stdout.write(f"{outcome}\n")
            sys.stdout.flush()
            failed |= outcome.failure is not None
    return 2 if failed else 0


_COMMANDS = {"lab": _lab, "refresh": _refresh, "review": _review}


def main(arguments: list[str]) -> int:
    """Run a command and return its exit status: 0 when it did what it should, else 2."""
    name, *rest = arguments or [""]
    try:
        if name not in _COMMANDS:
            raise UnknownNameError.of("command", name, _COMMANDS)
        return _COMMANDS[name](rest)
    except PlanroomError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
