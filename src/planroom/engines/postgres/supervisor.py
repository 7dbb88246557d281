"""Runs one PostgreSQL server for as long as the process that wants it lives, and leaves nothing behind.

Started as a program of its own, in a session of its own, it waits for the end of its standard input, which
comes when the other process closes it or dies in any way. Then it stops the server and removes the server's
directory. When the server ends first, it says on standard output how, and removes the directory too.

The file runs by its path, without planroom: it uses the standard library only.
"""

from __future__ import annotations

import collections
import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

__all__ = ["DATA", "clear_away", "main", "runs"]

DATA = "data"  # the data directory's name inside the server's directory
LOG_LINES = 40
LONGEST_LINE = 1000  # all lines together fit into a pipe that nobody may ever read
STOP_TIMEOUT_S = 5.0
_IPC_RMID = 0  # sys/ipc.h


def main(order: dict[str, Any]) -> None:
    """Run the server that ``order`` describes until it ends or is no longer wanted.

    Args:
        order: ``command`` (the server's), ``directory`` (removed in the end), ``environment`` and
            ``account`` (arguments of Popen).
    """
    _ignore_the_terminal()
    directory = Path(str(order["directory"]))
    log: collections.deque[str] = collections.deque(maxlen=LOG_LINES)
    try:
        code = _run(order, directory, log)
    except OSError as error:
        code = 127
        log.append(str(error))
    clear_away(directory)
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps({"code": code, "log": [line[:LONGEST_LINE] for line in log]}))
        sys.stdout.flush()


def _ignore_the_terminal() -> None:
    """An interrupt meant for the notebook is not meant for the server."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _run(order: dict[str, Any], directory: Path, log: collections.deque[str]) -> int:
    server = subprocess.Popen(
        order["command"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        env=order["environment"],
        umask=0o077,
        text=True,
        errors="replace",
        **order["account"],
    )
    signal.signal(signal.SIGTERM, lambda *_: _stop(server))
    threading.Thread(target=_stop_when_unwanted, args=(server,), daemon=True).start()
    listener = threading.Thread(target=log.extend, args=(map(str.rstrip, server.stderr or ()),), daemon=True)
    listener.start()
    code: int = server.wait()
    _kill(_processes_in(directory / DATA))
    listener.join(timeout=1.0)
    return code


def _stop_when_unwanted(server: subprocess.Popen[str]) -> None:
    sys.stdin.buffer.read()
    _stop(server)


def _stop(server: subprocess.Popen[str]) -> None:
    """End the server at once: its data are not wanted any more, so it need not write them."""
    with contextlib.suppress(ProcessLookupError):
        server.send_signal(signal.SIGQUIT)
    killer = threading.Timer(STOP_TIMEOUT_S, server.kill)
    killer.daemon = True
    killer.start()


def clear_away(directory: Path) -> None:
    """Stop whatever still runs in a server's directory and remove the directory; missing is fine."""
    _kill(_processes_in(directory / DATA) or _postmaster_of(directory / DATA))
    _release_shared_memory(directory / DATA)
    _remove(directory)


def _processes_in(data: Path) -> list[int]:
    """The processes that work in a data directory: the postmaster and its children do, and nobody else."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str((entry / "cwd").readlink()).removesuffix(" (deleted)") == str(data):
                found.append(int(entry.name))
    return found


def _postmaster_of(data: Path) -> list[int]:
    """The postmaster that a lock file names, where there is no /proc; its command line must name the directory."""
    pid = next(iter(_lock_file(data)), "")
    if Path("/proc/self/cwd").exists() or not pid.isdigit():
        return []
    command = subprocess.run(["ps", "-ww", "-o", "args=", "-p", pid], capture_output=True, text=True, check=False)
    return [int(pid)] if str(data) in command.stdout else []


def _lock_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(errors="replace").splitlines()
    except OSError:
        return []


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while any(map(runs, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)


def runs(pid: int) -> bool:
    """Return whether a process runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except OSError:
        return not Path("/proc/self").exists()


def _release_shared_memory(data: Path) -> None:
    """Remove the System V segment that a killed server leaves: some 56 bytes that guard its data directory.

    The lock file's seventh line holds the segment's key and number (miscadmin.h, LOCK_FILE_LINE_SHMEM_KEY);
    it is removed only while the system's table shows the same key, and nobody attached.
    """
    lines = _lock_file(data)
    key_and_number = lines[6].split() if len(lines) > 6 else []
    if len(key_and_number) == 2 and _is_abandoned(*key_and_number):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmctl(int(key_and_number[1]), _IPC_RMID, None)


def _is_abandoned(key: str, number: str) -> bool:
    try:
        table = Path("/proc/sysvipc/shm").read_text().splitlines()
    except OSError:
        return False
    rows = (dict(zip(table[0].split(), line.split(), strict=False)) for line in table[1:])
    return any((row["key"], row["shmid"], row["nattch"]) == (key, number, "0") for row in rows)


def _remove(directory: Path) -> None:
    """Remove a directory of planroom's own, even if its modes were changed meanwhile."""
    if not directory.exists():
        return
    with contextlib.suppress(OSError):
        for folder, _, _ in os.walk(directory, onerror=None):
            Path(folder).chmod(0o700)
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
