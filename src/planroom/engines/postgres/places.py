"""Where the embedded servers live: one directory of planroom's own, and in it one for each server.

``<base>/template-…`` is a data directory as initdb leaves it; every server starts from a copy. ``<base>/s-…``
belongs to one server. Its file ``owner`` is locked by the process that wants the server for as long as that
process lives; a directory whose lock is free was left by a crash and is cleared away by whoever comes next.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from planroom.engines.postgres.supervisor import clear_away
from planroom.errors import ServerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.accounts import Account

__all__ = [
    "DIRECTORY_VARIABLE",
    "SOCKET_NAME",
    "base_directory",
    "exclusive",
    "new_directory",
    "sweep",
    "unavailable",
]

DIRECTORY_VARIABLE = "PLANROOM_SERVER_DIR"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # sun_path holds 104 bytes on macOS and BSD, 108 on Linux, the final NUL included
OWNER_LOCK = "owner"
ROOM_IN_MEMORY_BYTES = 2 << 30
"""What must be free in memory before servers live there: a fresh database is then ten times quicker than on disk."""
SERVER_PREFIX = "s-"
SCRATCH_PREFIX = "t-"


def base_directory(account: Account) -> Path:
    """Return the directory that holds all servers of this user, made if need be.

    Its name is predictable, so it must be a real directory that belongs to this user, closed to all others;
    a borrowed account may pass through it and not list it.

    Raises:
        ServerUnavailableError: No place allows it; the message says why each does not.
    """
    refusals = []
    for parent in _parents():
        base = parent / f"planroom-{os.geteuid()}"
        try:
            reason = _prepare(base, account)
        except OSError as error:
            reason = error.strerror or str(error)
        if not reason:
            return base
        refusals.append(f"{parent}: {reason}")
    raise ServerUnavailableError(
        "There is no directory for the PostgreSQL server.",
        why="; ".join(refusals) + ".",
        fix=f"set {DIRECTORY_VARIABLE} to a directory that you can write to, with a short path and free space.",
    )


def _parents() -> list[Path]:
    """The places to try: the one that the user names, and no other, or the usual ones."""
    named = os.environ.get(DIRECTORY_VARIABLE)
    if named:
        return [Path(named).expanduser().absolute()]
    memory = "/dev/shm" if _free_bytes("/dev/shm") > ROOM_IN_MEMORY_BYTES else None  # noqa: S108  (checked before use)
    usual = [memory, os.environ.get("TMPDIR"), "/tmp", "/var/tmp"]  # noqa: S108  (the directory is checked before use)
    return list(dict.fromkeys(Path(place) for place in usual if place and Path(place).is_absolute()))


def _free_bytes(folder: str) -> int:
    try:
        status = os.statvfs(folder)
    except OSError:
        return 0
    return status.f_bavail * status.f_frsize


def _prepare(base: Path, account: Account) -> str:
    """Make the base directory, or return why it cannot serve."""
    longest = base / f"{SERVER_PREFIX}12345678" / SOCKET_NAME
    if len(os.fsencode(longest)) > LONGEST_SOCKET_PATH:
        return f"its path is too long for a Unix socket ({len(os.fsencode(longest))} > {LONGEST_SOCKET_PATH} bytes)"
    if account.borrowed and (closed := _closed_to_others(base.parent)):
        return f"the account {account.name} cannot enter {closed}"
    mode = 0o711 if account.borrowed else 0o700
    with contextlib.suppress(FileExistsError):
        base.mkdir(mode=mode)
        base.chmod(mode)
    found = base.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return f"{base.name} is not a directory of this user"
    if stat.S_IMODE(found.st_mode) != mode:
        base.chmod(mode)
    return ""


def _closed_to_others(directory: Path) -> Path | None:
    """The first directory on the way that only its owner and group may enter."""
    way = [directory, *directory.parents]
    return next((step for step in reversed(way) if not step.stat().st_mode & stat.S_IXOTH), None)


@contextlib.contextmanager
def exclusive(base: Path) -> Iterator[None]:
    """Keep all other processes of this user from adding or clearing directories meanwhile."""
    handle = os.open(base / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def new_directory(base: Path, account: Account, prefix: str = SERVER_PREFIX) -> tuple[Path, int]:
    """Make a directory that this process owns until it closes the returned lock; call it inside ``exclusive``.

    Returns:
        The directory, closed to all but the account that runs the server, and the handle of its lock.
    """
    directory = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    handle = os.open(directory / OWNER_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if account.borrowed:
        os.chown(directory, account.uid, account.gid)
    return directory, handle


def sweep(base: Path) -> int:
    """Clear away what processes that are gone have left, their servers first; call it inside ``exclusive``.

    Returns:
        How many directories were cleared.
    """
    left = [
        directory
        for prefix in (SERVER_PREFIX, SCRATCH_PREFIX)
        for directory in base.glob(f"{prefix}*")
        if _is_abandoned(directory)
    ]
    for directory in left:
        clear_away(directory)
    return len(left)


def _is_abandoned(directory: Path) -> bool:
    try:
        handle = os.open(directory / OWNER_LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return directory.is_dir()
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def unavailable(reason: str, directory: Path | None = None) -> ServerUnavailableError:
    """Return the error for a server that cannot be started, with what to do about the usual reasons."""
    text = " ".join(reason.split()) or "it gave no reason"
    text = text.replace(str(directory), "its directory") if directory else text
    return ServerUnavailableError("The embedded PostgreSQL could not be started.", why=text, fix=_remedy(text))


def _remedy(reason: str) -> str:
    if "No space left" in reason or "quota" in reason.lower():
        return f"free some space (a server needs about 100 MB), or set {DIRECTORY_VARIABLE} to another disk."
    if "Read-only file system" in reason or "Permission denied" in reason:
        return f"set {DIRECTORY_VARIABLE} to a directory that you can write to."
    return "`planroom doctor` looks at each step; pr.postgres(url) uses a server of your own."
