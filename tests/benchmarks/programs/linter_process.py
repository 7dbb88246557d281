"""Runs a linter's own command as a process: ``COMMAND MARK ARGUMENT...``; its start and its end count.

What comes out is counted by a mark that each finding has in its output. A ``*`` stands for the files that match.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def prepare(command, mark, *arguments):
    return [str(Path(sys.executable).parent / command), *_expanded(arguments)], mark.encode()


def _expanded(arguments):
    for argument in arguments:
        path = Path(argument)
        yield from map(str, sorted(path.parent.glob(path.name))) if "*" in argument else [argument]


def work(prepared):
    command, mark = prepared
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr.decode()[-200:])
    return f"{done.stdout.count(mark):,} findings"
