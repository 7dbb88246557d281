"""Statements and settings as the command line gives them."""

from __future__ import annotations

import contextlib
from pathlib import Path

from planroom.errors import PlanroomError

__all__ = ["setting_pair", "statement_in"]


def statement_in(given: str) -> str | Path:
    """Return the SQL itself, or the file that it is in: a word without a blank is no statement; - is standard input."""
    if given == "-":
        return Path("/dev/stdin")
    with contextlib.suppress(OSError, ValueError):
        if Path(given).exists():
            return Path(given)
    return given if len(given.split()) > 1 else Path(given)


def setting_pair(given: str) -> tuple[str, str]:
    """Return a setting's name and value from ``NAME=VALUE``.

    Raises:
        PlanroomError: It is no such pair.
    """
    name, found, value = given.partition("=")
    if not found or not name:
        raise PlanroomError(f"{given!r} is no setting.", fix="write NAME=VALUE, such as --set work_mem=64MB.")
    return name, value
