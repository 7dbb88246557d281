"""The embedded PostgreSQL: a private server, started on first use and gone when this process is.

It listens on a Unix socket in a directory of its own, closed to others, and not on TCP. Only the account that
runs this process may log in, which the kernel vouches for (peer authentication): there is no password to leak.
Its data are disposable, so it never waits for a disk.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from planroom.engines.postgres import supervisor
from planroom.engines.postgres.accounts import Account, server_account
from planroom.engines.postgres.binaries import Binaries, find_binaries
from planroom.engines.postgres.databases import Databases
from planroom.engines.postgres.interrupts import whole_or_undone
from planroom.engines.postgres.places import (
    base_directory,
    exclusive,
    new_directory,
    sweep,
    unavailable,
)
from planroom.engines.postgres.template import (
    SUPERUSER,
    TEMPLATE_DATABASE,
    clean_environment,
    make_template,
    reachable,
    run_program,
    template_path,
)
from planroom.errors import ServerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self


__all__ = ["SUPERUSER", "Server", "embedded", "stop_all"]

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 10.0
_POLL_S = 0.005

# Disposable data, no disk waits, nothing that runs on its own clock, and the same plans on every machine.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "128MB",
    "dynamic_shared_memory_type": "mmap",  # in the data directory: nothing stays in /dev/shm, however it ends
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "fatal",
    "logging_collector": "off",
    "log_destination": "stderr",
}


class Server:
    """One running server that this process owns.

    Use ``Server.start``; it is a context manager that stops the server. Safe to use from several threads.

    Attributes:
        binaries: The programs that run.
        directory: The server's own directory, which holds its socket; it changes from start to start.
        databases: Makes and drops the databases in it.
    """

    def __init__(self, binaries: Binaries, directory: Path, owner_lock: int, process: subprocess.Popen[str]) -> None:
        self.binaries = binaries
        self.directory = directory
        self.pid = os.getpid()
        self._owner_lock = owner_lock
        self._process = process
        self._postmaster = 0
        self._epitaph = ""
        self._stopping = threading.Lock()
        self.databases = Databases(self)

    @classmethod
    def start(cls, binaries: Binaries | None = None, *, settings: Mapping[str, str] | None = None) -> Server:
        """Start a server and return it when it accepts connections.

        Args:
            binaries: The programs to run; by default those that ``find_binaries`` finds.
            settings: Server settings on top of planroom's own.

        Raises:
            ServerUnavailableError: It cannot be started; the message says why and what to do.
        """
        wanted = {**SETTINGS, **(settings or {})}
        return whole_or_undone(lambda: cls._start(binaries or find_binaries(), wanted), cls.stop)

    @classmethod
    def _start(cls, programs: Binaries, wanted: Mapping[str, str]) -> Server:
        account = server_account()
        base = base_directory(account)
        try:
            programs = reachable(programs, account, base)
            return cls._start_from_template(programs, account, base, wanted)
        except OSError as error:
            raise unavailable(f"{error.strerror or error} ({base})") from None

    @classmethod
    def _start_from_template(
        cls, programs: Binaries, account: Account, base: Path, settings: Mapping[str, str]
    ) -> Server:
        with exclusive(base):
            sweep(base)
            template = template_path(base, programs, account)
            aged = template.exists()
            if not aged:
                make_template(base, template, programs, account)
            directory, owner_lock = new_directory(base, account)
        try:
            return cls._launch(programs, account, directory, owner_lock, template, settings)
        except ServerUnavailableError:
            if not aged or settings != SETTINGS:  # the caller's own settings are the likelier reason
                raise
        # A template that once was good may have lost files to a cleaner of temporary directories.
        with exclusive(base):
            make_template(base, template, programs, account)
            directory, owner_lock = new_directory(base, account)
        return cls._launch(programs, account, directory, owner_lock, template, settings)

    @classmethod
    def _launch(
        cls,
        programs: Binaries,
        account: Account,
        directory: Path,
        owner_lock: int,
        template: Path,
        settings: Mapping[str, str],
    ) -> Server:
        """Copy the template, start the server on the copy, and wait until it is ready; or leave nothing behind."""
        try:
            run_program("cp", "-R", str(template), str(directory / supervisor.DATA), account=account)
            process = _supervise(programs, directory, account, settings)
        except BaseException:
            supervisor.clear_away(directory)
            os.close(owner_lock)
            raise
        server = cls(programs, directory, owner_lock, process)
        _running.add(server)
        try:
            server._wait_until_ready()
        except BaseException:
            server.stop()
            raise
        return server

    @property
    def version(self) -> str:
        """The server's version, such as ``18.6``."""
        return self.binaries.version

    @property
    def alive(self) -> bool:
        """Whether the server runs; false in a forked child, to which it does not belong."""
        return self.pid == os.getpid() and self in _running and self._process.poll() is None

    def conninfo(self, database: str = TEMPLATE_DATABASE) -> dict[str, str]:
        """Return libpq's connection parameters; they hold no secret."""
        return {"host": str(self.directory), "port": "5432", "user": SUPERUSER, "dbname": database}

    def epitaph(self, patience_s: float = 0.5) -> str:
        """Return how the server ended, or an empty text when it still runs after ``patience_s`` seconds."""
        deadline = time.monotonic() + patience_s
        while self._postmaster_runs() and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        if self._postmaster_runs():
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=STOP_TIMEOUT_S)
        return self._last_words()

    def _postmaster_runs(self) -> bool:
        return self._process.poll() is None and supervisor.runs(self._postmaster)

    def _last_words(self) -> str:
        with self._stopping:
            if not self._epitaph:
                self._epitaph = _epitaph(self._process)
        return self._epitaph

    def _wait_until_ready(self) -> None:
        """Wait until the lock file's eighth line says so (miscadmin.h, LOCK_FILE_LINE_PM_STATUS)."""
        lock_file = self.directory / supervisor.DATA / "postmaster.pid"
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                lines = lock_file.read_text().splitlines()
                if len(lines) > 7 and lines[7].strip() == "ready":
                    self._postmaster = int(lines[0])
                    return
            if self._process.poll() is not None:
                raise unavailable(self._last_words(), self.directory)
            time.sleep(_POLL_S)
        raise unavailable(f"it was not ready after {START_TIMEOUT_S:.0f} s", self.directory)

    def stop(self) -> None:
        """Stop the server and remove its directory; stopping twice, or in a forked child, does nothing."""
        if self.pid != os.getpid() or self not in _running:
            return
        _running.discard(self)
        with contextlib.suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=STOP_TIMEOUT_S)
        if self._process.poll() is None:
            self._process.kill()
        self._last_words()
        supervisor.clear_away(self.directory)
        os.close(self._owner_lock)

    def let_go(self) -> None:
        """In a forked child: drop what would keep the parent's server alive after the parent's end."""
        for handle in (self._process.stdin, self._process.stdout):
            if handle is not None:
                with contextlib.suppress(OSError):
                    os.close(handle.fileno())
        with contextlib.suppress(OSError):
            os.close(self._owner_lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"PostgreSQL {self.version}, embedded, {'running' if self.alive else 'stopped'}"


def _epitaph(process: subprocess.Popen[str]) -> str:
    """Read the supervisor's last words: how the server ended, and the end of its log."""
    try:
        with process.stdout as pipe:  # type: ignore[union-attr]  # it is a pipe
            told = json.loads(pipe.read())
    except (OSError, ValueError):
        return "its process was ended from outside"
    if told["code"] < 0:
        return f"its process was killed by signal {-told['code']}"
    log = "; ".join(line for line in told["log"][-3:] if line)
    return log or f"exit code {told['code']}"


def _supervise(
    programs: Binaries, directory: Path, account: Account, settings: Mapping[str, str]
) -> subprocess.Popen[str]:
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    data = str(directory / supervisor.DATA)
    order = {
        "command": [programs.program("postgres"), "-D", data, "-k", str(directory), "-p", "5432", *options],
        "directory": str(directory),
        "environment": clean_environment(),
        "account": account.popen(),
    }
    return subprocess.Popen(
        [sys.executable, "-I", "-S", supervisor.__file__, json.dumps(order)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        text=True,
        start_new_session=True,
    )


_running: set[Server] = set()
_lock = threading.RLock()
_shared: Server | None = None


def embedded() -> Server:
    """Return the server that this process shares, started on first use and started afresh if it has ended.

    Raises:
        ServerUnavailableError: It cannot be started; the message says why and what to do.
    """
    global _shared  # noqa: PLW0603, RUF100  (one server a process is the point)
    with _lock:
        if _shared is None or not _shared.alive:
            if _shared is not None:
                _shared.stop()
            _shared = Server.start()
        return _shared


@atexit.register
def stop_all() -> None:
    """Stop every server that this process started."""
    for server in tuple(_running):
        server.stop()


def _after_fork_in_child() -> None:
    """A forked child has no part in its parent's servers; it starts its own when it needs one."""
    global _lock, _shared  # noqa: PLW0603, RUF100
    for server in tuple(_running):
        server.let_go()
    _running.clear()
    _lock, _shared = threading.RLock(), None


os.register_at_fork(after_in_child=_after_fork_in_child)
