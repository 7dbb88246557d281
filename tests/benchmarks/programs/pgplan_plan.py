"""pgplan, a program in Go, analyses a plan in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def work(arguments):
    program = Path(sys.executable).parent / "pgplan"
    command = [str(program), "analyze", arguments[0], "--format", "json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return f"{len(json.loads(answer).get('findings') or ()):,} findings"
