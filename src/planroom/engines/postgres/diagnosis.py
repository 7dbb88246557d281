"""What `planroom doctor` says about the embedded PostgreSQL: each thing it needs, and whether it starts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from planroom.engines.base import Availability, Diagnosis
from planroom.engines.postgres.accounts import server_account
from planroom.engines.postgres.binaries import Binaries, find_binaries, look
from planroom.engines.postgres.connection import psycopg_module
from planroom.engines.postgres.places import base_directory
from planroom.errors import PlanroomError
from planroom.quantities import format_duration

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["availability", "diagnose"]


def availability() -> Availability:
    """Return whether the embedded server can be expected to start, without starting it."""
    try:
        psycopg_module()
        found = find_binaries()
        server_account()
    except PlanroomError as error:
        return Availability(False, " ".join(filter(None, (error.what, error.why))), fix=error.fix)
    return Availability(True, f"programs from {found.source}", found.version)


def diagnose(*, timed: bool = False) -> tuple[Diagnosis, ...]:
    """Look at each thing that the embedded server needs, and start one.

    Args:
        timed: Whether to say how long the start took; it differs from run to run.
    """
    return (
        _try("driver", lambda: f"psycopg {psycopg_module().__version__}"),
        *_programs(),
        _try("account", _account),
        _try("socket directory", lambda: str(base_directory(server_account()))),
        _try("server starts", lambda: _start(timed=timed)),
    )


def _try(check: str, step: Callable[[], str]) -> Diagnosis:
    try:
        return Diagnosis(check, "ok", step())
    except PlanroomError as error:
        return Diagnosis(check, "failed", " ".join(filter(None, (error.what, error.why))), error.fix)


def _programs() -> tuple[Diagnosis, ...]:
    """The place that has the programs, and why the places before it were passed over."""
    found, refusals = look()
    passed = tuple(Diagnosis(f"programs from {item.source}", "cannot tell", item.reason) for item in refusals)
    if found is None:
        return (*passed, _try("programs", lambda: str(find_binaries().folder)))
    return (*passed, Diagnosis(f"programs from {found.source}", "ok", _describe(found)))


def _describe(found: Binaries) -> str:
    return f"PostgreSQL {found.version} in {found.folder}"


def _account() -> str:
    account = server_account()
    return f"{account.name} (borrowed: PostgreSQL refuses root)" if account.borrowed else account.name


def _start(*, timed: bool) -> str:
    """Start a server of its own, so that a shared one that runs already hides nothing."""
    from planroom.engines.postgres.server import Server

    begun = time.monotonic()
    with Server.start() as server:
        server.databases.create()
        took = f", {format_duration(time.monotonic() - begun)} to a fresh database" if timed else ""
        return f"PostgreSQL {server.version}{took}"
