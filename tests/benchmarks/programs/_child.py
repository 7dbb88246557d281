"""Runs one program in this process and tells what its call cost: ``_child.py PROGRAM ARGUMENT...``.

A program defines ``work(prepared)``, which is measured and returns what came out in words, and may define
``prepare(*arguments)``, which is not. Nothing is imported before the call that the program could be measured for.
"""

from __future__ import annotations

import os
import resource
import sys
import time


def cpu_s() -> float:
    """User and system time of this process and of the children that it has waited for."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main(path: str, arguments: list[str]) -> None:
    """Prepare, call and tell."""
    program: dict = {"__name__": "program", "__file__": path}
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  (pathlib would be imported for what is measured)
        exec(compile(file.read(), path, "exec"), program)
    prepared = program["prepare"](*arguments) if "prepare" in program else arguments
    wall, cpu = time.perf_counter(), cpu_s()
    outcome = program["work"](prepared)
    cpu, wall = cpu_s() - cpu, time.perf_counter() - wall
    import json

    told = json.dumps({"cpu_s": cpu, "wall_s": wall, "outcome": outcome})
    os.write(1, f"\n{told}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
