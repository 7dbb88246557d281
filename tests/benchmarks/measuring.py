"""Runs a contestant in processes of its own and reads the kernel's account of each.

CPU time is user and system time together, of the process and of the children that it has waited for. The largest
resident set counts from the moment of the fork, so this process stays small: it never imports what it measures.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tests.benchmarks.base import Runtime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.benchmarks.base import Contestant
    from tests.benchmarks.peers import Peers

__all__ = ["PROGRAMS", "Measured", "Result", "Stopped", "Unmeasured", "measure"]

PROGRAMS = Path(__file__).parent / "programs"
PATIENCE_S = 15.0
"""No further run is begun when those of a contestant have taken this long."""
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, kilobytes elsewhere


@dataclass(frozen=True)
class Measured:
    """Medians over the runs.

    Attributes:
        cpu_s: CPU time of the call alone, in seconds.
        wall_s: Wall time of the call alone.
        process_cpu_s: CPU time of the whole process: start, imports, preparation, call and end.
        rss_bytes: The process's largest resident set.
        runs: How many runs were counted.
        outcome: What came out, in words; shows that the work was done.
    """

    cpu_s: float
    wall_s: float
    process_cpu_s: float
    rss_bytes: int
    runs: int
    outcome: str


@dataclass(frozen=True)
class Stopped:
    """It was not ready in time."""

    cpu_s: float
    timeout_s: float


@dataclass(frozen=True)
class Unmeasured:
    """There is no figure, and this is why.

    Attributes:
        reason: The last line of what went wrong.
        crashed: planroom's own program failed; a peer that is missing or refuses the input is no crash.
    """

    reason: str
    crashed: bool = False


Result = Measured | Stopped | Unmeasured


@dataclass(frozen=True)
class _Run:
    """One finished process: the kernel's account, and what the program told."""

    status: int
    process_cpu_s: float
    rss_bytes: int
    told: dict[str, Any]
    complaint: str
    late: bool


def measure(contestants: Sequence[Contestant], peers: Peers) -> dict[str, Result]:
    """Run contestants in turn, several times over, and return by name the medians, or why there are none.

    In turn, so that whatever else the machine does meanwhile falls on all of them. The first run of each is not counted
    unless it took so long that there is no other: it compiles Python's bytecode and brings the files into memory.
    """
    entries = [_Entry(each, _command(each, peers)) for each in contestants]
    while waiting := [entry for entry in entries if entry.goes_on]:
        for entry in waiting:
            entry.run(peers.environment_variables)
    return {entry.contestant.name: entry.result for entry in entries}


class _Entry:
    """One contestant and its runs so far."""

    def __init__(self, contestant: Contestant, command: list[str] | Unmeasured) -> None:
        self.contestant = contestant
        self._command = command
        self._runs: list[_Run] = []
        self._taken_s = 0.0
        self._ended: Result | None = command if isinstance(command, Unmeasured) else None

    @property
    def goes_on(self) -> bool:
        """Whether another run is wanted."""
        return self._ended is None and len(self._runs) <= self.contestant.most_runs and self._taken_s < PATIENCE_S

    def run(self, variables: Mapping[str, str]) -> None:
        """Run it once more."""
        begun = time.monotonic()
        run = _run(self._command, variables, self.contestant.timeout_s)
        self._taken_s += time.monotonic() - begun
        self._runs.append(run)
        if run.late:
            self._ended = Stopped(run.process_cpu_s, self.contestant.timeout_s)
        elif run.status != 0 or not run.told:
            self._ended = Unmeasured(run.complaint, crashed=self.contestant.runtime is Runtime.PLANROOM)

    @property
    def result(self) -> Result:
        """What came of it."""
        return self._ended or _medians(self._runs[1:] or self._runs)


def _command(contestant: Contestant, peers: Peers) -> list[str] | Unmeasured:
    program = str(PROGRAMS / contestant.program)
    child = str(PROGRAMS / "_child.py")
    if contestant.runtime is Runtime.PLANROOM:
        return [sys.executable, child, program, *contestant.arguments]
    if contestant.runtime is Runtime.PEERS:
        found = peers.python
        return found if isinstance(found, Unmeasured) else [found, child, program, *contestant.arguments]
    modules = peers.node_modules
    return modules if isinstance(modules, Unmeasured) else ["node", program, modules, *contestant.arguments]


def _run(command: Sequence[str], variables: Mapping[str, str], timeout_s: float) -> _Run:
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=variables, start_new_session=True)
        late = threading.Event()
        alarm = threading.Timer(timeout_s, _kill, [process.pid, late])
        alarm.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _kill(process.pid, late)
            raise
        finally:
            alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return _Run(
            status=process.returncode,
            process_cpu_s=usage.ru_utime + usage.ru_stime,
            rss_bytes=usage.ru_maxrss * _MAXRSS_UNIT,
            told=_told(_text(output)),
            complaint=_complaint(_text(errors), process.returncode),
            late=late.is_set(),
        )


def _kill(leader: int, late: threading.Event) -> None:
    """End a program and its children: it leads a session of its own."""
    late.set()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _told(output: str) -> dict[str, Any]:
    """The last line is the program's; a peer may have written others."""
    lines = output.strip().splitlines()
    return json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}


def _complaint(errors: str, status: int) -> str:
    lines = [line.strip() for line in errors.strip().splitlines() if line.strip()]
    return lines[-1] if lines else f"exit status {status}"


def _medians(runs: Sequence[_Run]) -> Measured:
    return Measured(
        cpu_s=statistics.median(run.told["cpu_s"] for run in runs),
        wall_s=statistics.median(run.told["wall_s"] for run in runs),
        process_cpu_s=statistics.median(run.process_cpu_s for run in runs),
        rss_bytes=round(statistics.median(run.rss_bytes for run in runs)),
        runs=len(runs),
        outcome=runs[-1].told["outcome"],
    )
